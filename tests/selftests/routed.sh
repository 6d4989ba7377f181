#!/bin/bash
# What the host routes between bridges needs a cell to the host and one from it.
#
#   web0 --- br0 (10.0.0.254) --- host --- br1 (10.1.0.254) --- db0
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

lab_up
bridge_up br1
lab host host1 br1
taps web0
lab tap db0 br1
ip -batch - <<'END'
link set br1 address 02:00:00:00:00:ff
address add 10.0.0.254/24 dev br0
address add 10.1.0.254/24 dev br1
neigh add 10.0.0.1 lladdr 02:00:00:00:00:01 dev br0 nud permanent
neigh add 10.1.0.2 lladdr 02:00:00:00:00:02 dev br1 nud permanent
END
echo 1 >/proc/sys/net/ipv4/ip_forward
standard <<'END'
bridge add br1
port bind web0 web
port bind db0 db
END

# crosses: the frame that web0 sends comes out at db0, routed.
crosses() {
	lab flush
	lab send web0 host udp dip=10.1.0.2
	lab got db0
	[[ $R == *'02:00:00:00:00:ff > 02:00:00:00:00:02'*0a0000010a010002* ]]
}
stays() { ! crosses; }
works stays
counts 1 pair web host packets
works vsegctl policy allow web host
works stays
counts 1 pair host db packets
works vsegctl policy allow host db
works crosses
works vsegctl policy del web host
works stays
counts 2 pair web host packets
sums
