#!/bin/bash
# What waits, and what is remembered, is bounded; who floods has the worst of it.
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
rule add mgmt db allow protocol udp port 54 stateless
END

# Of one datagram 64 wait, and not one more.
for ((at = 1; at <= 70; at++)); do
	lab send a0 b0 udp dport=54 len=1000 id=1 "piece=$((at * 8))-$((at * 8 + 8))"
done
works dropped fragment 6
lab send a0 b0 udp dport=54 len=1000 id=1 piece=0-8
arrive b0 65

# Of one domain 256 wait.  Another domain's have room beside them.
lab burst 300 a0 b1 udp dport=54 len=1000 id=+ piece=480-
works dropped fragment 50
lab send c0 b0 udp dport=54 len=1000 id=2 piece=480-
lab send c0 b0 udp dport=54 len=1000 id=2 piece=0-480
arrive b0 2
soon 5 dropped fragment 306
arrive b1 0

# One that floods with first fragments pushes out no other domain's.
lab load 1 c0 b0 udp dport=54 len=1000 id=3 piece=0-80
for ((part = 80; part < 960; part += 80)); do
	lab load 500 a0 b1 udp dport=54 len=100 piece=0-48 id=+
	lab load 1 c0 b0 udp dport=54 len=1000 id=3 piece=$part-$((part + 80))
done
lab fire
arrive b0 12
works dropped fragment 306
sums
