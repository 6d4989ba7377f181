#!/bin/bash
# There is no list of what always passes: neighbour discovery, multicast listeners, routing, DNS and ICMP errors need a cell.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

lab_up mcast_snooping 0
taps web0 db0 mgmt0 up0
standard <<'END'
policy set guard off
port bind web0 web
port bind db0 db
port bind mgmt0 mgmt
port bind up0 trunk default mgmt
END

# Between domains without a cell: to all, and to the one.
for kind in 'na dip=ff02::1' ns 'mld mldtype=131' 'mld mldtype=143' mld 'igmp igmptype=0x16' igmp \
	ra rs dhcp 'dhcp op=2' dhcp6 mdns mdns6 stp 'stp bpdu=2' arp 'arp op=2' rarp; do
	expect mgmt0 "-" "$kind" : web0=flood db0=flood up0=pass host=flood
	expect mgmt0 db0 "$kind" : db0=default-deny
done
for group in 224.0.0.1 224.0.0.2 224.0.0.5 224.0.0.6 224.0.0.13 224.0.0.18 224.0.0.22 \
	224.0.0.251 239.255.255.250; do
	expect mgmt0 - udp "dip=$group" : web0=flood db0=flood up0=pass host=flood
done
for kind in 'udp dport=53' 'udp sport=53' 'udp6 dport=53' 'udp6 sport=53' 'udp dport=123' \
	'icmp icmptype=3' 'icmp icmptype=11' 'icmp icmptype=0' 'echo6 icmptype=1' \
	'echo6 icmptype=2' 'echo6 icmptype=3' 'udp proto=103' 'udp proto=112' \
	'tcp tcpflags=0x10' 'tcp tcpflags=4' 'udp dport=67 sport=68' 'udp dport=546 sport=547'; do
	expect mgmt0 db0 "$kind" : db0=default-deny
	expect mgmt0 host "$kind" : host=default-deny
	# Nor back, where only the other direction is allowed.
	expect db0 web0 "$kind" : web0=default-deny
done
# What does pass back is address resolution, and nothing but that.
expect db0 web0 na : web0=pass/ar
expect db0 web0 'mld mldtype=131' : web0=default-deny
expect db0 web0 rs : web0=default-deny
works vsegctl policy set address-resolution off
expect db0 web0 na : web0=default-deny
sums
