# shellcheck shell=bash disable=SC2034,SC2154  # names shared with the other parts
# vm run: one command in one VM, or in User-Mode Linux.

vm_run() {
	local timeout=600 kmsg='' scan=1 with='' status reader args=("$@")
	while [[ $# -gt 0 ]]; do
		case $1 in
		--suite) suite=${2:?}; shift ;;
		--root) guest_root=$(readlink -e "${2:?}") || die "run: no directory $2"; shift ;;
		--kver) guest_kver=${2:?}; shift ;;
		--kernel) kernel=${2:?}; shift ;;
		--variant) variant=${2:?}; shift ;;
		--smp) smp=${2:?}; shift ;;
		--mem) mem=${2:?}; shift ;;
		--timeout) timeout=${2:?}; shift ;;
		--append) append=${2?}; shift ;;
		--out) out=${2:?}; shift ;;
		--kmsg) kmsg=${2:?}; shift ;;
		--with) with=${2:?}; shift ;;
		--icount) icount=1 ;;
		--no-scan) scan= ;;
		--quiet) quiet=1 ;;
		--) shift; break ;;
		*) die "run: unknown option '$1' (is '--' before the command missing?)" ;;
		esac
		shift
	done
	[[ $# -gt 0 ]] || die "run: no command"
	need_suite "$suite"
	[[ ${guest_root:+1} == "${guest_kver:+1}" ]] || die "run: --root wants --kver, and --kver wants --root"
	kernel_options
	[[ ! $icount || $smp -eq 1 ]] || die "run: --icount counts one CPU: no --smp"
	need_root run "${args[@]}"
	[[ ! $out ]] || { mkdir -p "$out"; out=$(readlink -f "$out"); }

	guest_prepare run "$@"
	guest_binds
	exec 3> >(exec cat)
	reader=$!
	if [[ $kernel ]]; then
		uml_start
	else
		run_qemu
	fi
	exec 3>&-
	guest_wait "$timeout"
	wait "$reader" || :   # the last of the output

	[[ ! $kmsg ]] || run_keep_log "$kmsg"
	[[ ! $icount || ! -s $vm_dir/state/out.tar || ! $out ]] || tar -C "$out" -xf "$vm_dir/state/out.tar"
	[[ ! $out ]] || give_back "$out"

	status=$(cat "$vm_dir/state/status" 2>/dev/null || :)
	if [[ ! $status ]]; then
		guest_why_dead
		if [[ $timed_out ]]; then
			printf 'vm: the VM did not finish within %s s\n' "$timeout" >&2
		else
			printf 'vm: the VM died before its command ended\n' >&2
		fi
		exit "$EXIT_VM"
	fi
	if [[ $scan ]] && ! kmsg_clean "$vm_dir/state/kmsg"; then
		printf 'vm: trouble in the kernel log (the command itself returned %s)\n' "$status" >&2
		exit "$EXIT_LOG"
	fi
	exit "$status"
}

run_qemu() {
	guest_qemu_args
	guest_port output /dev/fd/3
	guest_port status /state/status
	# shellcheck disable=SC1090
	[[ ! $with ]] || . "$with"
	if [[ $icount ]]; then
		guest_port out /state/out.tar
		icount_disks
	fi
	enter_background "$qemu_root" "${binds[@]}" -- \
		/share/run/launch "${launch[@]}" "${qemu[@]}" </dev/null >"$vm_dir/state/qemu.log" 2>&1
}

run_keep_log() {
	tr -d '\r' <"$vm_dir/state/kmsg" >"$1" || say "cannot write $1"
	give_back "$1"
}

# For --icount: the root and the tree as disks. The root's image is made once.
icount_disks() {
	local boot image
	boot=$(initrd_dir "$guest_root")
	image=$boot/root.ext4
	[[ -e $image ]] || locked "$boot.lock" icount_root_image "$image"
	tar -C "$vm_dir/share" -cf "$vm_dir/state/tree.tar" run vseg
	truncate -s %512 "$vm_dir/state/tree.tar"
}

icount_root_image() {
	local image=$1 megabytes
	[[ ! -e $image ]] || return 0
	say "making a disk image of the root"
	megabytes=$(du -sm "$guest_root" | cut -f1)
	rm -f "$image.new"
	enter "$guest_root" "$guest_root:/in:ro" "$(dirname "$image"):/out" -- \
		mke2fs -q -t ext4 -O ^has_journal -d /in "/out/$(basename "$image").new" "$((megabytes * 5 / 4 + 200))M" >&2 ||
		die "mke2fs failed"
	mv "$image.new" "$image"
}
