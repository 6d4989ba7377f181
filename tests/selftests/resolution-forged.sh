#!/bin/bash
# What only looks like address resolution gets no pass.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

lab_up
taps web0 db0
standard <<'END'
policy set guard off
port bind web0 web
port bind db0 db
END

# ARP: another station's address, other networks, other operations, cut short,
# and more than ARP has.
other=02:00:00:00:00:99
for words in "op=2 sha=$other" "op=1 sha=$other" 'hrd=6 op=2' \
	'pro=0x0806 op=2' 'hln=8 op=2' 'pln=16 op=2' op=0 op=3 op=4 op=8 op=9 \
	op=10 op=0xffff 'op=2 pad=0 cut=41' 'op=2 cut=20' 'op=2 cut=14' \
	"op=2 extra=$(printf '00%.0s' {1..64})"; do
	expect db0 web0 arp "$words" : web0=default-deny
done
expect db0 web0 'arp op=2 etype=0x0800' : web0=default-deny
expect db0 web0 'arp op=2 etype=0x86dd' : web0=default-deny
expect db0 web0 'arp op=2 etype=0x8035' : web0=default-deny
expect db0 web0 "rarp sha=$other" : web0=default-deny
expect db0 web0 'rarp op=1' : web0=default-deny

# Neighbour discovery (RFC 4861, 7.1): hops, code, checksum, target, options,
# and what comes before or behind it.
for words in hops=254 hops=64 code=1 badsum=1 target=ff02::1 \
	"lladdr=$other" ext=hbh ext=dst ext=route ext=frag ext=hbh,dst \
	icmptype=134 icmptype=137 icmptype=133 icmptype=129 cut=80 cut=60 \
	sip=:: sip=ff02::1 extra=0501000005dc0000 extra=02 extra=0200 \
	"extra=0201020000000002" proto=59 'etype=0x0800' 'pppoe=1' 'mpls=1'; do
	expect db0 web0 na "$words" : web0=default-deny
done
for words in "lladdr=$other" hops=1 target=ff02::1 sip=ff02::1 badsum=1 ext=hbh \
	extra=0101020000000002 extra=0301020000000002; do
	expect db0 web0 ns dip=fd00::1 "$words" : web0=default-deny
done
expect db0 web0 'ns sip=:: dip=fd00::1' : web0=default-deny

# The real ones, so that the above says something.
expect db0 web0 'arp op=2' : web0=pass/ar
expect db0 web0 na : web0=pass/ar
expect db0 web0 'ns dip=fd00::1' : web0=pass/ar
sums
