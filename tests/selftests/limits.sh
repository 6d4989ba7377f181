#!/bin/bash
# 65,536 domains or too many cells or bridges are refused, and the policy stays as it was.
# kernels: one
# time limit: 180
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

hv_up
bridge_up br0
lab_start
policy <<'END'
bridge add br0
domain add web
END
lab state save before

seq -f 'domain add d%.0f' 0 65535 >"$lab_dir/many"
refused 'many:4096: ' vsegctl -b "$lab_dir/many"
untouched before
seq -f 'bridge add b%.0f' 0 299 >"$lab_dir/bridges"
refused 'bridges:256: ' vsegctl -b "$lab_dir/bridges"
untouched before

# As many as there may be, and not one more.
head -n 4095 "$lab_dir/many" >"$lab_dir/all"
works vsegctl -b "$lab_dir/all"
counts 4096 status domains
refused '' vsegctl domain add onemore
works vsegctl domain del d7
works vsegctl domain add onemore
counts 4096 status domains

# Cells: 65,536 of them.
for ((i = 100; i < 357; i++)); do
	seq -f "policy allow d$i d%.0f" 1000 1255
done >"$lab_dir/cells"
refused 'cells:65537: ' vsegctl -b "$lab_dir/cells"
counts 0 status cells
head -n 65536 "$lab_dir/cells" >"$lab_dir/all"
works vsegctl -b "$lab_dir/all"
counts 65536 status cells
refused '' vsegctl policy allow any any
works vsegctl policy del d100 d1000
works vsegctl policy allow any any

# The decision is still the right one, and the memory is given back.
lab host host br0
taps a b c
works vsegctl policy deny any any
policy <<'END'
port bind a d101
port bind b d1001
port bind c d1300
END
expect a b udp : b=pass
expect a c udp : c=cell-deny
expect b a udp : a=cell-deny
works vsegctl off
counts 0 status domains
