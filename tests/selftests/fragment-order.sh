#!/bin/bash
# Later fragments have the verdict of their first one, in whatever order they come.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/tools/fragments.sh
. "$tools/fragments.sh"

fragment_host

# In order.
one='len=3042 piece=0-1480' two='len=3042 piece=1480-2960' three='len=3042 piece=2960-'
expect a0 b0 "udp dport=54 id=1 $one" : b0=pass
expect a0 b0 "udp dport=54 id=1 $two" : b0=pass
expect a0 b0 "udp dport=54 id=1 $three" : b0=pass
counts 3 rule web db 1 packets
# All of it came by: what has the same number now is of another datagram.
piece 1480-2960 id=1
soon 5 dropped fragment 1

# The first one is denied, and so are the others.
expect a0 b0 "udp dport=53 id=2 $one" : b0=rule-deny
expect a0 b0 "udp dport=54 id=2 $two" : b0=fragment
expect a0 b0 "udp dport=54 id=2 $three" : b0=fragment
counts 3 rule web db 0 packets
counts 3 rule web db 1 packets

# What isn't of the same datagram doesn't pass with it.
expect a0 b0 "udp dport=54 id=3 $one" : b0=pass
for other in id=4 'id=3 sip=10.0.0.77' 'id=3 dip=10.0.0.77' 'id=3 proto=6'; do
	# shellcheck disable=SC2086  # words
	piece 1480-2960 $other
done
soon 5 dropped fragment 7
arrive b0 0
expect a0 b0 "udp dport=54 id=3 $two" : b0=pass

# The last one first: all wait, and pass once the first one is there.
piece 2960- id=5
piece 1480-2960 id=5
arrive b0 0
piece 0-1480 id=5
arrive b0 3
counts 8 rule web db 1 packets

# They wait, and are dropped where the first one is denied.
piece 2960- id=6
piece 1480-2960 id=6
# shellcheck disable=SC2086  # words
lab send a0 b0 udp dport=53 id=6 $one
soon 5 dropped fragment 9
soon 5 dropped rule-deny 2
arrive b0 0

# The flags of TCP are the first one's, which has to have the whole header.
expect a0 b0 tcp dport=22 id=7 len=94 piece=0-40 : b0=pass
expect a0 b0 tcp dport=22 id=7 len=94 piece=40- : b0=pass
expect a0 b0 tcp dport=22 id=8 len=94 piece=0-16 : b0=unparsed
expect a0 b0 tcp dport=22 id=8 len=94 piece=16- : b0=fragment

# Rules that look at addresses alone need no first one.
works vsegctl rule add web db index 0 allow from 10.0.0.99
expect a0 b0 "udp sip=10.0.0.99 id=9 $two" : b0=pass
# Nor do those that are about later fragments themselves.
works vsegctl rule add web db allow protocol udp fragment later
piece 1480-2960 id=10
soon 5 dropped fragment 11
works vsegctl rule add web db index 0 allow protocol udp fragment later
expect a0 b0 "udp dport=54 id=10 $two" : b0=pass
sums
