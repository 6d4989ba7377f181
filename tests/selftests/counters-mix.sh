#!/bin/bash
# After random traffic each counter is what arrived, and all of them add up.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

lab_up
taps web0 web1 db0 db1 mgmt0 u0
standard <<'END'
policy deny db web
policy deny mgmt web monitor
policy allow mgmt any
policy allow any host
policy allow host mgmt
port bind web0 web
port bind web1 web
port bind db0 db
port bind db1 db
port bind mgmt0 mgmt
END
seed=${VSEG_SEED:-$RANDOM}
echo "seed $seed"

checked() {
	local name frames bytes have
	while read -r name frames bytes; do
		if [[ $name == host ]]; then
			reads host br0 tx-packets
		else
			reads port "$name" tx-packets
		fi
		have=$R
		is "frames that left by $name" "$((have - ${packets[$name]-0}))" "$frames"
		packets[$name]=$have
		if [[ $name == host ]]; then
			reads host br0 tx-bytes
		else
			reads port "$name" tx-bytes
		fi
		have=$R
		is "bytes that left by $name" "$((have - ${octets[$name]-0}))" "$bytes"
		octets[$name]=$have
	done <<<"$1"
}
declare -A packets=() octets=()
lab mix "$seed" 400
checked "$R"
sums
lab mix "$((seed + 1))" 200 arp na ns rarp igmp mld stp llc
checked "$R"
sums

# They survive a commit and a new label, and what a port that went has counted
# is still in the totals.
reads total rx-packets
total=$R
reads cell web db packets
cell=$R
holds "frames of the cell web -> db" "$cell > 0"
works vsegctl domain add more
counts "$cell" cell web db packets
works vsegctl port bind web1 more
counts "${packets[web1]}" port web1 tx-packets
counts "$total" total rx-packets
sums
lab close web1
soon 5 eval '! [[ -d /sys/class/net/web1 ]]'
counts "$total" total rx-packets
sums ports-gone
lab mix "$((seed + 2))" 100
checked "$R"
sums ports-gone
works vsegctl policy del web db
works vsegctl policy allow web db
sums ports-gone
