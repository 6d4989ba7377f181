#!/bin/bash
# A limit that is lowered under what is used ends no flow that was answered; none begins until there is room.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

lab_up
taps web0 db0
policy <<'END'
policy set guard off state-limit 40
bridge add br0
domain add web
domain add db
cell set web db rules
rule add web db protocol udp state
port bind web0 web
port bind db0 db
END
ask() { expect web0 db0 udp sport="$1" : "db0=$2"; }
answer() { expect db0 web0 udp sport=2000 dport="$1" : web0=pass/st; }

# 20 that were answered, 10 that weren't.
for ((port = 1; port <= 30; port++)); do
	ask "$port" pass
	[[ $port -gt 20 ]] || answer "$port"
done
counts 30 status flows
works vsegctl policy set state-limit 5
counts 30 status flows
for port in 1 20; do
	ask "$port" pass
	answer "$port"
done

# Each one more makes one go that wasn't answered, and doesn't begin itself.
for ((port = 100; port < 140; port++)); do
	ask "$port" state-full
done
counts 20 status flows
reads status flows-evicted
is evicted "$R" 10
counts 40 status flows-refused
for ((port = 1; port <= 20; port++)); do
	answer "$port"
	ask "$port" pass
done
# With room again they begin.
works vsegctl policy set state-limit 21
ask 200 pass
counts 21 status flows
answer 200
ask 202 state-full
works conntrack -D -p udp --orig-port-src 1
fewer() { lab counter status flows && [[ $R == 20 ]]; }
soon 20 fewer
ask 203 pass
sums
