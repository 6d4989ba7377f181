#!/bin/bash
# What a deny rule looks for can't hide behind tags, SNAP, tunnels, fragments or a broken header.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/tools/fragments.sh
. "$tools/fragments.sh"

lab_up
ruled a0 b0 <<'END'
rule add web db deny protocol udp port 53
rule add web db allow any
END

expect a0 b0 udp dport=53 : b0=rule-deny
expect a0 b0 udp dport=54 : b0=pass
for tags in 0 10 0,10 ad.5 ad.5,q.10 q.0,q.0 0,0,0,0; do
	expect a0 b0 udp dport=53 vlan=$tags : b0=rule-deny
	expect a0 b0 udp6 dport=53 vlan=$tags : b0=rule-deny
	expect a0 b0 udp dport=54 vlan=$tags : b0=pass
done
# More tags than anybody looks behind.
expect a0 b0 udp dport=53 vlan=1,2,3,4,5,6 : b0=unparsed

# Around it: what is inside can't be told.
for how in pppoe=1 mpls=1; do
	expect a0 b0 udp dport=53 $how : b0=unparsed
	expect a0 b0 udp dport=54 $how : b0=unparsed
done
expect a0 b0 raw type=0x500 : b0=unparsed

# IPv6 with headers in front of it.
for chain in hbh dst hbh,dst hbh,route,dst frag; do
	expect a0 b0 udp6 dport=53 ext=$chain : b0=rule-deny
	expect a0 b0 udp6 dport=54 ext=$chain : b0=pass
done

# Cut short, or not what it says.
expect a0 b0 udp dport=53 cut=30 : b0=unparsed
expect a0 b0 udp dport=53 cut=36 : b0=unparsed
expect a0 b0 udp dport=53 etype=0x86dd : b0=unparsed

# Fragments: of a first one the port is known, of a later one not, until its
# first one came.
expect a0 b0 udp dport=53 id=2 frag=0x2000 : b0=rule-deny
expect a0 b0 udp dport=54 id=3 frag=0x2000 : b0=pass
expect a0 b0 udp dport=54 id=2 frag=0x0010 : b0=fragment
lab send a0 b0 udp dport=54 id=4 frag=0x0010
soon 5 dropped fragment 2
# Another protocol can't be meant.
expect a0 b0 udp proto=47 frag=0x0010 : b0=pass
# A rule before may let them pass, or drop them.
works vsegctl rule add web db index 0 deny fragment later
expect a0 b0 udp frag=0x0010 : b0=rule-deny
policy <<'END'
rule del web db 0
rule add web db index 0 allow fragment later
END
expect a0 b0 udp frag=0x0010 : b0=pass
expect a0 b0 udp dport=53 id=5 frag=0x2000 : b0=rule-deny
sums
