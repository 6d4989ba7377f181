#!/bin/bash
# A rule looks at each field that a frame has: what fits passes, what is beside it doesn't.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

lab_up
ruled a0 b0 </dev/null

# rule WORDS...: the one rule of the cell, which knows no flows: frames of all
# kinds are sent, and no reply lets any of them pass.
rule() {
	{
		echo 'rule del web db all'
		echo "rule add web db $* stateless"
	} | policy
}

# fits FRAME..., misses FRAME...: what the rule means, and what it doesn't.
fits() {
	expect a0 b0 "$@" : b0=pass
}

misses() {
	expect a0 b0 "$@" : b0=no-rule
}

# Nothing passes without a rule; ARP neither, since no IP does.
expect a0 b0 udp : b0=no-rule
expect a0 b0 arp : b0=no-rule

rule protocol tcp
fits tcp
misses udp
# ARP goes where IP may, in both directions.
expect a0 b0 arp : b0=pass/ar
expect b0 a0 arp : a0=pass/ar
expect b0 a0 tcp : a0=default-deny

rule protocol tcp port 22,8000-8080
fits tcp dport=22
fits tcp dport=8000
fits tcp dport=8080
misses tcp dport=7999
misses tcp dport=8081
misses tcp sport=22
misses udp dport=22

rule protocol udp source-port 68
fits udp sport=68
misses udp sport=67
fits udp6 sport=68
misses tcp sport=68

rule port 53
fits udp dport=53
fits tcp dport=53
fits udp6 dport=53
misses icmp

rule protocol icmp icmp echo-request
fits icmp
misses icmp icmptype=0
misses echo6

rule protocol icmpv6 icmp 128
fits echo6
misses echo6 icmptype=129
misses icmp

rule from 10.0.0.0/8
fits udp
misses udp sip=11.0.0.1
misses udp6

rule from 10.0.0.7 to 10.0.0.9
fits udp sip=10.0.0.7 dip=10.0.0.9
misses udp sip=10.0.0.8 dip=10.0.0.9
misses udp sip=10.0.0.7 dip=10.0.0.8

rule to 2001:db8::/33
fits udp6 dip=2001:db8::1
fits udp6 dip=2001:db8:7fff::1
misses udp6 dip=2001:db8:8000::1
misses udp

rule from 10.0.0.0/24,fd00::/64
fits udp
fits udp6
misses udp sip=10.0.1.1

rule protocol tcp tcp-flags syn/syn,ack
fits tcp tcpflags=2
fits tcp tcpflags=0xc2
misses tcp tcpflags=0x12
misses tcp tcpflags=0x10

rule ethertype 0x88b5
fits raw
misses raw type=0x88b6
misses udp
# Nothing here carries IP.
misses arp

rule ethertype arp
fits arp
misses udp

rule ip 6
fits udp6
misses udp

rule any
fits udp
fits raw
fits llc
fits udp pppoe=1

# On a bridge that doesn't filter, the VLAN is the frame's own tag.
rule vlan 10-19
fits udp vlan=10
fits udp vlan=19
misses udp vlan=20
misses udp

rule vlan 0
fits udp
misses udp vlan=10
sums
