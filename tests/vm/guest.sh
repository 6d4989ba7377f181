# shellcheck shell=bash disable=SC2034,SC2154  # names shared with the other parts
# One VM: its private directory on the host, and the QEMU command line.
#
# $vm_dir/share/run   what guest/main reads: main, cmd, settings
# $vm_dir/share/vseg  the tree
# $vm_dir/state       what comes back: kmsg, status, out.tar; QEMU's own words
#
# Inside the namespace that QEMU runs in, /share holds all that the guest sees
# and /state the rest.

suite=$DEFAULT_SUITE smp=1 mem='' append='' icount='' out=''
kernel='' variant='' kernel_dir=''
vm_dir='' entered='' clock=''
guest_root='' guest_kver=''   # a root of somebody's own, and its kernel

# guest_prepare MODE CMD…: everything but the start. MODE is run or shell.
guest_prepare() {
	local guest_mode=$1
	shift
	root_hold "$QEMU_SUITE"
	qemu_root=$held_root
	if [[ ! $guest_root ]]; then
		root_hold "$suite"
		guest_root=$held_root
	fi

	vm_dir=$(mktemp -d "${TMPDIR:-/tmp}/vseg-vm.XXXXXX")
	scrap_on_exit "$vm_dir"
	trap 'guest_kill; scrap' EXIT
	mkdir -p "$vm_dir/share/run" "$vm_dir/share/out" "$vm_dir/state"
	[[ $kernel ]] || accel_choose
	if [[ $kernel ]]; then
		kernel_hold "$kernel"
	else
		need_initrd "$guest_root"
	fi
	if [[ $guest_kver ]]; then   # it holds what is to run
		tree_sync "$vm_dir/share/vseg"
	else
		tree_snapshot "$(tree_name)" "$vm_dir/share/vseg"
	fi

	cp "$here/guest/main" "$here/guest/nets" "$here/launch" "$here/launch-uml" "$vm_dir/share/run/"
	printf '%q ' "$@" >"$vm_dir/share/run/cmd"
	{
		printf 'mode=%s out=%s machine=%s\n' "$guest_mode" "${icount:+port}" "${kernel:+uml}"
		printf 'term=%q rows=%q columns=%q\n' "${TERM:-dumb}" "${rows:-24}" "${columns:-80}"
	} >"$vm_dir/share/run/settings"
}

guest_kill() {
	local child
	for child in $entered $clock; do
		kill -KILL "$child" || :
		wait "$child" || :   # or bash says "Killed"
	done 2>/dev/null
	entered='' clock=''
}

# guest_wait SECONDS: until the VM ends ($vm_rc is QEMU's status), or its time
# is over ($timed_out is set).
guest_wait() {
	local first
	setpriv --pdeathsig KILL sleep "$1" &
	clock=$!
	timed_out='' vm_rc=0
	wait -n -p first "$entered" "$clock" 2>/dev/null || vm_rc=$?
	[[ $first != "$clock" ]] || timed_out=1
	guest_kill
}

# What QEMU sees of the host, as arguments of enter.
guest_binds() {
	binds=(
		"$guest_root:/share/root:ro"
		"$vm_dir/share/run:/share/run:ro"
		"$vm_dir/share/vseg:/share/vseg:ro"
		"${out:-$vm_dir/share/out}:/share/out"
		"$vm_dir/state:/state"
	)
	if [[ $kernel ]]; then
		binds+=("$kernel_dir:/share/kernel:ro")
	else
		binds+=("$(initrd_dir "$guest_root"):/boot-files:ro")
	fi
	mapfile -t -O "${#binds[@]}" binds < <(ynl_bind /share/ynl)
}

guest_qemu_args() {
	# no_timer_check: on a busy host an emulated timer may be late, and the
	# kernel would take it for broken.
	local args="console=ttyS0 net.ifnames=0 panic=-1 oops=panic no_timer_check"
	# A commit is recorded by the audit subsystem.
	args+=" audit=1"
	launch=()
	qemu=(
		-nodefaults -no-user-config -display none -no-reboot
		-smp "$smp" -m "${mem:=512}"
		-kernel "/share/root$(kernel_image "$guest_root")"
		-initrd "/boot-files/$(basename "$(initrd_of "$guest_root")")"
		-chardev "file,id=kmsg,path=/state/kmsg" -serial chardev:kmsg
		-device virtio-serial-pci
	)
	[[ $icount || $accel != kvm ]] || qemu+=(-cpu host)
	if [[ $icount ]]; then
		# One guest nanosecond is one instruction. virtiofs would let the
		# host's timing in; the debugging options cost instructions.
		args+=" sandbox=disk mitigations=off nokaslr"
		qemu+=(
			-machine pc -accel "tcg,thread=single" -icount "shift=0,sleep=off"
			-drive "file=/boot-files/root.ext4,format=raw,if=virtio,readonly=on"
			-drive "file=/state/tree.tar,format=raw,if=virtio,readonly=on"
		)
	else
		args+=" sandbox=virtiofs panic_on_warn=1"
		# On a busy host the kernel measures the TSC wrong by any factor, and
		# its clock, all time limits with it, then runs that much too fast.
		[[ $accel != tcg ]] || args+=" tsc=unstable"
		args+=" slub_debug=FZPU kfence.sample_interval=100"
		launch+=(--share)
		qemu+=(
			-machine "pc,memory-backend=mem" -accel "$accel"
			-object "memory-backend-memfd,id=mem,size=${mem}M,share=on"
			-chardev "socket,id=share,path=/run/share"
			-device "vhost-user-fs-pci,chardev=share,tag=share"
		)
	fi
	qemu+=(-append "$args $append")
}

# A port of the virtual serial device: what the guest writes, byte for byte.
guest_port() {
	qemu+=(
		-chardev "file,id=$1,path=$2"
		-device "virtserialport,chardev=$1,name=$1"
	)
}

guest_why_dead() {
	[[ $vm_rc -eq 0 || $timed_out ]] || say "the VM ended with status $vm_rc"
	[[ ! -s $vm_dir/state/qemu.log ]] || sed 's/^/vm: host: /' "$vm_dir/state/qemu.log" >&2
	printf 'vm: the end of the kernel log:\n' >&2
	tail -n 60 "$vm_dir/state/kmsg" 2>/dev/null | tr -d '\r' >&2
}
