#!/bin/bash
# More changes of VLANs than the module's socket holds: none of them is missed.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/tools/trunk.sh
. "$tools/trunk.sh"

trunk_host many0

# What netlink sockets of the kernel's had no room for.
overruns() {
	awk '$2 == 0 { sum += $9 } END { print sum }' /proc/net/netlink
}
before=$(overruns)

# Thousands at one port, each with a message of its own, and right behind them
# the one that counts.
script <<'END'
from check import *
import struct
import rtnl
route = rtnl.Rtnl()


def change(port, vlans, kind=rtnl.RTM_SETLINK):
    route.seq += 1
    data = rtnl.header(rtnl.index_of(port), family=rtnl.AF_BRIDGE)
    data += attr(rtnl.IFLA_AF_SPEC, [
        attr(rtnl.IFLA_BRIDGE_VLAN_INFO, struct.pack("=HH", flags, vid))
        for vid, flags in vlans])
    return struct.pack("=IHHII", 16 + len(data), kind,
                       vsegnl.NLM_F_REQUEST | vsegnl.NLM_F_ACK, route.seq, 0) + data


untagged = rtnl.VLAN_PVID | rtnl.VLAN_UNTAGGED
route.sock.send(change("many0", [(vid, 0) for vid in range(100, 4000)]) +
                change("g0", [(10, 0)], rtnl.RTM_DELLINK) +
                change("g0", [(20, untagged)]))
equal("answers", route.answers(route.seq), [])
ok(True, "sent")
done()
END
holds "messages without room: $(overruns), $before before" "$(overruns) > $before"

# At once: dropped, for whatever reason, but never passed as VLAN 10.
lab send up0 g0 udp vlan=20
lab got g0
is "what a guest gets from a VLAN that may not reach it" "$R" ""
soon 10 vlan_is 20
lab fdb g0 20
expect up0 g0 udp vlan=20 : g0=default-deny
expect up0 g0 udp vlan=10 :
sums
