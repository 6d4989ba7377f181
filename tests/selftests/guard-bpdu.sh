#!/bin/bash
# With spanning tree on, a guest's BPDU doesn't reach the bridge's own; with snooping, no query does.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

lab_up mcast_snooping 1
taps web0 web1
standard <<'END'
port bind web0 web
port bind web1 web
END
ip link set br0 type bridge stp_state 1 forward_delay 200 hello_time 100
root() {
	cat /sys/class/net/br0/bridge/root_id
}
own=$(root)
querier() {
	[[ $(bridge -d mdb show 2>/dev/null) == *'router ports on br0:'*web0* ]]
}
soon 20 file_is /sys/class/net/br0/brif/web0/state 3

expect web0 - stp : guard=guard-spanning-tree
is 'root bridge' "$(root)" "$own"
expect web0 - igmp : guard=guard-multicast-router
fails querier

# Without the guard the guest is root, and a router port.
works vsegctl policy set guard off
lab send web0 - igmp
soon 5 querier
lab send web0 - stp
other_root() {
	[[ $(root) != "$own" ]]
}
soon 5 other_root
