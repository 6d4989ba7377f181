#!/bin/bash
# Fragments of two domains never meet, whatever they have in common; each copy of a broadcast is alone.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/tools/fragments.sh
. "$tools/fragments.sh"

fragment_host
lab tap c0
policy <<'END'
domain add mgmt
port bind c0 mgmt
cell set mgmt db rules
rule add mgmt db allow protocol udp port 55 stateless
END

# The same addresses, the same number, at the same time.
same='len=3042 sip=10.0.0.50 dip=10.0.0.60 id=7'
one="udp dport=54 $same" other="udp dport=55 $same"
expect a0 b0 "$one piece=0-1480" : b0=pass
# shellcheck disable=SC2086  # words
lab send c0 b0 $other piece=1480-2960
arrive b0 0
# shellcheck disable=SC2086  # words
lab send a0 b0 $one piece=1480-2960
arrive b0 1
# shellcheck disable=SC2086  # words
lab send c0 b0 $other piece=0-1480
arrive b0 2
counts 2 rule web db 1 packets
counts 2 rule mgmt db 0 packets
expect a0 b0 "$one piece=2960-" : b0=pass
expect c0 b0 "$other piece=2960-" : b0=pass
counts 3 rule web db 1 packets
counts 3 rule mgmt db 0 packets

# Nor do those of two ports of one domain.
expect a0 b0 udp dport=54 len=3042 id=11 piece=0-1480 : b0=pass
lab send a1 b0 udp dport=54 len=3042 id=11 sip=10.0.0.1 piece=1480-2960
lab send a0 b1 udp dport=54 len=3042 id=11 dip=10.0.0.3 piece=1480-2960
soon 5 dropped fragment 2
arrive b0 0
arrive b1 0

# What is denied to one stays denied, though the other one's passes.
expect a0 b0 "udp dport=54 len=3042 sip=10.0.0.50 id=8 piece=0-1480" : b0=pass
expect c0 b0 "udp dport=54 len=3042 sip=10.0.0.50 id=8 piece=0-1480" : b0=no-rule
expect c0 b0 "udp dport=54 len=3042 sip=10.0.0.50 id=8 piece=1480-2960" : b0=fragment
expect a0 b0 "udp dport=54 len=3042 sip=10.0.0.50 id=8 piece=1480-2960" : b0=pass

# A broadcast: of its copies those wait that rules are asked about.
lab send a0 bcast udp dport=54 len=3042 id=9 piece=1480-2960
arrive a1 1
arrive b0 0
arrive b1 0
lab send a0 bcast udp dport=54 len=3042 id=9 piece=0-1480
arrive a1 1
arrive b0 2
arrive b1 2
# One that has left a bridge for one receiver overlaps nothing at another.
expect a0 b0 "udp dport=54 len=3042 id=10 piece=0-1480" : b0=pass
expect a0 b1 "udp dport=54 len=3042 dip=10.0.0.3 id=10 piece=0-1480" : b1=pass
sums
