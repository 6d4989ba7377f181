#!/bin/bash
# An allow cell passes every kind of frame of its pair, one way only.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

lab_up
taps web0 db0 mgmt0
standard <<'END'
policy set guard off
port bind web0 web
port bind db0 db
port bind mgmt0 mgmt
END

for kind in udp udp6 tcp icmp echo6 arp raw llc 'udp len=1400' \
	'udp proto=132' 'udp frag=0x2000' 'udp frag=100' 'udp6 ext=hbh,dst,frag' \
	'udp pppoe=1' 'udp mpls=1' 'raw type=0x88a2' 'llc lying=4' \
	'udp cut=20' 'raw cut=14'; do
	expect web0 db0 "$kind" : db0=pass
done

# Nothing else follows from it: not the way back, not a third domain.
for kind in udp udp6 tcp icmp 'icmp icmptype=0' 'echo6 icmptype=129' \
	'tcp tcpflags=0x12' raw llc; do
	expect db0 web0 "$kind" : web0=default-deny
done
expect mgmt0 db0 udp : db0=default-deny
expect web0 mgmt0 udp : mgmt0=default-deny
expect web0 db0 udp : db0=pass
sums
