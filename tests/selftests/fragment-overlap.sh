#!/bin/bash
# Fragments that overlap are dropped, and no more of their datagram passes.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/tools/fragments.sh
. "$tools/fragments.sh"

fragment_host

# tcp ID PART: of a segment with 40 bytes of data.
tcp() {
	echo "tcp dport=22 len=94 id=$1 piece=$2"
}

# One that brings nothing new is lost alone, whatever is in it: the flags of
# TCP, at offset 8, aren't written anew.
expect a0 b0 "$(tcp 1 0-40)" : b0=pass
expect a0 b0 "$(tcp 1 8-24) tcpflags=0x10" : b0=fragment
expect a0 b0 "$(tcp 1 0-40)" : b0=fragment
expect a0 b0 "$(tcp 1 40-)" : b0=pass

# One that brings something anew isn't.
expect a0 b0 "$(tcp 2 0-40)" : b0=pass
expect a0 b0 "$(tcp 2 32-48)" : b0=fragment
expect a0 b0 "$(tcp 2 40-)" : b0=fragment
expect a0 b0 "$(tcp 2 0-40)" : b0=fragment

# Nor is it when it came before the first one.
lab send a0 b0 tcp dport=22 len=94 id=3 piece=16-48
lab send a0 b0 tcp dport=22 len=94 id=3 piece=0-24
soon 5 dropped fragment 7
arrive b0 0
expect a0 b0 "$(tcp 3 48-)" : b0=fragment

# The end is where the last fragment says, whichever comes first.
expect a0 b0 "$(tcp 4 0-40)" : b0=pass
expect a0 b0 "$(tcp 4 48-)" : b0=pass
expect a0 b0 "$(tcp 4 40-48) more=0" : b0=fragment
expect a0 b0 "$(tcp 4 40-48)" : b0=fragment
expect a0 b0 "$(tcp 5 0-40)" : b0=pass
expect a0 b0 "$(tcp 5 40-48) more=0" : b0=pass
lab send a0 b0 tcp dport=22 len=94 id=5 piece=48-
soon 5 dropped fragment 11

# What no sender makes: a length that isn't in eights, or none.
expect a0 b0 "$(tcp 6 0-36)" : b0=fragment
expect a0 b0 "$(tcp 7 0-40)" : b0=pass
expect a0 b0 "$(tcp 7 40-44) more=1" : b0=fragment
expect a0 b0 "$(tcp 7 40-40) more=1" : b0=fragment
expect a0 b0 "$(tcp 7 40-)" : b0=pass

# A rule that denies is asked first.
expect a0 b0 udp dport=53 len=94 id=8 piece=0-40 : b0=rule-deny
expect a0 b0 udp dport=53 len=94 id=8 piece=0-40 : b0=rule-deny
sums
