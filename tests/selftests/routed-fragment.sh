#!/bin/bash
# Fragments that the host routes have the verdict of their first one, and don't wait for it.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=selftests/routed.inc
. "${0%/*}/routed.inc"
# shellcheck source=tests/tools/fragments.sh
. "$tools/fragments.sh"

router_up
answers_routed
# The host reports its own groups there.
echo 1 >/proc/sys/net/ipv6/conf/br1/disable_ipv6
taps a0
lab tap b0 br1
lab mac b0
ip neigh add 10.1.0.77 lladdr "$R" dev br1
policy <<'END'
policy set guard off
policy set mark-mask 0xff000
bridge add br0
bridge add br1
domain add web
domain add db
port bind a0 web
port bind b0 db
cell set host db rules
rule add host db allow protocol udp stateless
cell set web routed rules
rule add web routed allow protocol udp port 54 stateless
cell set web db rules
rule add web db allow protocol udp port 54 stateless
END

# part ADDRESS PIECE ID: web sends a part of a datagram of 3,008 bytes there.
part() {
	lab send a0 host udp dport=54 len=3042 "dip=$1" "piece=$2" "id=$3"
}

# passed TO N: so many frames did, from web.
passed() {
	reads rule web "$1" 0 packets
	[[ $R == "$2" ]]
}

n=0
for to in routed db; do
	address=192.0.2.9
	[[ $to == routed ]] || address=10.1.0.77
	# In order.
	part "$address" 0-1480 1
	soon 5 passed "$to" 1
	part "$address" 1480-2960 1
	part "$address" 2960- 1
	soon 5 passed "$to" 3
	# Not in order: what comes before the first one is dropped.
	part "$address" 1480-2960 2
	n=$((n + 1))
	soon 5 dropped fragment "$n"
	part "$address" 0-1480 2
	soon 5 passed "$to" 4
	part "$address" 2960- 2
	soon 5 passed "$to" 5
done
# Held ones would have gone on as the host's.
arrive b0 5
sums
