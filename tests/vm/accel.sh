# shellcheck shell=bash disable=SC2034,SC2154  # names shared with the other parts
# KVM where it works, TCG elsewhere. That /dev/kvm opens proves nothing: on some
# hosts a guest hangs at its first instruction. So boot one, with a time limit,
# and remember the answer for this kernel of this host.

readonly probe_seconds=20

# accel_choose: set $accel. Wants $qemu_root and $vm_dir.
accel_choose() {
	local answer
	accel=${VSEG_ACCEL:-}
	case $accel in
	kvm | tcg) return ;;
	'') ;;
	*) die "VSEG_ACCEL is kvm or tcg, not '$accel'" ;;
	esac
	accel=tcg
	[[ -w /dev/kvm ]] || return 0
	answer=$cache/accel.$(uname -n).$(uname -r)
	[[ -s $answer ]] || locked "$answer.lock" accel_probe "$answer"
	accel=$(cat "$answer")
}

accel_probe() {
	local answer=$1 found=tcg
	[[ ! -s $answer ]] || return 0
	say "finding out whether KVM runs guests here (at most $probe_seconds s)"
	need_initrd "$qemu_root"
	enter_background "$qemu_root" "$vm_dir/state:/state" "$(initrd_dir "$qemu_root"):/boot-files:ro" -- \
		qemu-system-x86_64 -nodefaults -no-user-config -display none -no-reboot \
		-machine pc -accel kvm -cpu host -m 256 \
		-kernel "$(kernel_image "$qemu_root")" \
		-initrd "/boot-files/$(basename "$(initrd_of "$qemu_root")")" \
		-append "console=ttyS0 panic=-1 sandbox=probe" \
		-chardev "file,id=kmsg,path=/state/probe" -serial chardev:kmsg \
		</dev/null >/dev/null 2>&1
	guest_wait "$probe_seconds"
	if grep -q 'guest is alive' "$vm_dir/state/probe" 2>/dev/null; then
		found=kvm
	fi
	echo "$found" >"$answer"
	say "guests run under ${found^^} (remembered in $answer)"
}
