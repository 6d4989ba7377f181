#!/bin/bash
# IPv6: the first fragment's protocol counts, extension headers stand before and behind, atomic ones are whole.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/tools/fragments.sh
. "$tools/fragments.sh"

fragment_host
works vsegctl rule add web db allow protocol 50

# With headers before the one of the fragment, in each of them.
id=1
for chain in '' 'ext=hbh unfrag=8' 'ext=hbh,dst unfrag=16' 'ext=hbh,route unfrag=16'; do
	whole="udp6 dport=54 len=3062 $chain"
	expect a0 b0 "$whole id=$id piece=0-1400" : b0=pass
	expect a0 b0 "$whole id=$id piece=1400-2800" : b0=pass
	expect a0 b0 "$whole id=$id piece=2800-" : b0=pass
	id=$((id + 1))
	expect a0 b0 "udp6 dport=53 len=3062 $chain id=$id piece=0-1400" : b0=rule-deny
	expect a0 b0 "$whole id=$id piece=1400-2800" : b0=fragment
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
expect a0 b0 "udp6 dport=54 len=3062 ext=dst id=50 piece=0-1400" : b0=pass
expect a0 b0 "udp6 dport=54 len=3062 ext=dst id=50 piece=1400-2800" : b0=pass
# A first one without the header of its protocol.
expect a0 b0 "udp6 dport=54 len=3062 ext=dst id=51 piece=0-8" : b0=unparsed
expect a0 b0 "udp6 dport=54 len=3062 ext=dst id=51 piece=8-1408" : b0=fragment

# What a later one says of its protocol is nothing: ESP would pass.
expect a0 b0 "udp6 dport=53 len=3062 id=60 piece=0-1400" : b0=rule-deny
expect a0 b0 "udp6 dport=54 len=3062 id=60 next=50 piece=1400-2800" : b0=fragment
expect a0 b0 "udp6 dport=54 len=3062 id=61 piece=0-1400" : b0=pass
expect a0 b0 "udp6 dport=54 len=3062 id=61 next=50 piece=8-24" : b0=fragment
expect a0 b0 "udp6 dport=54 len=3062 id=61 next=50 piece=1400-2800" : b0=pass

# Atomic fragments are whole, and no part of another with their number.
expect a0 b0 "udp6 dport=54 len=200 id=70 piece=0-" : b0=pass
expect a0 b0 "udp6 dport=54 len=200 id=70 piece=0-" : b0=pass
expect a0 b0 "udp6 dport=53 len=200 id=70 piece=0-" : b0=rule-deny
sums
