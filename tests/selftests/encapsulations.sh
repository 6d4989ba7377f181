#!/bin/bash
# No encapsulation carries anything across a denied pair, and each one is counted by its reason.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

lab_up
taps web0 db0 mgmt0
standard <<'END'
policy set guard off
policy deny web mgmt
port bind web0 web
port bind db0 db
port bind mgmt0 mgmt
END

# shellcheck disable=SC2054
wraps=('' vlan=0 vlan=10 vlan=10,20 vlan=1,2,3,4 vlan=ad.100,q.10 vlan=0,0
	vlan=q9100.5 pppoe=1 mpls=1 'vlan=10 pppoe=1' etype=0x88e5 etype=0x05ff
	etype=0x0000 etype=0xffff)
for wrap in "${wraps[@]}"; do
	for kind in 'udp6 ext=hbh,dst,route,frag' 'arp op=2' na \
		'mld mldtype=131' stp 'llc lying=1500'; do
		expect web0 mgmt0 "$kind" "$wrap" : mgmt0=cell-deny
	done
	expect mgmt0 db0 udp "$wrap" : db0=default-deny
	expect mgmt0 bcast udp "$wrap" : web0=flood db0=flood host=flood
	expect mgmt0 unknown udp6 "$wrap" : web0=flood db0=flood
	expect mgmt0 mcast raw "$wrap" : web0=flood db0=flood host=flood
	expect web0 db0 udp "$wrap" : db0=pass
done

# Cut at every byte.
for ((cut = 14; cut < 64; cut += 3)); do
	expect web0 mgmt0 udp6 cut=$cut : mgmt0=cell-deny
	expect web0 mgmt0 udp cut=$((cut + 6)) vlan=5 : mgmt0=cell-deny
	expect mgmt0 web0 arp op=2 cut=$cut : web0=default-deny
done
sums
