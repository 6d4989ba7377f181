#!/bin/bash
# A commit that denies a flow ends it at once, both ways; one that allows it again lets it go on.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

lab_up
ruled web0 db0 <<'END'
domain add mgmt
rule add web db protocol udp port 53 state
rule add web db protocol tcp port 80 state
END

ask() { expect web0 db0 udp dport=53 : "db0=$1"; }
answer() { expect db0 web0 udp sport=53 dport=1000 : "web0=$1"; }
segment() { expect web0 db0 tcp dport=80 tcpflags=0x10 seq=2 ack=2 empty=1 : "db0=$1"; }
segment_back() { expect db0 web0 tcp sport=80 dport=1000 tcpflags=0x10 seq=2 ack=2 empty=1 : "web0=$1"; }

begin() {
	ask pass
	answer pass/st
	expect web0 db0 tcp dport=80 seq=1 empty=1 : db0=pass
	expect db0 web0 tcp sport=80 dport=1000 tcpflags=0x12 seq=1 ack=2 empty=1 : web0=pass/st
	segment pass
	segment_back pass/st
}

begin
# A commit that changes nothing of it.
works vsegctl domain add other
answer pass/st
segment_back pass/st
ask pass
segment pass

# Another place in the list, and counted there.
policy <<'END'
rule add web db index 0 deny protocol udp port 54
END
counts 2 rule web db 1 packets
answer pass/st
ask pass
counts 3 rule web db 1 packets

# Of IPv6 likewise, and echoes, which have a type and no ports.
policy <<'END'
rule add web db protocol icmp icmp echo-request state
rule add web db protocol icmpv6 icmp 128 state
END
expect web0 db0 udp6 dport=53 : db0=pass
expect web0 db0 icmp : db0=pass
expect web0 db0 echo6 : db0=pass
works vsegctl domain add another
expect db0 web0 udp6 sport=53 dport=1000 : web0=pass/st
expect db0 web0 icmp icmptype=0 : web0=pass/st
expect db0 web0 echo6 icmptype=129 : web0=pass/st
policy <<'END'
rule add web db index 0 deny to fd00::/16
rule add web db index 0 deny protocol icmp
END
expect db0 web0 udp6 sport=53 dport=1000 : web0=default-deny
expect db0 web0 icmp icmptype=0 : web0=default-deny
expect db0 web0 echo6 icmptype=129 : web0=default-deny

# Denied: the answers too, and those before the next question.
policy <<'END'
rule del web db all
rule add web db protocol udp port 99 state
END
answer default-deny
segment_back default-deny
ask no-rule
segment no-rule

# Allowed again: TCP goes on without a new beginning, from either side.
policy <<'END'
rule del web db all
rule add web db protocol udp port 53 state
rule add web db protocol tcp port 80 state
END
answer default-deny
segment_back pass/st
segment pass
ask pass
answer pass/st

# So it does where no rule at all was left meanwhile, for longer than anybody looks.
policy <<'END'
rule del web db all
END
segment_back default-deny
reads status flows
held=$R
looked() { expect web0 db0 tcp dport=80 tcpflags=0x10 seq=2 ack=2 empty=1 : db0=no-rule; }
looked
settles() { [[ $(vsegctl -j zone show | jq length) == 1 ]]; }
past=$((SECONDS + 4))
until ((SECONDS >= past)); do
	settles || flunk "the zone went"
	looked
done
counts "$held" status flows
policy <<'END'
rule add web db protocol udp port 53 state
rule add web db protocol tcp port 80 state
END
segment_back pass/st
segment pass

# Stateless: the question passes, the answer doesn't.
policy <<'END'
rule del web db all
rule add web db protocol udp port 53 stateless
rule add web db protocol tcp port 80 stateless
END
answer default-deny
segment_back default-deny
ask pass
segment pass

# The port gets another domain: its flows are not those of its former one.
policy <<'END'
rule del web db all
rule add web db protocol udp port 53 state
END
ask pass
works vsegctl port bind db0 mgmt
expect db0 web0 udp sport=53 dport=1000 : web0=default-deny
sums
