# shellcheck shell=bash disable=SC2034,SC2154  # names shared with the other parts
# Building the module and the command with a suite's own compiler and headers.

vm_build() {
	local suite=$DEFAULT_SUITE sparse=${SPARSE:-}
	while [[ $# -gt 0 ]]; do
		case $1 in
		--sparse) sparse=1 ;;
		-*) die "usage: vm build [--sparse] [SUITE]" ;;
		*) suite=$1 ;;
		esac
		shift
	done
	need_suite "$suite"
	need_root build ${sparse:+--sparse} "$suite"
	root_hold "$suite"
	locked "$(tree_of "$suite").lock" build_locked "$suite" "$sparse"
	tree_of "$suite"   # stdout: where vseg.ko and vsegctl lie
}

build_locked() {
	local suite=$1 sparse=$2 dir log kver rc=0 start=$SECONDS
	dir=$(tree_of "$suite")
	log=$dir.log
	kver=$(kernel_of "$held_root")
	tree_sync "$dir"
	# Objects of another kernel or compiler are no good.
	if [[ $(cat "$dir.root" 2>/dev/null) != "$held_root" ]]; then
		build_clean "$dir"
		echo "$held_root" >"$dir.root"
	fi

	say "building for $kver${sparse:+, with sparse}"
	enter "$held_root" "$dir:/build" -- \
		bash -c "$(declare -f build_inner); build_inner \"\$@\"" build "$kver" "$sparse" >"$log" 2>&1 || rc=$?
	if [[ $rc -ne 0 ]]; then
		tail -n 40 "$log" >&2
		build_failed "the build failed; log: $log"
	fi
	if build_warnings "$log" >&2; then
		# make wouldn't say it again for an object that is up to date.
		build_clean "$dir"
		build_failed "the build gave warnings; log: $log"
	fi
	say "built in $((SECONDS - start)) s; log: $log"
}

build_failed() {
	printf 'vm: %s\n' "$*" >&2
	exit 1
}

build_inner() {
	local kver=$1 sparse=$2 jobs checker
	jobs=-j$(nproc)
	set -e
	# 7.x wants to know by a script whether sparse works, and turns it off
	# without; Debian's header packages leave that script out.
	checker=/lib/modules/$kver/source/scripts/checker-valid.sh
	[[ -e $checker ]] || install -m 0755 /dev/stdin "$checker" <<<$'#!/bin/sh\necho 1'
	if [[ -e /build/kmod/Kbuild || -e /build/kmod/Makefile ]]; then
		make "$jobs" -C "/lib/modules/$kver/build" M=/build/kmod W=1 \
			${sparse:+C=2 CF=-D__CHECK_ENDIAN__} modules
	else
		echo "no kmod/Kbuild: no module"
	fi
	if [[ -e /build/tools/Makefile ]]; then
		make "$jobs" -C /build/tools
	else
		echo "no tools/Makefile: no command"
	fi
}

build_clean() {
	find "$1" \( -name '*.o' -o -name '*.ko' -o -name '.*.cmd' -o -name '*.mod*' \) -delete
	rm -f "$1/tools/vsegctl"
}

# Print the warnings of our own files; those of the kernel's headers aren't
# ours to mend, and a kernel built by the compiler's last point release is fine.
build_warnings() {
	grep -i 'warning:' "$1" | grep -v -E '^(/usr/src/|\./|include/|arch/|warning: the compiler differs)'
}
