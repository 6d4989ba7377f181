#!/bin/bash
# Loaded and removed again and again, with and without a policy, it leaves nothing.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

hv_up
bridge_up br0
free_before=$(awk '/^Slab:/ { print $2 }' /proc/meminfo)
for ((turn = 0; turn < 10; turn++)); do
	module_reload
	if ((turn % 2)); then
		policy <<-'END'
			bridge add br0
			domain add web
			policy allow web host
		END
		vsegctl off
	fi
done
module_unload
free_after=$(awk '/^Slab:/ { print $2 }' /proc/meminfo)
holds "slab memory kept, of $free_before kB now $free_after kB" \
	"$free_after - $free_before < 4096"
works module_load

# Its parameters are what was asked for, and nonsense is refused.
module_unload
fails module_load pairs_max=nonsense
works module_load pairs_max=64 event_rate=5
is "pairs_max" "$(</sys/module/vseg/parameters/pairs_max)" 64
is "event_rate" "$(</sys/module/vseg/parameters/event_rate)" 5
works module_reload
