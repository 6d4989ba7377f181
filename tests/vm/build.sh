# shellcheck shell=bash disable=SC2034,SC2154  # names shared with the other parts
# Building the module and the command with a suite's own compiler and headers.

vm_build() {
	local sparse=${SPARSE:-} in='' dir
	while [[ $# -gt 0 ]]; do
		case $1 in
		--sparse) sparse=1 ;;
		--kernel) kernel=${2:?}; shift ;;
		--variant) variant=${2:?}; shift ;;
		--in) in=$(readlink -e "${2:?}") || die "build: no directory $2"; shift ;;
		-*) die "usage: vm build [--sparse] [--kernel uml|smp [--variant gcov|kcov] | SUITE] [--in DIR]" ;;
		*) suite=$1 ;;
		esac
		shift
	done
	need_suite "$suite"
	variant=${variant:-${GCOV:+gcov}}
	variant=${variant:-${KCOV:+kcov}}
	kernel_options
	need_root build ${sparse:+--sparse} ${kernel:+--kernel "$kernel"} ${variant:+--variant "$variant"} ${in:+--in "$in"} "$suite"
	root_hold "$suite"
	[[ ! $kernel ]] || kernel_hold "$kernel"
	dir=${in:-$(tree_of "$(tree_name)")}
	locked "$dir.lock" build_locked "$dir" "$sparse" "${in:-}"
	echo "$dir"   # stdout: where vseg.ko and vsegctl lie
}

# What the module is built against, and how: sets $kdir and $kargs, and $kunit
# where the unit tests are built as well.  Debian's kernels have no KUnit, and
# that of smp is another one.
build_against() {
	kargs=() binds=() kunit=
	[[ $kernel != uml ]] || kunit=1
	if [[ ! $kernel ]]; then
		kdir=/lib/modules/$(kernel_of "$held_root")/build
		return
	fi
	kernel_binds
	binds=("${kernel_binds[@]}")
	kdir=/kernel
	# Without the kernel's debug information the module has its own.
	kargs=(ARCH=um KCFLAGS=-g)
	[[ $variant != gcov ]] || kargs+=(GCOV_PROFILE=y)
	[[ $variant != kcov ]] || kargs+=(KCOV_INSTRUMENT=y)
}

# build_locked DIR SPARSE [AS-IT-IS]
build_locked() {
	local dir=$1 sparse=$2 log=$1.log rc=0 start=$SECONDS
	build_against
	[[ ${3:-} ]] || build_bring "$dir"

	say "building for $(build_for)${sparse:+, with sparse}"
	enter "$held_root" "$dir:/build" "${binds[@]}" -- \
		bash -c "$(declare -f build_inner); build_inner \"\$@\"" build "$kdir" "$sparse" "$kunit" "${kargs[@]}" >"$log" 2>&1 || rc=$?
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

# The checkout as it is now, and no objects of another kernel or compiler.
build_bring() {
	local dir=$1 with="$held_root $kernel_dir"
	tree_sync "$dir"
	if [[ $(cat "$dir.root" 2>/dev/null) != "$with" ]]; then
		build_clean "$dir"
		echo "$with" >"$dir.root"
	fi
}

build_failed() {
	printf 'vm: %s\n' "$*" >&2
	exit 1
}

build_for() {
	if [[ $kernel ]]; then
		echo "$(cat "$kernel_dir/release")${variant:+ with $variant}"
	else
		kernel_of "$held_root"
	fi
}

# build_inner KDIR SPARSE KUNIT MAKE-ARGUMENTS…
build_inner() {
	local kdir=$1 sparse=$2 kunit=$3 jobs checker dir
	shift 3
	jobs=-j$(nproc)
	set -e
	# 7.x wants to know by a script whether sparse works, and turns it off
	# without; Debian's header packages leave that script out.
	checker=${kdir%/build}/source/scripts/checker-valid.sh
	[[ -e $checker || $kdir == /kernel ]] || install -m 0755 /dev/stdin "$checker" <<<$'#!/bin/sh\necho 1'
	for dir in kmod tests/kunit; do
		if [[ ! -e /build/$dir/Kbuild && ! -e /build/$dir/Makefile ]]; then
			echo "no $dir/Kbuild: no module"
			continue
		fi
		[[ $dir == kmod || $kunit ]] || continue
		make "$jobs" -C "$kdir" M="/build/$dir" W=1 \
			${sparse:+C=2 CF=-D__CHECK_ENDIAN__} "$@" modules
	done
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
	grep -i 'warning:' "$1" | grep -v -E '^(/usr/src/|/src/|\./|include/|arch/|warning: the compiler differs)'
}
