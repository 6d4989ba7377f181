#!/bin/bash
# DHCP, DHCPv6, router discovery and multicast DNS pass between a client's and a server's domain, and only there.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

lab_up
# A client, its server, a guest of a third domain, and a second server there.
taps c0 s0 x0 y0
policy <<'END'
policy set guard off
bridge add br0
domain add web
domain add infra
domain add other
port bind c0 web
port bind s0 infra
port bind x0 other
port bind y0 other
cell set web infra deny services dhcp,dhcpv6,ra,mdns
END

# What the client asks.
for kind in dhcp dhcp6 rs mdns 'mdns answer=1' mdns6; do
	expect c0 - "$kind" : s0=pass/sv x0=flood y0=flood host=flood
	expect x0 - "$kind" : c0=flood s0=flood y0=pass host=flood
done
expect c0 s0 dhcp sip=10.0.0.1 dip=10.0.0.2 : s0=pass/sv

# What the server answers: to the client alone, or to all.
for kind in 'dhcp op=2' 'dhcp6 op=2' 'mdns answer=1 dip=10.0.0.1'; do
	expect s0 c0 "$kind" : c0=pass/sv
	expect s0 x0 "$kind" : x0=default-deny
	expect y0 c0 "$kind" : c0=default-deny
done
expect s0 - ra : c0=pass/sv x0=flood y0=flood host=flood
expect y0 - ra : c0=flood s0=flood x0=pass host=flood
expect s0 - mdns : c0=pass/sv x0=flood y0=flood host=flood

# Nobody changes sides, and nothing else passes.
expect c0 s0 'dhcp op=2' : s0=cell-deny
expect c0 s0 'dhcp6 op=2' : s0=cell-deny
expect c0 - ra : s0=flood x0=flood y0=flood host=flood
expect s0 - dhcp : c0=flood x0=flood y0=flood host=flood
for kind in udp 'udp sport=68 dport=67' 'udp6 sport=546 dport=547' \
	'udp sport=5353 dport=5353' tcp icmp arp raw 'dhcp dip=10.0.0.2 type=2' \
	'dhcp dip=10.0.0.2 chaddr=02:00:00:00:00:09'; do
	expect c0 s0 "$kind" : s0=cell-deny
done
reads port c0 pass-service
want=$R
holds "services of the client" "$want > 0"
sysfs c0 pass_service
is "sysfs" "$R" "$want"

# Each service by itself.
works vsegctl cell set web infra deny services ra
expect c0 - rs : s0=pass/sv x0=flood y0=flood host=flood
expect c0 - dhcp : s0=flood x0=flood y0=flood host=flood
is "services" "$(vsegctl -j cell show web infra | jq -c '.[0].services')" '["ra"]'

# Of a cell that allows or has rules they pass back as well; of a wildcard, too.
works vsegctl cell set web infra allow services dhcp
expect c0 - dhcp : s0=pass x0=flood y0=flood host=flood
expect s0 c0 'dhcp op=2' : c0=pass/sv
works vsegctl cell set web infra rules services dhcp
expect c0 - dhcp : s0=pass/sv x0=flood y0=flood host=flood
expect c0 s0 udp : s0=no-rule
policy <<'END'
cell del web infra
cell set any infra deny services dhcp
END
expect c0 - dhcp : s0=pass/sv x0=flood y0=flood host=flood
expect x0 - dhcp : c0=flood s0=pass/sv y0=pass host=flood
expect s0 c0 'dhcp op=2' : c0=pass/sv

# The host as a server.
works vsegctl cell set web host deny services dhcp
expect c0 - dhcp : s0=pass/sv x0=flood y0=flood host=pass/sv
works vsegctl cell del any infra
works vsegctl port unbind c0
expect c0 - dhcp : s0=flood x0=flood y0=flood host=flood
sums
