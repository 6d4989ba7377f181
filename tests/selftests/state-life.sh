#!/bin/bash
# Flows alive when a policy goes, the module goes, or a namespace goes: nothing is left, nothing waits.
# shellcheck source=lib.sh
# time limit: 180
. "${0%/*}/../lib.sh"

lab_up
taps web0 db0
rules() {
	policy <<'END'
policy set guard off
bridge add br0
domain add web
domain add db
cell set web db rules
rule add web db protocol udp state
port bind web0 web
port bind db0 db
END
}
flows() {
	local port
	for ((port = 1; port <= 20; port++)); do
		expect web0 db0 udp sport="$port" : db0=pass
	done
	counts 20 status flows
}
entries() { R=$(conntrack -L -p udp 2>/dev/null | grep -c 'dport=2000.*zone=' || :); }

rules
flows
entries
is entries "$R" 20
like entry "$(conntrack -L 2>/dev/null | head -n 1)" 'mark=[1-9].*zone=(3[2-9]|[4-6])[0-9]{3}'
works vsegctl off
entries
is 'entries after off' "$R" 0

# The module comes and goes with what conntrack has of others.
rules
flows
works module_reload
rules
flows

# A domain goes, with its flows, while the policy stays.
policy <<'END'
port unbind web0
rule del web db all
cell del web db
domain del web
END
gone() { lab counter status flows && [[ $R == 0 ]] && entries && [[ $R == 0 ]]; }
soon 20 gone
works vsegctl off

# A namespace with flows of its own is killed: its end doesn't wait for them.
inside() {
	ip link add br9 type bridge
	ip link set br9 up
	ip link add p0 type veth peer name q0
	ip link add p1 type veth peer name q1
	local link
	for link in p0 p1 q0 q1; do
		ip link set "$link" up
	done
	ip link set p0 master br9
	ip link set p1 master br9
	vsegctl -b - <<'END'
policy set guard off
bridge add br9
domain add a
domain add b
cell set a b rules
rule add a b protocol udp state
port bind p0 a
port bind p1 b
END
	ip address add 10.9.0.1/24 dev q0
	ip neighbour add 10.9.0.2 lladdr 02:00:00:00:00:99 dev q0 nud permanent
	echo hello >/dev/udp/10.9.0.2/2000
	local tries
	for ((tries = 0; tries < 100; tries++)); do
		[[ $(vsegctl -j status | jq .flows) -eq 1 ]] && return 0
		sleep 0.1
	done
	return 1
}
works unshare --net "$BASH" -c "$(declare -f inside); inside"
works module_reload
sums
