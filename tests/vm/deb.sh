# shellcheck shell=bash disable=SC2034,SC2154  # names shared with the other parts
# vm deb: the Debian packages, built in a suite's own root.

# The host's own suite, so that the packages fit it, where it is one of ours.
host_suite() {
	local codename
	# shellcheck source=/dev/null
	codename=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
	is_suite "$codename" || codename=$DEFAULT_SUITE
	echo "$codename"
}

vm_deb() {
	local args=("$@") suite='' dir='' log work
	while [[ $# -gt 0 ]]; do
		case $1 in
		--suite) suite=${2:?}; shift ;;
		-*) die "usage: vm deb [--suite S] [DIR]" ;;
		*) dir=$1 ;;
		esac
		shift
	done
	[[ $suite ]] || suite=$(host_suite)
	need_suite "$suite"
	need_root deb "${args[@]}"
	dir=${dir:-$cache/deb/$suite}
	log=$(tree_of "$suite").deb.log
	root_hold "$suite"

	work=$(mktemp -d "${TMPDIR:-/tmp}/vseg-deb.XXXXXX")
	scrap_on_exit "$work"
	mkdir "$work/out"
	tree_sync "$work/vseg"
	mkdir -p "$dir" "$(dirname "$log")"
	say "building the packages for $suite"
	# dpkg-buildpackage writes into the tree and beside it. Of build-essential,
	# which every package may use, the root lacks the C++ compiler: hence -I, -d.
	enter "$held_root" "$work/vseg:/vseg:ro" "$work/out:/out" -- \
		bash -c 'cp -r /vseg /tmp/vseg && cd /tmp/vseg &&
			dpkg-checkbuilddeps -I && DEB_BUILD_OPTIONS=noautodbgsym dpkg-buildpackage -d -us -uc -b && cp ../vseg*.* /out/' \
		>"$log" 2>&1 || {
		tail -n 40 "$log" >&2
		build_failed "the packages don't build; log: $log"
	}
	rm -f "$dir"/vseg{-dkms,ctl,ctl-dbgsym}_*.deb
	cp "$work"/out/*.deb "$dir/"
	give_back "$dir"
	ls "$dir"/vseg-dkms_*.deb "$dir"/vsegctl_*.deb   # stdout: where they are
}
