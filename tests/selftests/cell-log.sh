#!/bin/bash
# A cell with the flag log makes events of what it lets pass.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

lab_up
taps a0 b0
policy <<'END'
bridge add br0
domain add web
domain add db
selector add name a0 web
selector add name b0 db
policy allow web db log
END
lab listen drops
expect a0 b0 udp : b0=pass
event drops reason=none src=web dst=db in-ifname=a0 out-ifname=b0
counts 1 cell web db packets
is "pairs" "$(vsegctl -j stats | jq '.pairs | length')" 0
is "flag" "$(vsegctl -j policy cells web db | jq -c '.[0].flags')" '["log"]'
works vsegctl policy allow web db
expect a0 b0 udp : b0=pass
counts 2 cell web db packets
counts 1 status events
