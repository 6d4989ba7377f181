#!/bin/bash
# Monitor mode of a cell and of a bridge counts what rules would drop; rules with log make events.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

lab_up
ruled a0 b0 <<'END'
cell set web db rules monitor
rule add web db deny protocol udp port 53
rule add web db allow protocol udp port 123 log stateless
rule add web db allow protocol udp stateless
END

expect a0 b0 udp dport=53 : b0=would/rule-deny
expect a0 b0 tcp : b0=would/no-rule
expect a0 b0 udp : b0=pass
counts 1 rule web db 0 would-packets
counts 0 rule web db 0 packets
counts 1 rule web db 2 packets
counts 2 cell web db would-packets
counts 1 cell web db packets
counts 2 pair web db would-packets

works vsegctl cell set web db rules
expect a0 b0 udp dport=53 : b0=rule-deny
counts 1 rule web db 0 packets
counts 1 rule web db 0 would-packets
works vsegctl bridge set br0 mode monitor
expect a0 b0 udp dport=53 : b0=would/rule-deny
expect a0 b0 udp dport=53 pppoe=1 : b0=would/unparsed
counts 2 rule web db 0 would-packets
works vsegctl bridge set br0 mode enforce

# An event of what a rule lets pass, and of what it denies.
lab listen drops
expect a0 b0 udp dport=124 : b0=pass
expect a0 b0 udp dport=123 : b0=pass
event drops reason=none src=web dst=db dport=123
expect a0 b0 udp dport=53 : b0=rule-deny
event drops reason=rule-deny src=web dst=db dport=53
expect a0 b0 tcp : b0=no-rule
event drops reason=no-rule src=web dst=db
sums
