#!/bin/bash
# Each request with each attribute wrong in each way is refused, in words, and nothing changes.
# kernels: one
# kernel log: attribute type .* has an invalid length|bytes leftover after parsing
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

hv_up
bridge_up br0
lab_start
lab tap p0
seed=${VSEG_SEED:-$RANDOM}
echo "seed $seed"
works "$tools/malformed.py" "$seed"
works vsegctl off
