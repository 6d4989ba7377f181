#!/bin/bash
# What a stateful rule lets begin is answered; nothing else comes back.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

lab_up
ruled web0 db0 mgmt0 <<'END'
rule add web db protocol tcp port 80 state
rule add web db protocol udp port 53 state
rule add web db protocol icmp icmp echo-request state
rule add web db protocol icmpv6 icmp 128 state
END

# Nothing comes back of what nobody asked for.
expect db0 web0 udp sport=53 dport=1000 : web0=default-deny
expect db0 web0 tcp sport=80 dport=1000 tcpflags=0x12 : web0=default-deny
expect db0 web0 icmp icmptype=0 : web0=default-deny

expect web0 db0 udp sport=1000 dport=53 : db0=pass
expect db0 web0 udp sport=53 dport=1000 : web0=pass/st
expect web0 db0 udp sport=1000 dport=53 : db0=pass
expect web0 db0 udp sport=1000 dport=54 : db0=no-rule
expect db0 web0 udp sport=53 dport=1001 : web0=default-deny
expect db0 web0 udp sport=54 dport=1000 : web0=default-deny
expect web0 db0 udp6 sport=1000 dport=53 : db0=pass
expect db0 web0 udp6 sport=53 dport=1000 : web0=pass/st

# TCP by its three segments, data and the end.
expect web0 db0 tcp dport=80 seq=1 empty=1 : db0=pass
expect db0 web0 tcp sport=80 dport=1000 tcpflags=0x12 seq=1 ack=2 empty=1 : web0=pass/st
expect web0 db0 tcp dport=80 tcpflags=0x10 seq=2 ack=2 : db0=pass
expect db0 web0 tcp sport=80 dport=1000 tcpflags=0x10 seq=2 ack=10 empty=1 : web0=pass/st
expect web0 db0 tcp6 dport=80 seq=1 empty=1 : db0=pass
expect db0 web0 tcp6 sport=80 dport=1000 tcpflags=0x12 seq=1 ack=2 empty=1 : web0=pass/st

# An echo request the other way is none of the flow's.
expect web0 db0 icmp : db0=pass
expect db0 web0 icmp icmptype=0 : web0=pass/st
expect db0 web0 icmp : web0=default-deny
expect web0 db0 echo6 : db0=pass
expect db0 web0 echo6 icmptype=129 : web0=pass/st
expect db0 web0 echo6 : web0=default-deny

# Nor are frames with the right addresses that go the wrong way.
expect db0 web0 udp sip=10.0.0.1 dip=10.0.0.2 sport=1000 dport=53 : web0=state-mismatch
expect web0 db0 udp sip=10.0.0.2 dip=10.0.0.1 sport=53 dport=1000 : db0=state-mismatch
# What connection tracking calls invalid is said to be of the flow.
expect db0 web0 tcp sport=80 dport=1000 tcpflags=0x10 seq=9000000 ack=10 : web0=state-invalid

# A third one has no part in it, whatever it forges.
expect mgmt0 web0 udp sip=10.0.0.2 sport=53 dport=1000 : web0=default-deny
expect mgmt0 web0 tcp sip=10.0.0.2 sport=80 dport=1000 tcpflags=0x10 seq=2 ack=10 : web0=default-deny
sums
