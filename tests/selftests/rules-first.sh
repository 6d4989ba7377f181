#!/bin/bash
# The first rule that matches decides; each counts what it did, and so does the cell.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

lab_up
ruled a0 b0 <<'END'
rule add web db deny protocol tcp port 23 name telnet
rule add web db allow protocol tcp port 20-25 name old stateless
rule add web db deny protocol tcp port 25 name mail
rule add web db allow protocol udp stateless
END

expect a0 b0 tcp dport=23 : b0=rule-deny
expect a0 b0 tcp dport=25 : b0=pass
expect a0 b0 tcp dport=25 : b0=pass
expect a0 b0 udp : b0=pass
expect a0 b0 tcp dport=26 : b0=no-rule
counts 1 rule web db 0 packets
counts 2 rule web db 1 packets
counts 0 rule web db 2 packets
counts 1 rule web db 3 packets
counts 50 rule web db 3 bytes
counts 5 cell web db packets
counts no-rule pair web db reason
counts 2 pair web db packets

# A rule that comes before another changes what that one meets.
works vsegctl rule add web db index 1 deny protocol tcp port 25 name mail-first
expect a0 b0 tcp dport=25 : b0=rule-deny
counts 1 rule web db 1 packets
is "second rule" "$(vsegctl -j rule show web db | jq -r '.[1].name')" mail-first
works vsegctl rule del web db 1
expect a0 b0 tcp dport=25 : b0=pass

# Commits keep the counters of rules that look at the same and do the same,
# also where they were deleted and added again in between.
counts 1 rule web db 0 packets
counts 3 rule web db 1 packets
policy <<'END'
rule del web db all
rule add web db allow protocol udp name renamed stateless
rule add web db deny protocol tcp port 23
rule add web db deny protocol tcp port 20-25
END
counts 1 rule web db 0 packets
counts 1 rule web db 1 packets
counts 0 rule web db 2 packets
counts 7 cell web db packets
expect a0 b0 udp : b0=pass
counts 2 rule web db 0 packets

# The cell says the same again: its rules stay.  It says something else: they go.
works vsegctl cell set web db rules log
is "rules" "$(vsegctl -j cell show web db | jq '.[0].rules')" 3
works vsegctl cell set web db allow
expect a0 b0 tcp dport=23 : b0=pass
works vsegctl cell set web db rules
is "rules" "$(vsegctl -j cell show web db | jq '.[0].rules')" 0
expect a0 b0 udp : b0=no-rule
works vsegctl cell del web db
expect a0 b0 udp : b0=default-deny
sums
