# shellcheck shell=bash disable=SC2034,SC2154  # names shared with the other parts
# A suite's root: an unpacked Debian in $cache/root/SUITE.KEY.TIME. KEY is a
# hash of what it was made from, so a changed package list makes a new root.

packages_of() {
	awk -v suite="$1" '!/^#/ && NF && (NF == 1 || $2 == suite) { print $1 }' "$here/packages"
}

root_key() {
	{ packages_of "$1"; declare -f root_make debstrap; } | sha256sum | cut -c1-12
}

# root_of SUITE: the newest root that fits this tree; nothing if there is none.
root_of() {
	local dirs
	shopt -s nullglob
	dirs=("$cache/root/$1.$(root_key "$1")".*)
	shopt -u nullglob
	[[ ${#dirs[@]} -eq 0 ]] || printf '%s\n' "${dirs[-1]}"
}

# root_hold SUITE: make sure of the root, name it in $held_root, and keep it
# from being deleted for as long as this process and its children live.
root_hold() {
	local fd
	[[ $(root_of "$1") ]] || vm_root "$1" >/dev/null
	held_root=$(root_of "$1")
	exec {fd}<"$held_root/etc/debian_version"
	flock -s "$fd"
}

# A suite's root holds one kernel; a root of somebody's own may hold more.
kernel_of() {
	if [[ $guest_kver && $1 == "$guest_root" ]]; then
		echo "$guest_kver"
	else
		basename "$1"/usr/lib/modules/*
	fi
}

# The kernel's image, as a path inside the root.
kernel_image() {
	local kver file
	kver=$(kernel_of "$1")
	for file in "/boot/vmlinuz-$kver" "/usr/lib/modules/$kver/vmlinuz"; do
		[[ ! -e $1$file ]] || { echo "$file"; return; }
	done
	die "no kernel image in $1"
}

vm_root() {
	local refresh=
	if [[ ${1:-} == --refresh ]]; then
		refresh=1
		shift
	fi
	[[ $# -eq 1 ]] || die "usage: vm root [--refresh] SUITE"
	need_suite "$1"
	if [[ $refresh || ! $(root_of "$1") ]]; then
		need_root root ${refresh:+--refresh} "$1"
		need_deps
		locked "$cache/root/$1.lock" root_make "$1" "$refresh"
	fi
	root_of "$1"   # stdout: where it is
}

root_make() {
	local suite=$1 refresh=$2 name new start=$SECONDS
	[[ $refresh || ! $(root_of "$suite") ]] || return 0   # made while we waited
	name=$suite.$(root_key "$suite").$(date +%s)
	new=$cache/root/new.$suite
	say "making the root of $suite in $cache/root/$name"
	rm -rf --one-file-system "$new"
	scrap_on_exit "$new"
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
		die "mmdebstrap failed: no root of $suite"
	mv -T "$new" "$cache/root/$name"
	root_prune "$suite"
	say "root of $suite: Linux $(kernel_of "$cache/root/$name"), $((SECONDS - start)) s"
}

# Two roots a suite stay (switching branches may switch package lists); older
# ones go, unless a VM still runs from them.
root_prune() {
	local dir
	# shellcheck disable=SC2012  # the names are our own
	ls -dt "$cache/root/$1".*.* | tail -n +3 | while read -r dir; do
		flock -n "$dir/etc/debian_version" true || continue
		rm -rf --one-file-system "$dir" "${cache:?}/boot/$(basename "$dir")"{,.lock}
	done
}
