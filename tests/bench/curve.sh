# shellcheck shell=bash disable=SC2034,SC2154  # names shared with guest.sh
# What a frame costs by the size of the policy: for each filter and size a line
#   point FILTER SIZE INSTRUCTIONS
# with what is added to plain bridging.  The frame's own pair or rule is the last.

most_rules=4096   # that a pair can have in vseg

rows_curve() {
	topology_even 0 4
	unicast
	sender_set
	send 100
	send 1000
	plain=$sum
	local size
	for size in 1 10 100 1000 10000; do
		curve_peers "$size"
		curve_vseg "$size"
	done
}

# point FILTER SIZE: fewer frames where each takes long.
point() {
	local hundredths
	sender_set
	send 10
	frames=$((sum > 1000000 ? 20 : 1000))
	warm_up "$frames"
	send "$frames"
	hundredths=$((sum * 100 / frames - plain / 10))
	printf 'point\t%s\t%s\t%d.%02d\n' "$1" "$2" $((hundredths / 100)) $((hundredths % 100))
	unicast
}

curve_peers() {
	if ebtables-legacy -L >/run/log 2>&1; then
		ebtables_rules "$1" | ebtables-legacy-restore
		point ebtables "$1"
		ebtables_gone
	fi
	nft_linear "$1"
	point "nftables, list" "$1"
	nft_gone
	nft_vmap "$1"
	point "nftables, vmap" "$1"
	nft_gone
	tc_flower "$1"
	point "tc flower" "$1"
	tc_gone
	if bpf_load; then
		bpf_pairs "$1"
		point tc-bpf "$1"
		tc_gone
	fi
}

tc_flower() {
	local i
	tc qdisc add dev g1 clsact
	{
		echo "filter add dev g1 egress prio 9 protocol all matchall action drop"
		for ((i = 1; i < $1; i++)); do
			echo "filter add dev g1 egress prio 1 protocol ip flower indev g0 ip_proto udp dst_port $((i + 1000)) action pass"
		done
		echo "filter add dev g1 egress prio 1 protocol ip flower indev g0 ip_proto udp dst_port 9 action pass"
	} | tc -batch -
}

# Pairs of domains, then rules in a list of one pair.
curve_vseg() {
	vseg_load
	{
		echo "policy set guard off"
		echo "bridge add br0"
		vseg_pairs "$1"
		echo "port bind g0 d0"
		echo "port bind g1 d1"
	} | vsegctl -b -
	point "vseg, pairs" "$1"
	vsegctl off
	curve_vseg_rules $(($1 < most_rules ? $1 : most_rules))
	vsegctl off
	wait_until rmmod vseg
}

curve_vseg_rules() {
	edit "policy set guard off" "bridge add br0" "domain add web" \
		"domain add db" "port bind g0 web" "port bind g1 db"
	rule_list "$1" | vsegctl -b -
	point "vseg, rules" "$1"
}

# vseg_pairs COUNT: cells between the fewest domains that have as many pairs.
vseg_pairs() {
	local i k count=0 side=2
	while ((side * (side - 1) < $1)); do
		side=$((side + 1))
	done
	for ((i = 0; i < side; i++)); do
		echo "domain add d$i"
	done
	for ((i = 0; i < side; i++)); do
		for ((k = 0; k < side; k++)); do
			((i != k && count < $1)) || continue
			echo "policy allow d$i d$k"
			count=$((count + 1))
		done
	done
}
