#!/bin/bash
# The most specific cell decides, and `any` stands for operator domains only.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

lab_up
taps a0 b0 c0 u0
policy <<'END'
bridge add br0
domain add a
domain add b
domain add c
port bind a0 a
port bind b0 b
port bind c0 c
END

# Two wildcards.
expect a0 b0 udp : b0=default-deny
works vsegctl policy allow any any
expect a0 b0 udp : b0=pass
expect c0 a0 udp : a0=pass
expect a0 host udp : host=default-deny
expect host a0 udp : a0=default-deny
expect a0 u0 udp : u0=unlabelled-dst
expect u0 a0 udp : a0=unlabelled-src

# One wildcard against two, from either side.
works vsegctl policy deny a any
expect a0 b0 udp : b0=cell-deny
expect c0 b0 udp : b0=pass
expect b0 a0 udp : a0=pass
works vsegctl policy deny any c
expect b0 c0 udp : c0=cell-deny
expect b0 a0 udp : a0=pass

# None against one and two.
works vsegctl policy allow a c
expect a0 c0 udp : c0=pass
expect a0 b0 udp : b0=cell-deny
expect b0 c0 udp : c0=cell-deny
works vsegctl policy deny b a
expect b0 a0 udp : a0=cell-deny
expect c0 a0 udp : a0=pass

# The host is no operator domain, but may stand beside a wildcard.
works vsegctl policy allow any host
expect a0 host udp : host=pass
expect u0 host udp : host=unlabelled-src
expect host a0 udp : a0=default-deny
works vsegctl policy allow host any
expect host a0 udp : a0=pass
expect host u0 udp : u0=unlabelled-dst
works vsegctl policy deny b host
expect b0 host udp : host=cell-deny
expect a0 host udp : host=pass

# Each one that goes leaves the next more general one in force.
works vsegctl policy del a c
expect a0 c0 udp : c0=cell-deny
works vsegctl policy del any c
works vsegctl policy del a any
expect a0 c0 udp : c0=pass
works vsegctl policy del any any
expect a0 c0 udp : c0=default-deny
expect a0 host udp : host=pass
sums
