#!/bin/bash
# What goes round the hooks of the bridge carries nothing between guests: proxy ARP, neighbour suppression, devices on a port.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

lab_up
taps web0 db0 mgmt0
standard <<'END'
port bind web0 web
port bind db0 db
port bind mgmt0 mgmt
END
expect mgmt0 - arp tpa=10.0.0.2 : web0=flood db0=flood host=flood

# The bridge answers in db0's name, from its own tables: mgmt0 learns an address,
# and that opens nothing.
ip -batch - <<'END'
address add 10.0.0.254/24 dev br0
neigh add 10.0.0.2 lladdr 02:00:00:00:00:02 dev br0 nud permanent
END
ip link set mgmt0 type bridge_slave proxy_arp on
ip link set db0 type bridge_slave proxy_arp on
lab flush
lab send mgmt0 bcast arp tpa=10.0.0.2
lab got db0
is "what db0 gets of the question" "$R" ""
lab got web0
is "what web0 gets of the question" "$R" ""
for kind in udp tcp icmp 'arp op=2'; do
	expect mgmt0 db0 "$kind" : db0=default-deny
done
ip link set mgmt0 type bridge_slave proxy_arp off
ip link set db0 type bridge_slave proxy_arp off
ip link set db0 type bridge_slave neigh_suppress on
lab send mgmt0 bcast arp tpa=10.0.0.2
lab got db0
is "what db0 gets of it" "$R" ""
expect mgmt0 db0 udp : db0=default-deny
ip link set db0 type bridge_slave neigh_suppress off
ip address del 10.0.0.254/24 dev br0

# A port of a bridge can't feed a macvlan or an ipvlan beside it.
# beside NAME TYPE...: such a device beside NAME, for a moment.
beside() {
	ip link add link "$1" name side0 type "${@:2}" && ip link del side0
}
ip link add plain0 type dummy
for type in macvlan macvtap ipvlan; do
	works beside plain0 "$type"
	fails beside mgmt0 "$type"
done
# One on the bridge itself is the host's, and meets the host's cells.
if ip link add link br0 name side0 type macvlan mode bridge 2>/dev/null; then
	ip link set side0 address 02:00:00:00:00:77 up
	lab host side side0
	lab send mgmt0 02:00:00:00:00:77 udp
	lab got side
	is "what the macvlan gets" "$R" ""
	lab close side
	ip link del side0
fi

# Sent back by its own port, and by a bridge behind one: as any frame.
bridge link set dev mgmt0 hairpin on
expect mgmt0 bcast raw : mgmt0=pass web0=flood db0=flood host=flood
bridge link set dev mgmt0 hairpin off
sums
