#!/bin/bash
# Nothing is accepted before the guard has looked: no cell, service, pass or established flow makes an exception.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

# All that could accept a frame does: cells, services, address resolution.
lab_up
taps web0 web1 db0
standard <<'END'
port bind web0 web mac 02:00:00:00:00:01 address 10.0.0.1,fd00::1
port bind web1 web
port bind db0 db
cell set web db allow services dhcp,dhcpv6,ra,mdns
cell set db web allow services dhcp,dhcpv6,ra,mdns
END
victim=02:00:00:00:00:02
bridge fdb del "$victim" dev web1 master

# learned MAC PORT: the forwarding table has it there.
learned() {
	bridge fdb show br br0 | grep "^$1 dev $2 " | grep -vq static
}
expect web1 db0 udp : db0=pass
works learned "$victim" web1

# As the victim: with its MAC address and its IP address.
for kind in 'arp op=2 spa=10.0.0.2 sha=02:00:00:00:00:02' 'arp spa=10.0.0.2 sha=02:00:00:00:00:02' \
	'na target=fd00::2 lladdr=02:00:00:00:00:02 sip=fd00::2' 'ns lladdr=02:00:00:00:00:02 sip=fd00::2' \
	'rarp sha=02:00:00:00:00:02 tha=02:00:00:00:00:02' dhcp 'dhcp dip=10.0.0.3' dhcp6 rs mdns mdns6 \
	'tcp tcpflags=0x10 sip=10.0.0.2' 'udp sip=10.0.0.2' 'udp6 sip=fd00::2' \
	'raw type=0x88b5' llc 'udp vlan=5' 'udp vlan=ad.5,6' 'udp pppoe=1'; do
	# shellcheck disable=SC2086  # words
	expect web0 db0 $kind src=$victim : guard=guard-mac
done
works learned "$victim" web1
fails learned "$victim" web0

# From its own MAC address, by the victim's IP address.
for kind in 'arp op=2 spa=10.0.0.2' 'arp spa=10.0.0.2' 'na target=fd00::2' \
	'arp spa=0.0.0.0 tpa=10.0.0.2'; do
	# shellcheck disable=SC2086
	expect web0 db0 $kind : guard=guard-resolution
done
for kind in 'tcp tcpflags=0x10 sip=10.0.0.2' 'dhcp sip=10.0.0.2' 'mdns sip=10.0.0.2' \
	'icmp sip=10.0.0.2' 'dhcp6 sip=fd00::2' 'na target=fd00::1 sip=fd00::2'; do
	# shellcheck disable=SC2086
	expect web0 db0 $kind : guard=guard-address
done
# The inner address right, the Ethernet source forged, and the other way round.
expect web0 db0 na lladdr=02:00:00:00:00:01 "src=$victim" : guard=guard-mac
expect web0 db0 na "lladdr=$victim" : guard=guard-resolution
expect web0 db0 ns lladdr=02:00:00:00:00:01 "src=$victim" : guard=guard-mac
expect web0 db0 arp sha=02:00:00:00:00:01 "src=$victim" : guard=guard-mac
expect web0 db0 arp "sha=$victim" : guard=guard-resolution

# A flow that is established by all means is looked at, too.
for _ in 1 2 3; do
	expect web0 db0 tcp : db0=pass
	expect db0 web0 tcp tcpflags=0x12 : web0=pass
done
expect web0 db0 tcp tcpflags=0x18 "src=$victim" : guard=guard-mac
expect web0 db0 tcp tcpflags=0x18 sip=10.0.0.2 : guard=guard-address
# And what is its own passes.
expect web0 db0 dhcp : db0=pass
expect web0 db0 arp : db0=pass
sums
