#!/bin/bash
# Flows of a rule that says keep outlive it; new ones do not begin.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

lab_up
ruled web0 db0 <<'END'
rule add web db protocol udp port 53 state keep
rule add web db protocol udp port 54 state
END
expect web0 db0 udp dport=53 : db0=pass
expect db0 web0 udp sport=53 dport=1000 : web0=pass/st
expect web0 db0 udp dport=54 : db0=pass
expect db0 web0 udp sport=54 dport=1000 : web0=pass/st

still() {
	expect web0 db0 udp dport=53 : db0=pass/st
	expect db0 web0 udp sport=53 dport=1000 : web0=pass/st
	expect web0 db0 udp sport=1001 dport=53 : "db0=$1"
	expect db0 web0 udp sport=53 dport=1001 : web0=default-deny
	expect db0 web0 udp sport=54 dport=1000 : web0=default-deny
}

works vsegctl rule del web db all
still no-rule
works vsegctl cell del web db
still default-deny
works vsegctl domain add other
still default-deny
# A plain allow the other way doesn't hide the answers from it.
policy <<'END'
policy allow db web
END
expect web0 db0 udp dport=53 : db0=pass/st
works vsegctl policy del db web
still default-deny
sums
works vsegctl off
