#!/bin/bash
# Fragments wait for their first one for a second, and it is remembered for two.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/tools/fragments.sh
. "$tools/fragments.sh"

fragment_host

# clock: milliseconds, into R.
clock() {
	R=${EPOCHREALTIME/./}
	R=${R%???}
}

# The first one never comes.
clock
began=$R
piece 1480-2960 id=1
piece 2960- id=1
soon 20 dropped fragment 2
clock
holds "milliseconds that they waited" "$R - began >= 950"
arrive b0 0
# Its time is over: the datagram begins anew.
piece 0-1480 id=1
arrive b0 1
piece 1480-2960 id=1
arrive b0 1
counts 2 rule web db 1 packets

# It is remembered for two seconds: the next one of the same number is another.
expect a0 b0 udp dport=54 len=3042 id=2 piece=0-1480 : b0=pass
expect a0 b0 udp dport=54 len=3042 id=2 piece=0-1480 : b0=fragment
clock
began=$R
# Each look keeps it for two more, so there is one, and it comes late.
until clock && ((R - began > 2200)); do
	pause 0.1
done
expect a0 b0 udp dport=54 len=3042 id=2 piece=0-1480 : b0=pass
sums
