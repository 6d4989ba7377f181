# shellcheck shell=bash disable=SC2034,SC2154  # names shared with guest.sh
# What else a host can put between the ports of a bridge, row by row.  All pass
# the frames of unicast() for the last of their rules, and would drop another's.

peers() {
	peers_ebtables
	peers_ebtables_nft
	peers_nftables
	peers_nftables_state
	peers_tracking
	peers_tc
	peers_bpf
	peers_ovs
	peers_br_netfilter
	measure "plain, after all these" plain left
}

index_of() {
	cat "/sys/class/net/$1/ifindex"
}

# The last lines of what a command said.
why() {
	tail -n 2 "$1" | tr '\n\t' '  '
}

# forget MODULE...: and what only they have loaded.
forget() {
	wait_until modprobe -r "$@"
}

# --- ebtables -----------------------------------------------------------------

# ebtables_rules COUNT: as ebtables-save prints them.
ebtables_rules() {
	local i
	echo "*filter"
	echo ":INPUT ACCEPT"
	echo ":FORWARD $( (($1)) && echo DROP || echo ACCEPT)"
	echo ":OUTPUT ACCEPT"
	for ((i = 1; i < $1; i++)); do
		echo "-A FORWARD -i h$i -o g1 -j ACCEPT"
	done
	! (($1)) || echo "-A FORWARD -i g0 -o g1 -j ACCEPT"
}

ebtables_gone() {
	ebtables_rules 0 | ebtables-legacy-restore
	forget ebtable_filter
}

peers_ebtables() {
	local count
	if ! ebtables-legacy -L >/run/log 2>&1; then
		without "ebtables" "no table of legacy ebtables in this kernel"
		return
	fi
	for count in 0 10 100 1000; do
		ebtables_rules "$count" | ebtables-legacy-restore
		measure "ebtables, $count rules" plain left
	done
	ebtables_gone
}

# The same command as most distributions have it, on nftables' tables.
peers_ebtables_nft() {
	local count
	for count in 10 100; do
		ebtables_rules "$count" | ebtables-nft-restore
		measure "ebtables-nft, $count rules" plain left
	done
	nft_gone
}

# --- nftables -----------------------------------------------------------------

# nft_chain LINE...: a chain in the bridge's FORWARD that drops the rest.  What
# stands before the chain comes on stdin.
nft_chain() {
	{
		echo "table bridge f {"
		[[ -t 0 ]] || cat
		echo "chain forward { type filter hook forward priority 0; policy drop;"
		printf '%s\n' "$@"
		printf '}\n}\n'
	} >/run/nft
	nft -f /run/nft
}

nft_gone() {
	nft flush ruleset
}

# nft_pairs COUNT [MORE]: elements of a map, the last one is the frames'.
nft_pairs() {
	local i
	for ((i = 1; i < $1; i++)); do
		echo "$((i + 10000)) . $((i % 97 + 10000))${2-} : accept,"
	done
	echo "$(index_of g0) . $(index_of g1)${2-} : accept"
}

nft_vmap() {
	nft_chain "meta iif . meta oif vmap @pairs" <<-END
		map pairs { type iface_index . iface_index : verdict;
			elements = { $(nft_pairs "$1") }; }
	END
}

# nft_linear COUNT: names, as people write them.
nft_linear() {
	local i
	{
		for ((i = 1; i < $1; i++)); do
			echo "iifname \"h$i\" oifname \"g1\" accept"
		done
		echo 'iifname "g0" oifname "g1" accept'
	} >/run/linear
	nft_chain "$(</run/linear)" </dev/null
}

peers_nftables() {
	nft_vmap 1000
	measure "nftables, vmap of 1000 pairs" plain left
	nft_gone
	nft_chain "meta iif . meta oif . ip protocol . th dport vmap @pairs" <<-END
		map pairs { type iface_index . iface_index . inet_proto . inet_service : verdict;
			elements = { $(nft_pairs 1000 " . udp . 9") }; }
	END
	measure "nftables, vmap with L4" plain left
	nft_gone
	nft_chain "meta mark set meta iif map @labels" \
		"meta priority set meta oif map @classes" \
		"meta mark . meta priority vmap @pairs" <<-END
		map labels { type iface_index : mark; elements = { $(index_of g0) : 16 }; }
		map classes { type iface_index : classid; elements = { $(index_of g1) : 0:11 }; }
		map pairs { type mark . classid : verdict; elements = { 16 . 0:11 : accept }; }
	END
	measure "nftables, labels, then vmap" plain left
	nft_gone
	nft_linear 1000
	frames=100
	measure "nftables, 1000 rules" plain left
	unicast
	nft_gone
}

# state_made: frames in both directions have passed.
state_made() {
	unicast
	sender_set
	send 2
	answers
	sender_set
	send 2
	unicast
}

