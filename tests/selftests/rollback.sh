#!/bin/bash
# One generation back, and forth again; ports keep explicit bindings.
# kernels: one
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

lab_up
taps a0 b0
refused 'no policy to go back to' vsegctl rollback
policy <<'END'
bridge add br0
domain add web
domain add db
selector add name a0 web
selector add name b0 db
policy allow web db
END
expect a0 b0 udp : b0=pass
counts 1 cell web db packets
works vsegctl policy deny web db
expect a0 b0 udp : b0=cell-deny
works vsegctl port bind b0 web
works vsegctl rollback
is "explicit" "$(vsegctl -j port show b0 | jq -r '.[0].match')" explicit
is "cell" "$(vsegctl -j policy cells web db | jq -r '.[0].action')" allow
works vsegctl rollback
is "cell again" "$(vsegctl -j policy cells web db | jq -r '.[0].action')" deny
works vsegctl port unbind b0
expect a0 b0 udp : b0=cell-deny

# Off is a generation as well.
works vsegctl off
expect a0 b0 udp : b0=through
works vsegctl rollback
expect a0 b0 udp : b0=cell-deny
works vsegctl rollback
expect a0 b0 udp : b0=through
works vsegctl rollback
is "operations" "$(vsegctl -j log | jq -c '[.[-4:][].op]')" '["off","rollback","rollback","rollback"]'
sums bridges-gone
