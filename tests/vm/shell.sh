# shellcheck shell=bash disable=SC2034,SC2154  # names shared with the other parts
# vm shell: an interactive shell in a VM, on this terminal.

vm_shell() {
	local args=("$@") terminal
	smp=2 mem=1024
	while [[ $# -gt 0 ]]; do
		case $1 in
		--suite) suite=${2:?}; shift ;;
		--) shift; break ;;
		*) die "usage: vm shell [--suite S] [-- SETUPCMD…]" ;;
		esac
		shift
	done
	need_suite "$suite"
	[[ -t 0 && -t 1 ]] || die "shell: not on a terminal"
	need_root shell "${args[@]}"
	[[ $# -gt 0 ]] || set -- true
	read -r rows columns < <(stty size)
	terminal=$(stty -g)

	guest_prepare shell "$@"
	guest_binds
	guest_qemu_args
	qemu+=(
		-chardev "stdio,id=console,signal=off"
		-device "virtconsole,chardev=console"
	)
	say "booting; ctrl-d ends the VM"
	enter "$qemu_root" "${binds[@]}" -- /share/run/launch "${launch[@]}" "${qemu[@]}" || :
	stty "$terminal"
	kmsg_clean "$vm_dir/state/kmsg" || exit "$EXIT_LOG"
}
