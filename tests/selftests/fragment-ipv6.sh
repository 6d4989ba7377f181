#!/bin/bash
# IPv6: the first fragment's protocol counts, extension headers stand before and behind, atomic ones are whole.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/tools/fragments.sh
. "$tools/fragments.sh"

fragment_host
works vsegctl rule add web db allow protocol 50

# udp ID PART VERDICT [KEY=VALUE...]: of a datagram of 3,008 bytes, to a port that is
# allowed if no other one is given.
udp() {
	expect a0 b0 "udp6 dport=54 len=3062 id=$1 piece=$2 ${*:4}" : "b0=$3"
}

# With headers before the one of the fragment, in each of them.
id=1
for chain in '' 'ext=hbh unfrag=8' 'ext=hbh,dst unfrag=16' 'ext=hbh,route unfrag=16'; do
	whole="udp6 dport=54 len=3062 $chain"
	udp "$id" 0-1400 pass "$chain"
	udp "$id" 1400-2800 pass "$chain"
	udp "$id" 2800- pass "$chain"
	id=$((id + 1))
	udp "$id" 0-1400 rule-deny dport=53 "$chain"
	udp "$id" 1400-2800 fragment "$chain"
	id=$((id + 1))
	# shellcheck disable=SC2086  # words
	{
		lab send a0 b0 $whole id=$id piece=2800-
		lab send a0 b0 $whole id=$id piece=1400-2800
		lab send a0 b0 $whole id=$id piece=0-1400
	}
	arrive b0 3
	id=$((id + 1))
done
# Behind the fragment header: options of the destination, in the first one.
udp 50 0-1400 pass ext=dst
udp 50 1400-2800 pass ext=dst
# A first one without the header of its protocol.
udp 51 0-8 unparsed ext=dst
udp 51 8-1408 fragment ext=dst

# What a later one says of its protocol is nothing: ESP would pass.
udp 60 0-1400 rule-deny dport=53
udp 60 1400-2800 fragment next=50
udp 61 0-1400 pass
udp 61 8-24 fragment next=50
udp 61 1400-2800 pass next=50

# Atomic fragments are whole, and no part of another with their number.
expect a0 b0 "udp6 dport=54 len=200 id=70 piece=0-" : b0=pass
expect a0 b0 "udp6 dport=54 len=200 id=70 piece=0-" : b0=pass
expect a0 b0 "udp6 dport=53 len=200 id=70 piece=0-" : b0=rule-deny
sums
