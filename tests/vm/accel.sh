# shellcheck shell=bash disable=SC2034,SC2154  # names shared with the other parts
# KVM where it works, TCG elsewhere. That /dev/kvm opens proves nothing: on some
# hosts a guest hangs at its first instruction. So boot one, with a time limit,
# and remember the answer for this kernel of this host.

readonly probe_seconds=20

guest_accel() {
	local answer
	case ${VSEG_ACCEL:-} in
	kvm | tcg) echo "$VSEG_ACCEL"; return ;;
	esac
	[[ -w /dev/kvm ]] || { echo tcg; return; }
	answer=$cache/accel.$(uname -n).$(uname -r)
	[[ -s $answer ]] || locked "$answer.lock" accel_probe "$answer"
	cat "$answer"
}

accel_probe() {
	local answer=$1 dir
	[[ ! -s $answer ]] || return 0
	say "finding out whether KVM works here (at most $probe_seconds s)"
	dir=$(mktemp -d "${TMPDIR:-/tmp}/vseg-vm.XXXXXX")
	timeout -s KILL "$probe_seconds" "$here/vm" probe "$dir" >/dev/null 2>&1 || :
	if grep -q 'guest is alive' "$dir/kmsg" 2>/dev/null; then
		echo kvm >"$answer"
	else
		echo tcg >"$answer"
	fi
	rm -rf "$dir"
	say "guests run under $(cat "$answer")"
}
