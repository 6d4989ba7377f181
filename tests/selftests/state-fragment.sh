#!/bin/bash
# Fragments of flows: the first one is tracked, and the later ones pass with it,
# in both directions and in whatever order they come; none passes alone.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/tools/fragments.sh
. "$tools/fragments.sh"

fragment_host
policy <<'END'
cell set web db rules
rule del web db all
rule add web db allow protocol udp port 54 state
rule add web db allow protocol udp port 55 state
END
ask='udp sport=1000 dport=54' answer='udp sport=54 dport=1000'
one='len=3042 piece=0-1480' two='len=3042 piece=1480-2960' three='len=3042 piece=2960-'

# Nothing comes back of what nobody asked for.
expect b0 a0 "$answer id=1 $one" : a0=default-deny
expect b0 a0 "$answer id=1 $two" : a0=fragment

# The question counts for its rule, the answer as part of the flow.
expect a0 b0 "$ask id=2 $one" : b0=pass
expect a0 b0 "$ask id=2 $two" : b0=pass
expect a0 b0 "$ask id=2 $three" : b0=pass
counts 3 rule web db 0 packets
expect b0 a0 "$answer id=3 $one" : a0=pass/st
expect b0 a0 "$answer id=3 $two" : a0=pass/st
expect b0 a0 "$answer id=3 $three" : a0=pass/st

# Those of other datagrams don't pass with it, nor do those of other ports.
expect b0 a0 "$answer id=4 $one" : a0=pass/st
expect b0 a0 "udp sport=54 dport=1001 id=5 $one" : a0=default-deny
expect b0 a0 "$answer id=5 $two" : a0=fragment
expect a0 b0 "udp sport=1000 dport=53 id=6 $one" : b0=no-rule
expect a0 b0 "$ask id=6 $two" : b0=fragment
# A third one's never meet them.
expect b1 a0 "$answer sip=10.0.0.3 id=4 $two" : a0=fragment

# What overlaps is dropped, of flows as well.
expect b0 a0 "$answer id=4 len=3042 piece=1472-2960" : a0=fragment
expect b0 a0 "$answer id=4 $two" : a0=fragment

# A commit in between: what the rules allow no longer stops at once.
expect a0 b0 "$ask id=7 $one" : b0=pass
expect b0 a0 "$answer id=8 $one" : a0=pass/st
works vsegctl rule del web db 0
expect a0 b0 "$ask id=7 $two" : b0=fragment
expect b0 a0 "$answer id=8 $two" : a0=fragment
sums
