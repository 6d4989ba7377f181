#!/bin/bash
# Directories of cells in /sys have a bound, and the cells beyond it work all the same.
# kernels: one
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

module_unload
module_load sysfs_cells=10
lab_up
taps a b
{
	echo 'bridge add br0'
	for ((i = 0; i < 40; i++)); do
		echo "domain add d$i"
		echo "policy allow d$i host"
	done
	echo 'policy allow d38 d39'
	echo 'port bind a d38'
	echo 'port bind b d39'
} | vsegctl -b -
ten() {
	set -- /sys/kernel/vseg/cells/*
	[[ $# -eq 10 ]]
}
soon 10 ten
expect a b udp : b=pass
counts 1 cell d38 d39 packets
set -- /sys/kernel/vseg/domains/d*
is "directories of domains" "$#" 40
works vsegctl off
module_reload
