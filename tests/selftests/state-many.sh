#!/bin/bash
# Thousands of flows are answered and counted, and one commit ends them all at the first frame.  (FLOWS=100000 tests/run state-many)
# shellcheck source=lib.sh
# time limit: 300
NAMESPACE=init
. "${0%/*}/../lib.sh"
# shellcheck source=tests/tools/tracking.sh
. "$tools/tracking.sh"

flows=${FLOWS:-10000} each=10000
modprobe pktgen || skip "no pktgen"
put_away() {
	table_back
	rmmod pktgen
	ip link del g0
	ip link del g1
}
own_host
lab_up mcast_snooping 0
table_of $((flows * 2 + 20000))
# What the host itself has there from before would be counted.
works conntrack -F
nothing() { entries && [[ $R == 0 ]]; }
soon 60 nothing
ip -batch - <<'END'
link add g0 address 02:00:00:00:00:01 type dummy
link add g1 address 02:00:00:00:00:02 type dummy
END
# They have nothing to say by themselves.
for port in g0 g1; do
	echo 1 >"/proc/sys/net/ipv6/conf/$port/disable_ipv6"
	ip link set "$port" master br0 up
done
bridge -batch - <<'END'
fdb replace 02:00:00:00:00:01 dev g0 master static
fdb replace 02:00:00:00:00:02 dev g1 master static
END
policy <<'END'
policy set guard off state-limit 1048576
bridge add br0
domain add web
domain add db
port bind g0 web
port bind g1 db
cell set web db rules
rule add web db protocol udp port 53 state
END

# pktgen FILE WORDS: one of its commands.
pktgen() {
	echo "${*:2}" >"/proc/net/pktgen/$1"
}

# volley FROM TO SOURCE DEST VARIES FIXED: one frame of each of so many flows, as
# if they came in by g0 or g1.
volley() {
	local word
	pktgen kpktgend_0 rem_device_all
	pktgen kpktgend_0 add_device "g$1"
	for word in "count $each" 'clone_skb 0' 'pkt_size 60' 'delay 0' \
		'xmit_mode netif_receive' "src_mac 02:00:00:00:00:0$(($1 + 1))" \
		"dst_mac 02:00:00:00:00:0$(($2 + 1))" "src_min $3" "src_max $3" \
		"dst_min $4" "dst_max $4" "udp_$5_min 1024" "udp_$5_max $((1024 + each))" \
		"udp_$6_min 53" "udp_$6_max 53"; do
		pktgen "g$1" "$word"
	done
	pktgen pgctrl start
	like "what pktgen says" "$(<"/proc/net/pktgen/g$1")" "sofar: $each +errors: 0"
}

# ask, answer: a frame of each flow.
ask() {
	local i
	for ((i = 0; i < flows / each; i++)); do
		volley 0 1 "10.1.$i.1" 10.2.0.1 src dst
	done
}
answer() {
	local i
	for ((i = 0; i < flows / each; i++)); do
		volley 1 0 10.2.0.1 "10.1.$i.1" dst src
	done
}

# memory: KiB that the kernel's objects take, into R.
memory() {
	R=$(awk '$1 == "Slab:" { print $2 }' /proc/meminfo)
}
# came DEV WHAT N: so many frames more than at the last `mark DEV`.
declare -A seen=()
mark() {
	seen[$1]=$(<"/sys/class/net/$1/statistics/tx_packets")
}
came() {
	is "$2" $(($(<"/sys/class/net/$1/statistics/tx_packets") - seen[$1])) "$3"
}

memory
had=$R
mark g1
began=$EPOCHREALTIME
ask
took=$(((${EPOCHREALTIME/./} - ${began/./}) / 1000))
counts "$flows" rule web db 0 packets
counts "$flows" status flows
counts 0 status flows-evicted
counts 0 status flows-refused
entries
is entries "$R" "$flows"
came g1 "questions that came" "$flows"
memory
figure "$flows flows begun in $took ms; $((R - had)) KiB more of the kernel's memory, $(((R - had) * 1024 / flows)) bytes a flow; at most $(vsegctl -j status | jq .flows_max) flows"

mark g0
answer
counts "$flows" port g1 pass-state
came g0 "answers that came" "$flows"
ask
counts $((2 * flows)) rule web db 0 packets
entries
is "entries, all answered" "$R" "$flows"

# One commit, and no frame of any of them passes, from the first one on.
began=$EPOCHREALTIME
policy <<'END'
rule del web db all
rule add web db protocol udp port 54 state
END
figure "the commit that denies them all took $(((${EPOCHREALTIME/./} - ${began/./}) / 1000)) ms"
mark g0
mark g1
answer
counts "$flows" port g1 pass-state
counts "$flows" port g1 default-deny
came g0 "answers that came after it" 0
ask
came g1 "questions that came after it" 0
counts "$flows" port g0 no-rule
none() { entries && [[ $R == 0 ]] && lab counter status flows && [[ $R == 0 ]]; }
soon 60 none
sums
