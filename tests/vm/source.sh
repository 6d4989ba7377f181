# shellcheck shell=bash disable=SC2034,SC2154  # names shared with the other parts
# Linux as Debian ships it: the package linux-source of a suite, fetched once.
#
# $cache/source/SUITE/VERSION/linux-source-X.Y.tar.xz   what the tools come out of
# $cache/source/SUITE/VERSION/tree.KEY                  what kernels are built from,
#                                                       with the patches in kernel/
# $cache/source/SUITE/current -> VERSION

# Drivers that no kernel here is built with make half of the source. Only
# their Kconfig files are wanted.
source_leave_out=(
	drivers/{accel,gpu,infiniband,iio,media,mfd,scsi,staging,usb}
	drivers/net/{ethernet,wireless}
	sound
)

# source_need SUITE [REFRESH]: see that it is there; sets $source_home, $source_dir,
# $source_version.
source_need() {
	local link
	source_home=$cache/source/$1
	link=$source_home/current
	if [[ ${2:-} || ! -e $link ]]; then
		need_deps
		locked "$cache/source.lock" source_fetch "$1" "${2:-}"
	fi
	source_dir=$(readlink -f "$link")
	source_version=$(basename "$source_dir")
}

source_tarball() {
	echo "$source_dir"/linux-source-*.tar.xz
}

source_fetch() {
	local suite=$1 new=$source_home/new tarball version start=$SECONDS
	[[ $2 || ! -e $source_home/current ]] || return 0   # fetched while we waited
	say "fetching linux-source from $suite (about 150 MB)"
	rm -rf --one-file-system "$new"
	scrap_on_exit "$new"
	mkdir -p "$new/out"
	debstrap "$suite" "$new/deb" --variant=extract --include=linux-source ||
		die "cannot fetch linux-source"
	tarball=$(echo "$new"/deb/usr/src/linux-source-*.tar.xz)
	version=$(zcat "$new"/deb/usr/share/doc/linux-source-[0-9]*/changelog.Debian.gz |
		sed -n '1s/.*(\([^)]*\)).*/\1/p;q')
	[[ -e $tarball && $version ]] || die "linux-source isn't as expected"
	mv "$tarball" "$new/out/"
	[[ -d $source_home/$version ]] || mv "$new/out" "$source_home/$version"
	rm -rf --one-file-system "$new"
	ln -sfnT "$version" "$source_home/current"
	source_prune
	say "linux-source $version, $((SECONDS - start)) s"
}

# The newest two stay, as with roots.
source_prune() {
	local dir
	# shellcheck disable=SC2012  # the names are our own
	ls -dt "$source_home"/[0-9]* | tail -n +3 | while read -r dir; do
		flock -n "$dir" true || continue
		rm -rf --one-file-system "$dir"
	done
}

source_key() {
	{ declare -p source_leave_out; cat "$here"/kernel/*.patch; } | sha256sum | cut -c1-12
}

# source_hold: unpack what kernels are built from, name it in $source_tree, and
# keep it from being deleted for as long as this process and its children live.
source_hold() {
	local fd
	source_tree=$source_dir/tree.$(source_key)
	[[ -e $source_tree/Makefile ]] || locked "$cache/source.lock" source_unpack
	exec {fd}<"$source_dir"
	flock -s "$fd"
}

source_patch() {
	local file
	for file in /patches/*.patch; do
		patch -s -d /src -p1 <"$file" || return
	done
}

source_unpack() {
	local new=$source_dir/new name dir leave=() start=$SECONDS
	[[ ! -e $source_tree/Makefile ]] || return 0
	say "unpacking linux-source $source_version"
	name=$(basename "$(source_tarball)" .tar.xz)
	for dir in "${source_leave_out[@]}"; do
		leave+=("--exclude=$name/$dir/*."[chS])
	done
	rm -rf --one-file-system "$new"
	scrap_on_exit "$new"
	mkdir -p "$new"
	tar -C "$new" --strip-components=1 --wildcards "${leave[@]}" -xJf "$(source_tarball)" ||
		die "cannot unpack linux-source $source_version"
	# shellcheck disable=SC2016  # for the shell inside
	enter "$held_root" "$new:/src" "$here/kernel:/patches:ro" -- \
		bash -ec "$(declare -f source_patch); source_patch" >&2 ||
		die "the patches don't fit linux-source $source_version"
	flock -n "$source_dir" true && rm -rf --one-file-system "$source_dir"/tree*
	mv -T "$new" "$source_tree"
	say "unpacked in $((SECONDS - start)) s"
}
