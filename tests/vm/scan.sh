# shellcheck shell=bash disable=SC2034,SC2154  # names shared with the other parts
# Trouble in a kernel log, by the kernel's own words for it.

trouble=(
	'WARNING:' 'BUG[: ]' 'Oops' 'Kernel panic' 'kernel BUG at'
	'general protection' '[Uu]nable to handle' 'divide error' 'invalid opcode'
	'KASAN' 'KFENCE:' 'KCSAN' 'UBSAN' 'kmemleak'
	'possible recursive locking' 'possible circular locking' 'circular locking'
	'suspicious RCU usage' 'inconsistent lock state' 'bad unlock balance'
	'sleeping function called' 'scheduling while atomic' 'DEBUG_LOCKS_WARN'
	'INFO: task .* blocked' 'INFO: rcu' 'rcu: INFO' 'self-detected stall'
	'soft lockup' 'hard LOCKUP'
	'Redzone' 'Poison overwritten' 'Object already free' 'Object padding overwritten'
	'Objects remaining' 'kmem_cache_destroy' 'Slab cache still has objects'
	'refcount_t' 'percpu ref' 'ODEBUG:' 'list_(add|del) corruption'
	'unregister_netdevice: waiting for' 'leaked'
	'Out of memory' 'page allocation failure' 'segfault at'
	'Tainted: .*[BDLW]' 'Call Trace:' 'sandbox:'
)

# Said at boot on some machines, not by anything under test.
harmless='(Spectre|RETBleed|MDS CPU bug|TAA CPU bug|MMIO Stale Data|SRBDS|unprivileged eBPF)|KFENCE: initialized|kmemleak: (Kernel memory leak detector|Automatic memory scanning|[0-9]+ new suspected)'

# kmsg_clean FILE: print the trouble in it; true when there is none.  Up to its
# first process a kernel has nothing of what is tested.
kmsg_clean() {
	local pattern found first
	pattern=$(IFS='|'; echo "${trouble[*]}")
	# Most logs have none, and there are many of them.
	grep -a -q -E -- "$pattern" "$1" || return 0
	first=$(grep -a -n -m 1 ' Run [^ ]* as init process' "$1" | cut -d: -f1)
	found=$(tr -d '\r' <"$1" | sed "${first:+1,${first}s/.*//}" | grep -a -n -E -A 30 -- "$pattern" | awk -v ok="$harmless" -v bad="$pattern" '
		# Context only after a line that is trouble itself.
		/^--$/ { show = 0; next }
		$0 ~ /^[0-9]+:/ && $0 !~ ok { show = 12 }
		show-- > 0' | head -n 200)
	[[ $found ]] || return 0
	printf '%s\n' "$found" >&2
	return 1
}

vm_scan() {
	[[ $# -eq 1 && -r $1 ]] || die "usage: vm scan KMSGFILE"
	kmsg_clean "$1" || exit "$EXIT_LOG"
	say "nothing wrong in $1"
}
