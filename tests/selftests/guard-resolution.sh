#!/bin/bash
# ARP and neighbour discovery of a guest tell of its own addresses only; it may announce where it is.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

lab_up
taps web0 web1
standard <<'END'
port bind web0 web mac 02:00:00:00:00:01 address 10.0.0.1,fd00::1
port bind web1 web
END
other=02:00:00:00:00:99

# As a guest asks, answers, looks whether its address is free, and announces
# itself, as a hypervisor does for it behind a live migration.
for kind in 'web1 arp' 'web1 arp op=2' 'web1 arp spa=0.0.0.0 tpa=10.0.0.1' \
	'web1 arp tpa=10.0.0.1' 'web1 arp op=2 tpa=10.0.0.1' 'web1 rarp' \
	'web1 arp vlan=5' 'web1 arp insnap=1' 'web1 ns' 'web1 na' \
	'web1 ns sip=:: target=fd00::1' 'web1 na target=fe80::ff:fe00:1' \
	'web1 na dip=ff02::1' 'web1 ns sip=:: target=fe80::ff:fe00:1' \
	'web1 rs sip=fe80::ff:fe00:1' 'web1 ns sip=fe80::ff:fe00:1' \
	'web1 na ext=frag'; do
	expect web0 "$kind" : web1=pass
done
for kind in "arp sha=$other" "arp op=2 sha=$other" 'arp spa=10.0.0.2' \
	'arp op=2 spa=10.0.0.2' 'arp op=2 spa=0.0.0.0' \
	'arp spa=0.0.0.0 tpa=10.0.0.2' 'arp spa=10.0.0.2 tpa=10.0.0.2' \
	'arp spa=10.0.0.2 vlan=5' 'arp spa=10.0.0.2 vlan=ad.5,6' \
	'arp spa=10.0.0.2 insnap=1' "arp sha=$other vlan=0" \
	"rarp tha=$other" "rarp sha=$other" 'rarp op=4' 'arp op=3' 'arp op=4' \
	'rarp op=1' 'rarp spa=10.0.0.2' "na lladdr=$other" 'na target=fd00::2' \
	'na target=fe80::1' "ns lladdr=$other" 'ns sip=:: target=fd00::2' \
	"na lladdr=$other ext=hbh" 'na target=fd00::2 ext=dst,hbh' \
	'na target=fd00::2 vlan=5' 'na target=fd00::2 insnap=1' \
	'na target=fd00::2 ext=frag' 'na extra=0201020000000002' "ns extra=0101020000000002"; do
	case $kind in
	*dst,hbh*) expect web0 web1 "$kind" : guard=guard-unparsed ;;
	*) expect web0 web1 "$kind" : guard=guard-resolution ;;
	esac
done
expect web0 web1 na sip=fd00::2 : guard=guard-address
for kind in 'arp hrd=6' 'arp pro=0x0806' 'arp hln=8' 'arp pln=16' 'arp cut=30' \
	'na extra=0200' 'na extra=02' 'na extra=0209' 'na ext=first' 'ns ext=first' \
	'na extra=02020200000000010000000000000000'; do
	expect web0 web1 "$kind" : guard=guard-unparsed
done

# Where only the MAC address is known, addresses aren't checked.
works vsegctl port bind web0 web mac 02:00:00:00:00:01
expect web0 web1 arp spa=10.0.0.2 : web1=pass
expect web0 web1 na target=fd00::2 sip=fd00::2 : web1=pass
expect web0 web1 arp "sha=$other" : guard=guard-resolution
expect web0 web1 na "lladdr=$other" : guard=guard-resolution
expect web0 web1 rarp "tha=$other" : guard=guard-resolution
# Where only addresses are, the source of the frame is the word for the rest.
works vsegctl port bind web0 web address 10.0.0.1
expect web0 web1 arp : web1=pass
expect web0 web1 arp "sha=$other" : guard=guard-resolution
expect web0 web1 arp "sha=$other" "src=$other" : web1=pass
# Nothing is known of web1.
expect web1 web0 arp "sha=$other" spa=10.0.0.1 : web0=pass
expect web1 web0 na "lladdr=$other" target=fd00::1 : web0=pass
sums
