#!/bin/bash
# Who begins flow after flow gets no more than its domain may have, and others lose nothing.
# shellcheck source=lib.sh
# time limit: 120
. "${0%/*}/../lib.sh"

lab_up
ruled web0 db0 mgmt0 <<'END'
policy set state-limit 20
rule add web db protocol udp,tcp state
cell set mgmt db rules
rule add mgmt db protocol udp state
END

# Flows with an answer fill a part of what there is.
for ((port = 1; port <= 5; port++)); do
	expect web0 db0 udp sport="$port" : db0=pass
	expect db0 web0 udp sport=2000 dport="$port" : web0=pass/st
done
expect mgmt0 db0 udp : db0=pass
expect db0 mgmt0 udp sport=2000 dport=1000 : mgmt0=pass/st

# A flood without answers goes round in the rest.
for ((port = 100; port < 160; port++)); do
	expect web0 db0 tcp sport="$port" : db0=pass
done
counts 21 status flows
reads status flows-evicted
is evicted "$R" 45
counts 0 status flows-refused
# The answered ones are there, and so is the other domain's.
for ((port = 1; port <= 5; port++)); do
	expect db0 web0 udp sport=2000 dport="$port" : web0=pass/st
done
expect db0 mgmt0 udp sport=2000 dport=1000 : mgmt0=pass/st

# When all have an answer, the next one is refused.
for ((port = 145; port < 160; port++)); do
	expect db0 web0 tcp sport=2000 dport="$port" tcpflags=0x12 seq=1 ack=10 : web0=pass/st
done
expect web0 db0 udp sport=999 : db0=state-full
counts 1 status flows-refused
expect mgmt0 db0 udp sport=1001 : db0=pass
# More are allowed.
works vsegctl policy set state-limit 30
expect web0 db0 udp sport=999 : db0=pass

# Entries that are gone make room.
works conntrack -F
gone() { lab counter status flows && [[ $R == 0 ]]; }
soon 20 gone
expect web0 db0 udp sport=998 : db0=pass
counts 1 status flows

# No zone is left for a second pair.
policy <<'END'
policy set state-zones 40000-40000
END
one() { vsegctl -j zone show | jq -e 'length == 0' >/dev/null; }
soon 20 one
expect web0 db0 udp : db0=pass
expect mgmt0 db0 udp : db0=state-full
expect db0 web0 udp sport=2000 dport=1000 : web0=pass/st
sums
