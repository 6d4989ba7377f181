#!/bin/bash
# Inside the VM: bridges full of ports, then measure.py.
#
# usage: guest.sh full|quick
size=${1:?}
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

ports=1023 domains=4096 cells=65536 rules=100000
[[ $size == full ]] || ports=64 domains=256 cells=4096 rules=6250

hv_up
for bridge in 0 1 2 3; do
	bridge_up "br$bridge" mcast_snooping 0
	for ((i = 0; i < ports; i++)); do
		echo "link add p${bridge}x$i type dummy"
		echo "link set p${bridge}x$i master br$bridge up"
	done | ip -batch -
done
checks=1
echo "KTAP version 1"
python3 -S "$top/tests/scale/measure.py" "$lab_dir" "$ports" "$domains" "$cells" "$rules"
