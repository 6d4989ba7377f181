#!/bin/bash
# Monitor mode lets fragments pass and counts them; rules with log tell of them.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/tools/fragments.sh
. "$tools/fragments.sh"

fragment_host
works vsegctl cell set web db rules monitor
expect a0 b0 udp dport=53 len=3042 id=1 piece=0-1480 : b0=would/rule-deny
expect a0 b0 udp dport=53 len=3042 id=1 piece=1480-2960 : b0=would/fragment
counts 2 rule web db 0 would-packets
counts 2 cell web db would-packets
# Without its first one it passes when its time is over.
piece 1480-2960 id=2
arrive b0 1
counts 3 cell web db would-packets
counts 2 total would-fragment
counts 0 total fragment
# What overlaps passes at once.
expect a0 b0 udp dport=54 len=3042 id=3 piece=0-1480 : b0=pass
expect a0 b0 udp dport=54 len=3042 id=3 piece=0-1480 : b0=would/fragment

works vsegctl cell set web db rules
works vsegctl bridge set br0 mode monitor
expect a0 b0 udp dport=54 len=3042 id=4 piece=0-1480 : b0=pass
expect a0 b0 udp dport=54 len=3042 id=4 piece=8-1488 : b0=would/fragment
works vsegctl bridge set br0 mode enforce

lab listen drops
expect a0 b0 udp dport=53 len=3042 id=5 piece=0-1480 : b0=rule-deny
expect a0 b0 udp dport=53 len=3042 id=5 piece=1480-2960 : b0=fragment
event drops reason=rule-deny src=web dst=db
event drops reason=fragment src=web dst=db
value /sys/class/net/a0/vseg/drop_fragment
is "drop_fragment of the port" "$R" 1
sums