peers_nftables_state() {
	nft_chain "ct state established accept" \
		'iifname "g0" oifname "g1" ct state new accept' </dev/null
	state_made
	measure "nftables, conntrack, established" plain left
	first_frames
	measure "nftables, conntrack, first frame" plain left
	unicast
	nft_gone
	forget nft_ct nf_conntrack_bridge
}

# No filter, but what one could be made of: only connection tracking, asked as vseg
# asks it; and the kernel's flow table before it.
peers_tracking() {
	modprobe -a nf_conntrack nf_flow_table
	insmod "$here/kmod/flow.ko"
	state_made
	measure "connection tracking alone, established" plain left
	rmmod flow
	flows_forgotten
	insmod "$here/kmod/flow.ko" table=1
	state_made
	measure "flow table alone, established" plain left
	[[ $(</sys/module/flow/parameters/known) -ge $((frames * repeat)) ]] ||
		broken "the flow table didn't know the frames"
	rmmod flow
	flows_forgotten
	forget nf_flow_table
}

# --- traffic control, at the port that frames leave by ------------------------------

tc_gone() {
	tc qdisc del dev g1 clsact
}

peers_tc() {
	tc qdisc add dev g1 clsact
	tc filter add dev g1 egress prio 9 protocol all matchall action drop
	tc filter add dev g1 egress prio 1 protocol all flower indev g0 action pass
	measure "tc flower, indev" plain left
	tc filter del dev g1 egress prio 1
	tc filter add dev g1 egress prio 1 protocol ip flower indev g0 \
		ip_proto udp dst_port 9 action pass
	measure "tc flower, L4" plain left
	tc_gone
}

# bpf_load: the program at g1's way out; what went wrong stands in /run/log.
bpf_load() {
	mountpoint -q /sys/fs/bpf || mount -t bpf bpf /sys/fs/bpf
	tc qdisc add dev g1 clsact
	tc filter add dev g1 egress bpf direct-action \
		object-file "$here/bpf/label.bpf" section tc >/run/log 2>&1 && return
	tc_gone
	return 1
}

# bpf_map NAME: its number.
bpf_map() {
	bpftool -j map show name "$1" | jq .id
}

# bpf_pairs COUNT: the last one is the frames'.
bpf_pairs() {
	local i
	printf '%s 16\n%s 17\n' "$(index_of g0)" "$(index_of g1)" |
		"$here/bpf_fill.py" "$(bpf_map labels)" 4
	{
		for ((i = 1; i < $1; i++)); do
			echo "$((18 << 16 | i)) 0"
		done
		echo "$((16 << 16 | 17)) 0"
	} | "$here/bpf_fill.py" "$(bpf_map pairs)" 16
}

# A program with a map of labels, and one of pairs that counts.
peers_bpf() {
	if ! bpf_load; then
		without "tc-bpf, labels and 1000 pairs" "$(why /run/log)"
		return
	fi
	bpf_pairs 1000
	measure "tc-bpf, labels and 1000 pairs" plain left
	tc_gone
}

# --- Open vSwitch, in the bridge's place ----------------------------------------------

ovs_flow() {
	ovs-dpctl add-flow dp0 "$1" "$2"
}

peers_ovs() {
	local udp='eth(),eth_type(0x0800),ipv4(proto=17,frag=no),udp(dst=9)'
	if ! modprobe openvswitch 2>/run/log; then
		without "Open vSwitch" "$(why /run/log)"
		return
	fi
	ip link set g0 nomaster
	ip link set g1 nomaster
	ovs-dpctl add-dp dp0
	ovs-dpctl add-if dp0 g0
	ovs-dpctl add-if dp0 g1
	ovs_flow "in_port(1),$udp" 2
	measure "Open vSwitch, megaflow" plain left
	ovs-dpctl del-flows dp0
	ovs_flow "recirc_id(0),in_port(1),$udp" "ct(commit,zone=1),recirc(1)"
	ovs_flow "recirc_id(0),in_port(2),$udp" "ct(zone=1),recirc(1)"
	ovs_flow "recirc_id(1),in_port(1),ct_state(+trk-inv),$udp" 2
	ovs_flow "recirc_id(1),in_port(2),ct_state(+est),$udp" 1
	state_made
	measure "Open vSwitch, conntrack" plain left
	ovs-dpctl del-dp dp0
	ip link set g0 master br0
	ip link set g1 master br0
	ip link set g0 type bridge_slave learning off
	ip link set g1 type bridge_slave learning off
	echo "fdb replace $(mac 0) dev g0 master static
fdb replace $(mac 1) dev g1 master static" | bridge -batch -
	forget openvswitch
}

# --- the bridge asks iptables ---------------------------------------------------------

peers_br_netfilter() {
	modprobe br_netfilter
	sysctl -qw net.bridge.bridge-nf-call-iptables=1
	measure "br_netfilter, no rule" plain left
	iptables -P FORWARD DROP
	iptables -A FORWARD -m physdev --physdev-in g0 --physdev-out g1 -j ACCEPT
	measure "br_netfilter, iptables physdev" plain left
	nft_gone
	forget xt_physdev br_netfilter
}
