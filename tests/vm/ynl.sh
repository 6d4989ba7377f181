# shellcheck shell=bash disable=SC2034,SC2154  # names shared with the other parts
# Tools that live in the kernel's source and in no header package: the netlink
# command line and generator (YNL), checkpatch, kernel-doc, semantic patches.
# They come out of Debian's linux-source into $cache/ynl/VERSION; the link
# $cache/ynl/current names the newest, which guests see as /ynl.

readonly ynl_suite=trixie
ynl_files=(
	tools/net/ynl
	Documentation/netlink
	MAINTAINERS   # the generator climbs until it finds one
	include/uapi/linux
	tools/testing/kunit
	scripts/checkpatch.pl
	scripts/spelling.txt
	scripts/const_structs.checkpatch
	scripts/kernel-doc
	scripts/coccinelle
	.clang-format
)

ynl_link() {
	printf '%s\n' "$cache/ynl/current"
}

# Where guests and chroots see it, as an argument of enter; nothing before the
# first 'vm ynl'.
ynl_bind() {
	local dir
	dir=$(readlink -f "$(ynl_link)")
	[[ ! -d $dir ]] || printf '%s:%s:ro\n' "$dir" "$1"
}

vm_ynl() {
	local refresh=
	if [[ ${1:-} == --refresh ]]; then
		refresh=1
	fi
	if [[ $refresh || ! -e $(ynl_link) ]]; then
		need_root ynl ${refresh:+--refresh}
		need_deps
		locked "$cache/ynl.lock" ynl_fetch "$refresh"
	fi
	readlink -f "$(ynl_link)"   # stdout: where the files lie
}

ynl_fetch() {
	local new tarball version start=$SECONDS
	[[ $1 || ! -e $(ynl_link) ]] || return 0
	say "fetching linux-source from $ynl_suite (about 150 MB)"
	new=$cache/ynl/new
	rm -rf --one-file-system "$new"
	scrap_on_exit "$new"
	mkdir -p "$new/out"
	debstrap "$ynl_suite" "$new/deb" --variant=extract --include=linux-source ||
		die "cannot fetch linux-source"
	tarball=$(echo "$new"/deb/usr/src/linux-source-*.tar.xz)
	version=$(zcat "$new"/deb/usr/share/doc/linux-source-[0-9]*/changelog.Debian.gz |
		sed -n '1s/.*(\([^)]*\)).*/\1/p;q')
	[[ -e $tarball && $version ]] || die "linux-source isn't as expected"
	say "unpacking what is needed of $version"
	tar -C "$new/out" --strip-components=1 -xJf "$tarball" \
		"${ynl_files[@]/#/$(basename "$tarball" .tar.xz)/}" ||
		die "linux-source $version lacks some file"
	[[ -d $cache/ynl/$version ]] || mv "$new/out" "$cache/ynl/$version"
	rm -rf --one-file-system "$new"
	ln -sfnT "$version" "$(ynl_link)"
	say "kernel tools of $version, $((SECONDS - start)) s"
}
