#!/bin/bash
# A guest is no DHCP server, router, bridge or querier unless that is permitted.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

lab_up mcast_snooping 0
taps web0 web1 up0
standard <<'END'
port bind web0 web
port bind web1 web
port bind up0 trunk default web
END

# role PERMIT REASON COPIES KIND...: frames of a role, where COPIES get them once
# it is permitted; the port itself, then its domain, lets it.
role() {
	local permit=$1 reason=$2 copies=$3 kind
	shift 3
	for kind; do
		expect web0 "$kind" : "guard=$reason"
	done
	works vsegctl port bind web0 web permit "$permit"
	for kind; do
		# shellcheck disable=SC2086  # one word for each copy
		expect web0 "$kind" : $copies
	done
	works vsegctl port bind web0 web
	works vsegctl domain set web permit "$permit"
	# shellcheck disable=SC2086
	expect web0 "$1" : $copies
	works vsegctl domain set web permit none
	expect web0 "$1" : "guard=$reason"
	works vsegctl policy set guard off
	# shellcheck disable=SC2086
	expect web0 "$1" : $copies
	works vsegctl policy set guard on
}

role dhcp-server guard-dhcp web1=pass 'web1 udp sport=67 dport=68' \
	'web1 udp sport=67 dport=1234' 'web1 udp6 sport=547 dport=546' \
	'web1 udp sport=67 vlan=5' 'web1 udp sport=67 vlan=0' \
	'web1 udp sport=67 insnap=1' 'web1 udp sport=67 options=94040000' \
	'web1 udp6 sport=547 ext=hbh,dst' 'web1 udp sport=67 frag=0x2000' \
	'web1 udp sport=67 vlan=ad.5,6'
role router guard-router 'web1=pass up0=pass host=flood' '- ra' '- ra vlan=5' \
	'- ra vlan=ad.7,8' '- ra ext=hbh' '- ra ext=hbh,dst' '- ra ext=frag' '- ra ext=first' \
	'- ra insnap=1' '- ra vlan=0' 'bcast icmp icmptype=5' \
	'bcast icmp icmptype=9' 'bcast echo6 icmptype=137'
role spanning-tree guard-spanning-tree 'web1=pass up0=pass host=flood' '- stp' \
	'- stp bpdu=2' '01:80:c2:00:00:00 raw' '01:00:0c:cc:cc:cd raw' '- stp vlan=5'
role multicast-router guard-multicast-router 'web1=pass up0=pass host=flood' \
	'- igmp' '- mld' '- igmp sources=3' '- igmp vlan=5' '- mld vlan=0' \
	'- igmp igmptype=0x13' '- igmp igmptype=0x14' '- igmp igmptype=0x30' \
	'bcast udp proto=103' 'bcast udp6 proto=103' '- mld mldtype=151' \
	'- igmp insnap=1' 'bcast igmp'
echo 0x4008 >/sys/class/net/br0/bridge/group_fwd_mask
role link-local guard-link-local 'web1=pass up0=pass host=flood' \
	'01:80:c2:00:00:0e raw type=0x88cc' '01:80:c2:00:00:03 raw type=0x888e' \
	'01:80:c2:00:00:0e udp' 'bcast raw type=0x88cc' '01:00:0c:cc:cc:cc raw'

# One role isn't another: a permitted BPDU may not be an advertisement.
works vsegctl port bind web0 web permit spanning-tree
expect web0 '01:80:c2:00:00:00 ra' : guard=guard-router
works vsegctl port bind web0 web permit router,dhcp-server
expect web0 web1 udp sport=67 : web1=pass
expect web0 - igmp : guard=guard-multicast-router
works vsegctl port bind web0 web

# What a guest does as a client.
for kind in 'web1 udp sport=68 dport=67' 'web1 udp6 sport=546 dport=547' \
	'web1 rs' 'web1 udp sport=547' 'web1 udp6 sport=67' 'web1 tcp sport=67' \
	'web1 udp frag=1' 'web1 icmp' 'web1 echo6'; do
	expect web0 "$kind" : web1=pass
done
expect web0 - igmp igmptype=0x16 group=239.1.2.3 : web1=pass up0=pass host=flood
expect web0 - mld mldtype=131 group=ff15::7 : web1=pass up0=pass host=flood

# What could hide a role: ports or type that aren't in the first fragment, headers
# in no order, a chain too long, tags too many.
for kind in 'web1 udp sport=67 frag=0x2000 cut=36' 'web1 ra ext=dst,dst,dst,dst,dst,dst,dst,dst,dst,dst' \
	'web1 ra ext=dst,hbh' 'web1 ra vlan=1,2,3,4,5,6' 'web1 udp cut=35' \
	'web1 llc lying=4' 'web1 ra cut=54' 'web1 ra ext=frag cut=62'; do
	expect web0 "$kind" : guard=guard-unparsed
done

# A trunk port plays all of them.
expect up0 web1 udp sport=67 : web1=pass
expect up0 - ra : web0=pass web1=pass host=flood

# In monitor mode all of it passes, and is counted.
works vsegctl bridge set br0 mode monitor
expect web0 web1 udp sport=67 : web1=pass guard=would/guard-dhcp
expect web0 - ra : web1=pass up0=pass host=would/flood guard=would/guard-router
sums
