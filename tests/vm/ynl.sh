# shellcheck shell=bash disable=SC2034,SC2154  # names shared with the other parts
# Tools that live in the kernel's source and in no header package: the netlink
# command line and generator (YNL), checkpatch, kernel-doc, semantic patches.
# They come out of trixie's linux-source into $cache/ynl/VERSION; the link
# $cache/ynl/current names the newest, which guests see as /ynl.

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
	local new name start=$SECONDS
	[[ $1 || ! -e $(ynl_link) ]] || return 0
	source_need trixie "$1"
	say "unpacking what is needed of $source_version"
	new=$cache/ynl/new
	rm -rf --one-file-system "$new"
	scrap_on_exit "$new"
	mkdir -p "$new"
	name=$(basename "$(source_tarball)" .tar.xz)
	tar -C "$new" --strip-components=1 -xJf "$(source_tarball)" "${ynl_files[@]/#/$name/}" ||
		die "linux-source $source_version lacks some file"
	[[ -d $cache/ynl/$source_version ]] || mv -T "$new" "$cache/ynl/$source_version"
	rm -rf --one-file-system "$new"
	ln -sfnT "$source_version" "$(ynl_link)"
	say "kernel tools of $source_version, $((SECONDS - start)) s"
}
