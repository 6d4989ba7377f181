#!/bin/bash
# Fragments of two networks with equal addresses, ports and numbers at the same time: each counts for its own flow.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/tools/fragments.sh
. "$tools/fragments.sh"

# Two bridges, and two tags on the second: three networks, one addressing.
lab_up
bridge_up br1
taps a0 b0
lab tap a1 br1
lab tap b1 br1
policy <<'END'
policy set guard off
bridge add br0
bridge add br1
domain add web
domain add db
selector add glob a* web
selector add glob b* db
cell set web db rules
rule add web db protocol udp port 54 state
END
ask='udp sip=10.0.0.50 dip=10.0.0.60 sport=1000 dport=54 id=7 len=3042'
other='udp sip=10.0.0.50 dip=10.0.0.60 sport=1000 dport=53 id=7 len=3042'
answer='udp sip=10.0.0.60 dip=10.0.0.50 sport=54 dport=1000 id=8 len=3042'
one=piece=0-1480 two=piece=1480-2960 three=piece=2960-

# In turn: what is allowed here is denied there, and later pieces know which.
expect a0 b0 "$ask $one" : b0=pass
expect a1 b1 "$other $one" : b1=no-rule
expect a1 b1 "$ask vlan=7 $one" : b1=pass
expect a1 b1 "$other vlan=8 $one" : b1=no-rule
expect a0 b0 "$ask $two" : b0=pass
expect a1 b1 "$other $two" : b1=fragment
expect a1 b1 "$ask vlan=7 $two" : b1=pass
expect a1 b1 "$other vlan=8 $two" : b1=fragment
expect a1 b1 "$ask vlan=7 $three" : b1=pass
expect a0 b0 "$ask $three" : b0=pass

# Answers come back where somebody asked.
expect b1 a1 "$answer $one" : a1=default-deny
expect b1 a1 "$answer vlan=8 $one" : a1=default-deny
expect b0 a0 "$answer $one" : a0=pass/st
expect b1 a1 "$answer vlan=7 $one" : a1=pass/st
expect b1 a1 "$answer $two" : a1=fragment
expect b0 a0 "$answer $two" : a0=pass/st
expect b1 a1 "$answer vlan=8 $two" : a1=fragment
expect b1 a1 "$answer vlan=7 $two" : a1=pass/st

# Out of order at once: what waits in one network isn't released by another's.
# shellcheck disable=SC2086  # words
{
	lab send a0 b0 ${ask/id=7/id=9} $two
	lab send a1 b1 ${ask/id=7/id=9} vlan=7 $two
	lab send a1 b1 ${ask/id=7/id=9} vlan=7 $one
	arrive b1 2
	arrive b0 0
	lab send a0 b0 ${ask/id=7/id=9} $one
	arrive b0 2
	arrive b1 0
}
run() { R=$(vsegctl -j zone show); }
run
is "zones" "$(jq -c '[.[] | [.bridge, .vid]] | sort' <<<"$R")" '[["br0",0],["br1",7]]'
sums
