# shellcheck shell=bash disable=SC2034  # R is lib.sh's
# Connection tracking's table, in tests in the initial namespace: only there it
# can be given a size.
tracking=/proc/sys/net/netfilter
tracking_before=''

# table_of ENTRIES: as many fit.
table_of() {
	modprobe nf_conntrack
	[[ $tracking_before ]] || tracking_before=$(<"$tracking/nf_conntrack_max")
	echo "$1" >"$tracking/nf_conntrack_max"
	echo $(($1 / 4)) >/sys/module/nf_conntrack/parameters/hashsize
}

table_back() {
	[[ ! $tracking_before ]] || echo "$tracking_before" >"$tracking/nf_conntrack_max"
}

# entries: in the table, into R.
entries() {
	R=$(<"$tracking/nf_conntrack_count")
}

# lost COLUMN: what the table itself did to entries, summed over CPUs: early_drop
# for those that made room, drop for those that found none.
lost() {
	R=$(conntrack -S | grep -o "\<$1=[0-9]*" | cut -d= -f2 | paste -sd+ | bc)
}
