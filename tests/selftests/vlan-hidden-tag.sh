#!/bin/bash
# A tag behind none or a priority tag carries no guest into a trunk's VLAN that its label has no cell for.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

lab_up vlan_filtering 1 vlan_default_pvid 0
taps up0 web0 up1
bridge -batch - <<'BRIDGE'
vlan add dev up0 vid 10 pvid untagged
vlan add dev up0 vid 20
vlan add dev up0 vid 30
vlan add dev web0 vid 10 pvid untagged
vlan add dev up1 vid 10
vlan add dev up1 vid 30
BRIDGE
lab fdb 'up0 10'
lab fdb 'up0 30'
lab fdb 'web0 10'
lab fdb 'up1 10'
policy <<'POLICY'
bridge add br0
domain add web
domain add a
domain add b
domain add c
port bind web0 web
port bind up0 trunk vlan 10 a vlan 20 b vlan 30 c
port bind up1 trunk vlan 10 a vlan 30 c
policy allow web a
policy allow a web
POLICY

# What the bridge takes off before the trunk, a tag must not follow.
expect web0 up0 udp : up0=pass@0
expect web0 up0 udp vlan=10 : up0=pass@0
expect web0 up0 udp vlan=0 : up0=pass@0
lab listen drops
for tags in 0,20 10,20 0,10 10,10 0,0,20 10,0,20 ad.20 ad.10 10,ad.20 0,ad.20 \
	q9100.20 0,q9100.20 10,q9100.20; do
	expect web0 up0 udp "vlan=$tags" : up0=vlan-ambiguous
done
event drops reason=vlan-ambiguous in-ifname=web0 out-ifname=up0
expect web0 bcast arp vlan=0,20 : up0=flood up1=pass@10,q.20
expect up1 up0 udp vlan=10,20 : up0=vlan-ambiguous

# The switch of an untagged port looks for nothing; it's where the trunk's own
# frames go.
expect up0 web0 udp vlan=10,20 : web0=pass@20
expect up0 web0 udp vlan=0,20 : web0=pass@20

# Inside of a real tag the frame is the VLAN's, whatever it carries.
expect web0 up1 udp vlan=10,20 : up1=pass@10,q.20
expect web0 up1 udp vlan=0,20 : up1=pass@10,q.20
expect up1 up0 udp vlan=30,20 : up0=pass@30,q.20
expect up1 up0 udp vlan=30,ad.10 : up0=pass@30,ad.10

# A program of the host may call its frame what it likes: the bytes count.
bridge vlan add dev br0 vid 10 pvid untagged self
works vsegctl policy allow host a
lab daemon liar br0 0x0800 br0
for tags in 20 0,20 10,20; do
	expect liar up0 udp "vlan=$tags" : up0=vlan-ambiguous
done
expect host up0 udp vlan=10,20 : up0=vlan-ambiguous
expect liar up0 udp : up0=pass@0
lab close liar
bridge vlan del dev br0 vid 10 self

# A monitored bridge tells it and lets it pass.
works vsegctl bridge set br0 mode monitor
expect web0 up0 udp vlan=0,20 : up0=would/vlan-ambiguous@20
works vsegctl bridge set br0 mode enforce

# On a bridge that doesn't filter, nothing is taken off: a tag of VLAN 0 or of
# a protocol that isn't looked at hides the one behind it.
ip link set br0 type bridge vlan_filtering 0
for end in up0 web0 up1; do
	lab fdb "$end"
done
policy <<'POLICY'
port bind up0 trunk vlan 0 a vlan 20 b
POLICY
expect web0 up0 udp : up0=pass@0
expect web0 up0 udp vlan=0p5 : up0=pass
expect web0 up0 udp vlan=20 : up0=default-deny
for tags in 0,20 0,ad.20 0,0,20 0,q9100.20 ad.0,q.20 q9100.20; do
	expect web0 up0 udp "vlan=$tags" : up0=vlan-ambiguous
done
lab daemon liar br0 0x0800 br0
expect liar up0 udp vlan=0,20 : up0=vlan-ambiguous
expect liar up0 udp vlan=20 : up0=default-deny
lab close liar
expect host up0 udp vlan=0 : up0=pass
expect host up0 udp vlan=0,20 : up0=vlan-ambiguous
expect web0 bcast arp vlan=0,20 : up0=flood up1=flood host=flood
policy <<'POLICY'
policy allow web b
policy allow b web
POLICY
expect web0 up0 udp vlan=20,10 : up0=pass@20,q.10
expect web0 up0 udp vlan=ad.20,q.10 : up0=pass@ad.20,q.10
expect web0 up0 udp vlan=20,0,10 : up0=pass@20,q.0,q.10
expect up0 web0 udp vlan=20,10 : web0=pass@20,q.10
expect web0 up0 udp vlan=0,20 : up0=vlan-ambiguous
sums
