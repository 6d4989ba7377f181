#!/bin/bash
# iperf3 stands still while its rule is gone, both ways, and goes on when it is back, on the same connection.
# shellcheck source=lib.sh
# time limit: 180
. "${0%/*}/../lib.sh"

lab_up mcast_snooping 0
guests web0 db0
policy <<'END'
policy set guard off
bridge add br0
domain add web
domain add db
cell set web db rules
rule add web db protocol tcp port 5201 state
rule add web db protocol icmp state
port bind web0 web
port bind db0 db
END

listening() { ip netns exec db0 ss -Hltn 'sport = :5201' | grep -q .; }
# came FROM MORE: so many packets more than FROM have been passed.
packets() { reads port db0 tx-packets; }
came() { packets && [[ $R -ge $1 ]]; }
denied() { reads total "$1" && [[ $R -gt $2 ]]; }
established() { ip netns exec web0 ss -Htn state established 'dport = :5201'; }

# run REASON WORDS...: 20 MB, at a pace that leaves time to stop them: nothing of
# it gets through, for REASON, until it may again.
run() {
	local reason=$1 before now sockets
	ip netns exec db0 iperf3 -s -1 >"$lab_dir/server" 2>&1 &
	local server=$!
	soon 10 listening
	ip netns exec web0 iperf3 -c "${ip4[db0]}" -n 20M -b 16M -J "${@:2}" >"$lab_dir/client" 2>&1 &
	local client=$!
	packets
	soon 30 came $((R + 50))
	sockets=$(established | awk '{ print $3, $4 }')

	works vsegctl rule del web db 0
	reads total "$reason"
	soon 30 denied "$reason" "$R"
	packets
	before=$R
	reads port web0 tx-packets
	before+=" $R"
	# One retransmission after the other.
	reads total "$reason"
	soon 30 denied "$reason" "$((R + 1))"
	packets
	now=$R
	reads port web0 tx-packets
	is "packets that passed meanwhile" "$now $R" "$before"
	# What another rule allows goes on.
	pings web0 "${ip4[db0]}"

	works vsegctl rule add web db index 0 protocol tcp port 5201 state
	packets
	soon 60 came $((R + 50))
	is "connections" "$(established | awk '{ print $3, $4 }')" "$sockets"
	wait "$client" || flunk "iperf3 ended with $?: $(jq .error "$lab_dir/client")"
	wait "$server" || flunk "the server ended with $?"
	figure "iperf3 $* got $(jq '.end.sum_received.bytes' "$lab_dir/client") bytes through, $(jq .end.sum_sent.retransmits "$lab_dir/client") retransmitted"
	holds "all bytes were received" "$(jq .end.sum_received.bytes "$lab_dir/client") >= 20971520"
}
run no-rule
# The server sends, and the answers are what is denied.
run default-deny -R
pings web0 "${ip4[db0]}"
sums
