#!/bin/bash
# The table of denied pairs is bounded: old ones make room, are counted, and nothing is lost.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

module_unload
module_load pairs_max=64
lab_up
taps a b c
{
	echo 'bridge add br0'
	for ((i = 0; i < 120; i++)); do
		echo "domain add d$i"
	done
	echo 'port bind a d0'
	echo 'port bind b d1'
} | vsegctl -b -
counts 64 status pairs-max

# 119 pairs d0 -> dN, each by one frame; the first one is tried ever again.
for ((i = 1; i < 120; i++)); do
	vsegctl port bind c "d$i"
	lab send a c udp
	[[ $((i % 10)) -ne 0 ]] || lab send a b udp
done
reads status pairs
holds "pairs in the table: $R" "$R <= 64 && $R >= 32"
reads status pairs-evicted
evicted=$R
holds "pairs evicted: $R" "$R >= 119 - 64"
reads status pairs-evicted-packets
holds "their packets" "$R >= $evicted"
counts 130 port a rx-dropped
sums
reads pair d0 d119 packets
is "the newest pair" "$R" 1

# The first question, at a glance.
like "stats" "$(vsegctl stats)" 'd0.*d119'
module_reload
