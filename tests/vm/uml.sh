# shellcheck shell=bash disable=SC2034,SC2154  # names shared with the other parts
# User-Mode Linux: a kernel that is a process of this host. It sees no file but
# those of its own namespace, and there only /guest; see launch-uml.

# The kernel writes its log to standard error, the command through the serial
# line to descriptor 3.  time-travel: when all inside wait, the clock goes on to
# what they wait for.  With several CPUs there is no such thing, and processes are
# watched by seccomp, not ptrace.
uml_start() {
	local uml how=(time-travel)
	[[ $kernel != smp ]] || how=("ncpus=$smp" seccomp=on)
	uml=(
		/share/kernel/image mem="${mem}M"
		root=/dev/root rootfstype=hostfs rootflags=/guest rw
		devtmpfs.mount=1 init=/share/run/main
		console=tty0 con=null "con0=null,fd:2" ssl=null "ssl0=null,fd:3"
		oops=panic panic_on_warn=1 "${how[@]}"
	)
	# shellcheck disable=SC2206  # words
	uml+=($append)
	enter_background "$guest_root" "${binds[@]}" -- \
		/share/run/launch-uml "${uml[@]}" </dev/null >"$vm_dir/state/uml.log" 2>"$vm_dir/state/kmsg"
}
