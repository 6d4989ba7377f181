# shellcheck shell=bash disable=SC2034,SC2154  # names shared with the other parts
# A suite's root: an unpacked Debian in $cache/root/SUITE.KEY.TIME, with the
# link $cache/root/SUITE naming the one in use. KEY is a hash of what it was
# made from, so a changed package list makes a new root.

packages_of() {
	awk -v suite="$1" '!/^#/ && NF && (NF == 1 || $2 == suite) { print $1 }' "$here/packages"
}

root_key() {
	{ packages_of "$1"; declare -f root_make debstrap; } | sha256sum | cut -c1-12
}

root_of() {
	printf '%s\n' "$cache/root/$1"
}

# root_hold SUITE: name the root's real directory in $held_root, and keep
# 'vm root' from deleting it for as long as this process and its children live.
root_hold() {
	local fd
	held_root=$(readlink -f "$(root_of "$1")")
	exec {fd}<"$held_root/etc/debian_version"
	flock -s "$fd"
}

kernel_of() {
	basename "$1"/usr/lib/modules/*
}

root_current() {
	[[ $(readlink "$(root_of "$1")" 2>/dev/null) == "$1.$(root_key "$1")."* ]]
}

need_root_of() {
	root_current "$1" || vm_root "$1"
}

vm_root() {
	local refresh=
	if [[ ${1:-} == --refresh ]]; then
		refresh=1
		shift
	fi
	[[ $# -eq 1 ]] || die "usage: vm root [--refresh] SUITE"
	need_suite "$1"
	[[ $refresh ]] || ! root_current "$1" || return 0
	need_root root ${refresh:+--refresh} "$1"
	need_deps
	locked "$cache/root/$1.lock" root_make "$1" "$refresh"
}

root_make() {
	local suite=$1 refresh=$2 name new start=$SECONDS
	[[ $refresh ]] || ! root_current "$suite" || return 0   # made while we waited
	name=$suite.$(root_key "$suite").$(date +%s)
	new=$cache/root/new.$suite
	say "making the root of $suite in $cache/root/$name"
	rm -rf --one-file-system "$new"
	# Documentation is dead weight here, and Debian's initramfs is never booted:
	# leaving its hook out saves half a minute.
	# shellcheck disable=SC2016
	debstrap "$suite" "$new" --variant=minbase \
		--include="$(packages_of "$suite" | paste -sd,)" \
		--dpkgopt='path-exclude=/usr/share/doc/*' \
		--dpkgopt='path-exclude=/usr/share/man/*' \
		--dpkgopt='path-exclude=/usr/share/locale/*' \
		--dpkgopt='path-exclude=/etc/kernel/postinst.d/initramfs-tools' \
		--customize-hook='cd "$1" && echo vseg >etc/hostname && printf "127.0.0.1 localhost vseg\n::1 localhost\n" >etc/hosts' ||
		{ rm -rf --one-file-system "$new"; die "mmdebstrap failed: no root for $suite"; }
	mv -T "$new" "$cache/root/$name"
	ln -sfnT "$name" "$cache/root/$suite.link"
	mv -T "$cache/root/$suite.link" "$cache/root/$suite"
	root_prune "$suite" "$name"
	say "root of $suite: Linux $(kernel_of "$cache/root/$name"), $((SECONDS - start)) s"
}

# Superseded roots go, unless a VM still runs from one.
root_prune() {
	local dir
	for dir in "$cache/root/$1".*.*; do
		[[ -d $dir && $(basename "$dir") != "$2" ]] || continue
		flock -n "$dir/etc/debian_version" true || continue
		rm -rf --one-file-system "$dir" "${cache:?}/boot/$(basename "$dir")"
	done
}
