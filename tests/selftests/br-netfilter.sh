#!/bin/bash
# With br_netfilter's detour through IP, what is denied stays denied and what is allowed passes.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

works modprobe br_netfilter
trap 'modprobe -r br_netfilter || :; finish' EXIT
lab_up
echo 1 >/proc/sys/net/bridge/bridge-nf-call-iptables
echo 1 >/proc/sys/net/bridge/bridge-nf-call-ip6tables
echo 1 >/proc/sys/net/bridge/bridge-nf-call-arptables
echo 1 >/proc/sys/net/bridge/bridge-nf-filter-vlan-tagged
taps web0 db0 mgmt0
standard <<'END'
port bind web0 web
port bind db0 db
port bind mgmt0 mgmt
END
for turn in plain conntrack; do
	if [[ $turn == conntrack ]]; then
		works iptables -A FORWARD -m conntrack --ctstate NEW -j ACCEPT
		works ip6tables -A FORWARD -m conntrack --ctstate NEW -j ACCEPT
	fi
	for kind in udp udp6 tcp icmp echo6 arp raw 'udp vlan=7' 'udp len=1400' \
		'udp frag=0x2000'; do
		# A whole that conntrack puts together from one part never comes.
		[[ $kind$turn != *0x2000conntrack ]] || continue
		expect web0 db0 "$kind" : db0=pass
		expect db0 mgmt0 "$kind" : mgmt0=default-deny
	done
	for kind in udp udp6 tcp icmp echo6; do
		expect db0 web0 "$kind" : web0=default-deny
		expect db0 host "$kind" : host=default-deny
		expect host db0 "$kind" : db0=default-deny
	done
	expect web0 bcast udp : db0=pass mgmt0=flood host=flood
	expect web0 unknown udp : db0=pass mgmt0=flood
done
# Tagged and wrapped frames, whether it takes them to IP or passes them by.
for tagged in 0 1; do
	echo "$tagged" >/proc/sys/net/bridge/bridge-nf-filter-vlan-tagged
	echo "$tagged" >/proc/sys/net/bridge/bridge-nf-filter-pppoe-tagged
	for how in vlan=7 vlan=0 vlan=ad.7,8 vlan=7,8 pppoe=1; do
		expect web0 db0 udp "$how" : db0=pass
		expect db0 mgmt0 udp "$how" : mgmt0=default-deny
		expect db0 mgmt0 udp6 "$how" : mgmt0=default-deny
	done
done
sums

# The ping that passes a hook at 0 or -1.
guests g1 g2
policy <<'END'
domain add g1
domain add g2
policy allow g1 g2
policy allow g2 g1
port bind g1 g1
port bind g2 g2
END
pings g1 "${ip4[g2]}"
pings g1 "${ip6[g2]}"
works vsegctl policy del g2 g1
reads pair g2 g1 packets
refuses g1 "${ip4[g2]}"
reads pair g2 g1 packets
holds "echo replies were dropped" "$R > 0"
works vsegctl policy del g1 g2
refuses g2 "${ip4[g1]}" "${ip6[g1]}"
