#!/bin/bash
# Where a guest's IP addresses are given, it sends from no others, however a packet is wrapped.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

lab_up
taps web0 web1
standard <<'END'
port bind web0 web mac 02:00:00:00:00:01 address 10.0.0.1,10.9.0.0/24,fd00::1
port bind web1 web
END

for kind in udp udp6 tcp icmp echo6 'udp sip=10.9.0.77' 'udp options=94040000' \
	'udp vlan=7' 'udp insnap=1' 'udp6 ext=hbh' 'udp frag=0x2000' \
	'udp frag=185' 'udp6 ext=frag' 'raw type=0x88b5'; do
	expect web0 web1 "$kind" : web1=pass
done
for kind in 'udp sip=10.0.0.2' 'udp sip=10.9.1.0' 'tcp sip=10.0.0.2' \
	'udp6 sip=fd00::2' 'icmp sip=10.0.0.2' 'echo6 sip=fd00::2' \
	'udp sip=10.0.0.2 options=94040000' 'udp sip=10.0.0.2 vlan=7' \
	'udp sip=10.0.0.2 vlan=ad.7,8' 'udp sip=10.0.0.2 vlan=0' \
	'udp sip=10.0.0.2 insnap=1' 'udp6 sip=fd00::2 ext=hbh,dst' \
	'udp sip=10.0.0.2 frag=0x2000' 'udp sip=10.0.0.2 frag=185' \
	'udp6 sip=fd00::2 ext=frag' 'udp sip=10.0.0.2 proto=132' \
	'udp sip=0.0.0.0' 'udp sip=255.255.255.255' 'udp sip=10.0.0.2 proto=4' \
	'udp sip=0.0.0.0 sport=68 dport=53' 'udp sip=10.0.0.2 sport=68 dport=67' \
	'udp6 sip=::' 'echo6 sip=::' 'udp6 sip=fe80::2' 'udp6 sip=fe80::1'; do
	expect web0 web1 "$kind" : guard=guard-address
done

# Before it has an address: DHCP, and what IPv6 does from nowhere.
expect web0 web1 udp sip=0.0.0.0 sport=68 dport=67 : web1=pass
expect web0 web1 rs sip=:: : web1=pass
expect web0 web1 mld mldtype=131 sip=:: group=ff02::1:ff00:1 : web1=pass
expect web0 web1 mld mldtype=143 sip=:: : web1=pass

# Its link-local address is the one that its MAC address makes.
expect web0 web1 udp6 sip=fe80::ff:fe00:1 : web1=pass
expect web0 web1 rs sip=fe80::ff:fe00:1 : web1=pass
expect web0 web1 rs : guard=guard-address

# What can't be told isn't guessed: cut headers, tunnels, lengths that lie.
for kind in 'udp cut=20' 'udp6 cut=40' 'udp pppoe=1' 'udp mpls=1' \
	'llc lying=4' 'raw type=0x88e5' 'udp vlan=1,2,3,4,5,6' \
	'arp etype=0x0800' 'udp etype=0x86dd'; do
	expect web0 web1 "$kind" : guard=guard-unparsed
done
# Where no address is given, tunnels are a guest's own affair.
expect web1 web0 udp pppoe=1 : web0=pass
expect web1 web0 udp mpls=1 : web0=pass
expect web1 web0 udp sip=10.0.0.77 : web0=pass
expect web1 web0 udp cut=20 : guard=guard-unparsed

# Addresses of IPv4 alone leave none of IPv6 but the link-local one.
works vsegctl port bind web0 web mac 02:00:00:00:00:01 address 10.0.0.1
expect web0 web1 udp6 : guard=guard-address
expect web0 web1 udp6 sip=fe80::ff:fe00:1 : web1=pass
# Without a MAC address none can be made of it; all may be listed.
works vsegctl port bind web0 web address 10.0.0.1
expect web0 web1 udp6 sip=fe80::ff:fe00:1 : guard=guard-address
works vsegctl port bind web0 web address 0.0.0.0/0,::/0
expect web0 web1 udp sip=10.0.0.2 : web1=pass
expect web0 web1 udp6 sip=fe80::ff:fe00:1 : web1=pass
sums
