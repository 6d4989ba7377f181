# shellcheck shell=bash disable=SC2034,SC2154  # names shared with the other parts
# Kernels of our own, since no Debian kernel has KASAN, lockdep or KUnit: User-Mode
# Linux, built from Debian's linux-source in trixie's root, with trixie's compiler.
# uml is trixie's Linux, with one CPU; smp is sid's: Linux 7 was the first whose
# UML has several.
#
# $cache/kernel/NAME.KEY/
#   image         what boots: a program
#   release       what uname -r says
#   modules/      what lies in /lib/modules/RELEASE
#   build/        what modules are built against; sees the source as /src
#
# KEY is a hash of all that went in.

readonly kernel_suite=trixie

is_kernel() {
	[[ $1 == uml || $1 == smp ]]
}

need_kernel() {
	is_kernel "$1" || die "'$1' is no kernel of ours: uml or smp"
}

# What --kernel and --variant change of the other options.
kernel_options() {
	if [[ ! $kernel ]]; then
		[[ ! $variant ]] || die "--variant wants --kernel: Debian's kernels have neither gcov nor KCOV"
		return 0
	fi
	need_kernel "$kernel"
	[[ ! $variant || $variant == gcov || $variant == kcov ]] || die "'$variant' is no variant: gcov or kcov"
	[[ ! $icount ]] || die "--icount counts what Debian's kernels do: no --kernel"
	[[ $suite == "$kernel_suite" && ! $guest_root ]] || die "--kernel comes with the root of $kernel_suite"
	[[ $kernel != uml || $smp -eq 1 ]] || die "uml has one CPU"
	mem=${mem:-512}
}

# The suite whose linux-source it is built from.
kernel_source() {
	case $1 in
	uml) echo "$kernel_suite" ;;
	smp) echo sid ;;
	esac
}

kernel_key() {
	{
		echo "$source_version $(source_key)"
		dpkg-query --admindir="$held_root/var/lib/dpkg" -W 'gcc-[0-9]*' binutils
		cat "$here/kernel/common.config" "$here/kernel/$1.config"
		declare -f kernel_inner kernel_config kernel_tidy
	} | sha256sum | cut -c1-12
}

# kernel_hold NAME: see that it is built, name it in $kernel_dir, and keep it
# and its source from being deleted for as long as this process and its children
# live. Sets $held_root, too.
kernel_hold() {
	local fd
	root_hold "$kernel_suite"
	source_need "$(kernel_source "$1")"
	source_hold
	kernel_dir=$cache/kernel/$1.$(kernel_key "$1")
	[[ -e $kernel_dir/image ]] ||
		locked "$cache/kernel/$1.lock" kernel_make "$1"
	exec {fd}<"$kernel_dir/release"
	flock -s "$fd"
}

kernel_binds() {
	kernel_binds=("$source_tree:/src:ro" "$kernel_dir/build:/kernel:ro")
}

vm_kernel() {
	[[ $# -eq 1 ]] || die "usage: vm kernel uml|smp"
	need_kernel "$1"
	need_root kernel "$1"
	kernel_hold "$1"
	echo "$kernel_dir"   # stdout: where it is
}

# A build that was interrupted goes on where it was.
kernel_make() {
	local name=$1 part=$kernel_dir.part log=$kernel_dir.log start=$SECONDS rc=0
	[[ ! -e $kernel_dir/image ]] || return 0   # made while we waited
	say "building the kernel $name of linux-source $source_version; log: $log"
	mkdir -p "$part/build"
	enter_background "$held_root" "$source_tree:/src:ro" \
		"$part/build:/kernel" "$part:/out" "$here/kernel:/config:ro" -- \
		bash -c "$(declare -f kernel_inner kernel_config kernel_tidy); kernel_inner \"\$@\"" \
		kernel "$name" </dev/null >"$log" 2>&1
	kernel_wait "$log" || rc=$?
	if [[ $rc -ne 0 ]]; then
		grep -E 'error:|\*\*\*|dropped' "$log" >&2 || tail -n 20 "$log" >&2
		die "no kernel $name; log: $log"
	fi
	mv -T "$part" "$kernel_dir"
	kernel_prune "$name"
	say "kernel $name: $(cat "$kernel_dir/release"), $((SECONDS - start)) s"
}

# Wait for the build; a line a minute says how far it is.
kernel_wait() {
	local log=$1 start=$SECONDS first='' rc
	until [[ $first == "$entered" ]]; do
		setpriv --pdeathsig KILL sleep 60 &
		clock=$! rc=0
		wait -n -p first "$entered" "$clock" || rc=$?
		[[ $first == "$entered" ]] ||
			say "$(grep -cE '^  (CC|AS|HOSTCC) ' "$log") files in $(((SECONDS - start) / 60)) min"
	done
	guest_kill
	return "$rc"
}

kernel_inner() {
	local name=$1 make
	set -e
	make="make -j$(nproc) -C /src O=/kernel ARCH=um"
	kernel_config "$make" /config/common.config "/config/$name.config"
	$make linux modules
	cp /kernel/linux /out/image
	rm -rf /out/modules /out/mod
	$make INSTALL_MOD_PATH=/out/mod modules_install
	mv /out/mod/lib/modules/* /out/modules
	rm -rf /out/mod /out/modules/{build,source}
	$make -s kernelrelease >/out/release
	kernel_tidy /kernel
}

# kernel_config MAKE FRAGMENT…: kconfig drops without a word what it cannot give,
# so look what became of every line.
kernel_config() {
	local make=$1 name value have dropped=
	shift
	$make alldefconfig
	cd /kernel || return
	/src/scripts/kconfig/merge_config.sh -m -Q .config "$@"
	$make olddefconfig
	while IFS='=' read -r name value; do
		have=$(sed -n "s/^$name=//p" .config)
		if [[ ${have:-n} != "$value" ]]; then
			echo "dropped: $name=$value became ${have:-n}"
			dropped=1
		fi
	done < <(grep -h '^CONFIG_' "$@")
	[[ ! $dropped ]]
}

# What a module's build doesn't look at makes nine tenths of the directory.
kernel_tidy() {
	find "$1" -path "$1/scripts" -prune -o -path "$1/tools" -prune -o -type f \
		\( -name '*.o' -o -name '*.a' -o -name '*.ko' -o -name '.*.cmd' -o -name '*.mod' \
		-o -name '*.mod.c' -o -name '*.gcno' -o -name 'vmlinux*' -o -name 'linux' \
		-o -name '.tmp_*' -o -name 'bzImage' \) ! -name module.lds -exec rm -f {} +
}

# The newest two of each stay, but for one that is in use.
kernel_prune() {
	local dir
	rm -rf --one-file-system "$cache/kernel/$1".*.part
	# shellcheck disable=SC2012  # the names are our own
	ls -dt "$cache/kernel/$1".*/ | tail -n +3 | while read -r dir; do
		flock -n "$dir/release" true || continue
		rm -rf --one-file-system "${dir%/}" "${dir%/}.log"
	done
}
