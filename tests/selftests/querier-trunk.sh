#!/bin/bash
# A trunk's queries pass in every form that routers send, not what is only like one; its BPDUs in none.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

lab_up mcast_snooping 0   # or the bridge judges them itself
taps up0 web0
policy <<'END'
bridge add br0
domain add uplink
domain add web
port bind up0 trunk default uplink
port bind web0 web
END

# passes KIND WORDS...: to the guest and to the host, as bridge control.
passes() {
	expect up0 - "$@" : web0=pass/bc host=pass/bc
}

# stops KIND WORDS...: like any other frame without a cell.
stops() {
	expect up0 - "$@" : web0=flood host=flood
}

# IGMP: general or of a group, of versions 1, 2 and 3, with sources or without.
passes igmp
passes igmp options=
passes igmp group=239.1.2.3
passes igmp sources=0
passes igmp group=239.1.2.3 sources=2
stops igmp igmptype=0x16
stops igmp group=239.1.2.3 dip=239.1.2.4
stops igmp group=239.1.2.3 dip=224.0.0.2
stops igmp sources=2 claim=1
stops igmp sources=2 claim=3
stops igmp sources=0 badsum=1
stops igmp options=94040000000000
stops igmp options=01010101
stops igmp options=9404000094040000
stops igmp frag=0x2000
expect up0 web0 igmp : web0=default-deny
expect up0 bcast igmp dip=239.1.2.3 : web0=flood host=flood

# MLD: general or of a group, of versions 1 and 2.
passes mld
passes mld group=ff02::1:ff00:1
passes mld sources=0
passes mld group=ff05::17 sources=3
stops mld mldtype=131
stops mld group=ff05::17 dip=ff05::18
stops mld sources=3 claim=2
stops mld sources=3 claim=4
stops mld badsum=1
stops mld sip=fd00::66
expect up0 bcast mld : web0=flood host=flood

# BPDUs are the bridge's own or nobody's, whatever kind of spanning tree.
stops stp
stops stp bpdu=0x80
stops stp bpdu=1
stops stp bpdu=2
stops stp bpdu=2 mst=0
stops stp bpdu=2 mst=5
stops stp bpdu=2 mst=5 claim=4
sums
