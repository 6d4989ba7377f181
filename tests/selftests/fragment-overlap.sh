#!/bin/bash
# Fragments that overlap are dropped, and no more of their datagram passes.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/tools/fragments.sh
. "$tools/fragments.sh"

fragment_host

# tcp ID PART VERDICT [KEY=VALUE]: of a segment with 40 bytes of data.
tcp() {
	expect a0 b0 "tcp dport=22 len=94 id=$1 piece=$2 ${4-}" : "b0=$3"
}

# One that brings nothing new is lost alone, whatever is in it: the flags of
# TCP, at offset 8, aren't written anew.
tcp 1 0-40 pass
tcp 1 8-24 fragment tcpflags=0x10
tcp 1 0-40 fragment
tcp 1 40- pass

# One that brings something anew isn't.
tcp 2 0-40 pass
tcp 2 32-48 fragment
tcp 2 40- fragment
tcp 2 0-40 fragment

# Nor is it when it came before the first one.
lab send a0 b0 tcp dport=22 len=94 id=3 piece=16-48
lab send a0 b0 tcp dport=22 len=94 id=3 piece=0-24
soon 5 dropped fragment 7
arrive b0 0
tcp 3 48- fragment

# The end is where the last fragment says, whichever comes first.
tcp 4 0-40 pass
tcp 4 48- pass
tcp 4 40-48 fragment more=0
tcp 4 40-48 fragment
tcp 5 0-40 pass
tcp 5 40-48 pass more=0
lab send a0 b0 tcp dport=22 len=94 id=5 piece=48-
soon 5 dropped fragment 11

# What no sender makes: a length that isn't in eights, or none.
tcp 6 0-36 fragment
tcp 7 0-40 pass
tcp 7 40-44 fragment more=1
tcp 7 40-40 fragment more=1
tcp 7 40- pass

# A rule that denies is asked first.
expect a0 b0 udp dport=53 len=94 id=8 piece=0-40 : b0=rule-deny
expect a0 b0 udp dport=53 len=94 id=8 piece=0-40 : b0=rule-deny
sums
