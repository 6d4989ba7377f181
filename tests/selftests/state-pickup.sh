#!/bin/bash
# A TCP flow begins in its midst only with state-pickup on, where a rule allows it, and counted.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

lab_up
ruled web0 db0 <<'END'
rule add web db protocol tcp port 80 state
END
picked() { counts "$1" status flows-picked-up; }

expect web0 db0 tcp dport=80 tcpflags=0x10 seq=100 ack=200 : db0=state-invalid
expect db0 web0 tcp sport=80 dport=1000 tcpflags=0x10 seq=200 ack=108 : web0=default-deny
picked 0
works vsegctl policy set state-pickup on
# The answer alone begins nothing: it isn't of a direction that may.
expect db0 web0 tcp sport=80 dport=1000 tcpflags=0x10 seq=200 ack=108 : web0=default-deny
expect web0 db0 tcp dport=80 tcpflags=0x10 seq=100 ack=200 : db0=pass
expect db0 web0 tcp sport=80 dport=1000 tcpflags=0x10 seq=200 ack=108 : web0=pass/st
expect web0 db0 tcp dport=81 tcpflags=0x10 seq=100 ack=200 : db0=no-rule
expect web0 db0 tcp dport=80 sport=1001 tcpflags=0x04 seq=100 : db0=state-invalid
picked 1
works vsegctl policy set state-pickup off
expect web0 db0 tcp dport=80 sport=1002 tcpflags=0x10 seq=100 ack=200 : db0=state-invalid
expect web0 db0 tcp dport=80 sport=1003 seq=100 : db0=pass
picked 1
sums
