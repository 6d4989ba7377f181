# shellcheck shell=bash disable=SC2034,SC2154  # names shared with guest.sh
# What stands in the way of a frame, row by row.  A row is compared with one
# that was measured before it on the same ports in the same boot:
#
#   plain, plain-flood      nothing in the way
#   null-drop, null-flood   a hook that drops without looking, so that what a
#                           dropped frame spares isn't counted as a merit

rows_quick() {
	domains=0
	topology_even 0 4
	rows_bare
	rows_bare_flood
	vseg_load
	rows_two_domains
	rows_state
}

rows_all() {
	domains=0
	topology_even 0 4
	rows_bare
	rows_bare_flood
	rows_bare_sizes
	peers
	vseg_load
	rows_two_domains
	rows_state
	measure "vseg off" plain left
	rows_unmanaged
	rows_many_domains
	topology_gone

	domains=0
	topology 1 4
	rows_vlan
	topology_gone

	domains=0
	rows_flood 10
	rows_flood 100
	rows_flood 1000

	domains=0
	topology 0 1023
	rows_many_ports
	[[ $mode != full ]] || rows_four_bridges
}

rows_peers() {
	topology_even 0 4
	rows_bare
	peers
}

# Four ports, two domains.
rows_short() {
	topology_even 0 4
	rows_bare
	rows_bare_flood
	peers
	vseg_load
	rows_two_domains
	rows_state
}

# Only what follows flows.
rows_flows() {
	topology_even 0 4
	rows_bare
	peers_nftables_state
	peers_tracking
	vseg_load
	rows_state
}

rows_lines() {
	rows_short
}

rows_full() {
	rows_all
}

vseg_load() {
	modprobe nf_conntrack
	insmod "$top/kmod/vseg.ko"
}

# --- the bare bridge ------------------------------------------------------------

rows_bare() {
	measure plain - left
	insmod "$here/kmod/empty.ko"
	measure "empty hook" plain left 65
	rmmod empty
	insmod "$here/kmod/empty.ko" drop=1
	measure null-drop - gone
	rmmod empty
}

rows_bare_flood() {
	broadcast
	insmod "$here/kmod/empty.ko" drop=1
	measure null-flood - gone
	rmmod empty
	unicast
}

# Other frames than the others.
rows_bare_sizes() {
	udp 1500
	measure "plain, 1500 bytes" - left
	tcp_gso
	measure "plain, 60000 bytes of TCP" - left
	unicast
}

# --- vseg -------------------------------------------------------------------

# edit LINE...: edits, all in one transaction.
edit() {
	printf '%s\n' "$@" | vsegctl -b -
}

# g0 is in web, the others are in db.
rows_two_domains() {
	domains=2
	edit "policy set guard off" "bridge add br0" "domain add web" \
		"domain add db" "port bind g0 web" "port bind g1 db" \
		"port bind g2 db" "port bind g3 db" "policy allow web db"
	measure "allow, cell" plain left 200
	rows_rules
	edit "cell set web db allow"
	[[ $mode != all && $mode != full ]] || rows_sizes
	edit "policy del web db"
	measure "drop, default" null-drop dropped 250
	broadcast
	measure "drop, flooded copy" null-flood dropped 150
	unicast
	edit "policy allow web db"
	rows_guard
	edit "policy del web db"
	[[ $mode != quick ]] || { vsegctl off; return; }

	with_listener measure "drop, default, listener" null-drop dropped
	edit "policy deny web db"
	measure "drop, cell" null-drop dropped 250
	edit "policy del web db" "policy allow web any"
	measure "allow, (s, any)" plain left 200
	edit "policy del web any" "policy allow any db"
	measure "allow, (any, d)" plain left 200
	edit "policy del any db" "policy allow any any"
	measure "allow, (any, any)" plain left 200
	edit "policy del any any" "port bind g1 web"
	measure "allow, one domain" plain left 200
	vsegctl off
}

# Flows by a stateful rule, and a plain cell beside it; g2 is in mgmt.
rows_state() {
	domains=3
	edit "policy set guard off" "bridge add br0" "domain add web" \
		"domain add db" "domain add mgmt" "port bind g0 web" \
		"port bind g1 db" "port bind g2 mgmt" "port bind g3 db" \
		"cell set web db rules" \
		"rule add web db allow protocol udp port 9 state" \
		"policy allow mgmt db"
	measure "state, UDP, not answered" plain left
	state_made
	measure "state, UDP, answered" plain left 1300
	answers
	measure "state, UDP, answers" plain left 1300
	unicast
	from=g2
	measure "allow, cell, beside state" plain left 200
	if [[ $mode != quick ]]; then
		first_frames
		measure "state, UDP, first frame" plain left
	fi
	unicast
	vsegctl off
}

rows_sizes() {
	udp 1500
	measure "allow, 1500 bytes" "plain, 1500 bytes" left 200
	tcp_gso
	measure "allow, 60000 bytes of TCP" "plain, 60000 bytes of TCP" left 200
	unicast
}

# The port that frames enter by has a guard, the one that they leave by a guest
# whose address is known.
rows_guard() {
	edit "policy set guard on"
	measure "allow, guard, nothing known" plain left 400
	edit "port bind g0 web mac $(mac 0)"
	measure "allow, guard, MAC address" plain left 400
	edit "port bind g0 web mac $(mac 0) address 10.9.0.0/16,10.0.0.1" \
		"port bind g1 db mac $(mac 1)"
	measure "allow, guard, all known" plain left 400
	edit "port bind g0 web mac $(mac 9)"
	measure "drop, guard" null-drop dropped
	edit "port bind g0 web" "port bind g1 db" "policy set guard off"
}

# rule_list COUNT: rules from web to db; the last one allows what is sent.
rule_list() {
	local i
	echo "cell set web db rules"
	echo "rule del web db all"
	for ((i = 1; i < $1; i++)); do
		echo "rule add web db allow protocol tcp port $((i + 1000)) from 10.1.$((i >> 8)).$((i & 255)) stateless"
	done
	echo "rule add web db allow protocol udp port 9 from 10.0.0.0/24 stateless"
}

# The same list ends without the rule that allows.
rows_rules() {
	rule_list 10 | vsegctl -b -
	measure "allow, 10 rules" plain left 450
	edit "rule del web db 9"
	measure "drop, 9 rules" null-drop dropped
	rule_list 1000 | vsegctl -b -
	measure "allow, 1000 rules" plain left 650
	edit "rule del web db 999"
	measure "drop, 999 rules" null-drop dropped
}

with_listener() {
	local listener
	vsegctl monitor drops >/dev/null 2>&1 &
	listener=$!
	wait_until listening
	"$@"
	kill "$listener"
	wait "$listener" || :
}

# Somebody in this VM has joined a group of generic netlink.
listening() {
	awk '$2 == 16 && $4 !~ /^0*$/ { found = 1 } END { exit !found }' /proc/net/netlink
}

# Frames cross br0; br1 is the one that is managed.
rows_unmanaged() {
	domains=2
	ip link add br1 type bridge
	edit "bridge add br1" "domain add web" "domain add db"
	measure "unmanaged bridge" plain left
	vsegctl off
	ip link del br1
}

# many_domains SOURCES: d0 to d4095, and 16 cells out of each of the first.
many_domains() {
	local i k
	echo "bridge add br0"
	for ((i = 0; i < 4096; i++)); do
		echo "domain add d$i"
	done
	for ((i = 0; i < $1; i++)); do
		for ((k = 1; k <= 16; k++)); do
			echo "policy allow d$i d$(((i + k * 251) % 4096))"
		done
	done
}

rows_many_domains() {
	domains=4096
	{
		echo "policy set guard off"
		many_domains 4095
		printf 'port bind %s\n' "g0 d2048" "g1 d2299" "g2 d1" "g3 d2"
	} | vsegctl -b -
	measure "allow, cell" plain left 200
	edit "policy deny d2048 d2299"
	measure "drop, cell" null-drop dropped 250
	edit "port bind g1 d3"
	measure "drop, default" null-drop dropped 250
	broadcast
	measure "drop, flooded copy" null-flood dropped 150
	unicast
	edit "policy allow any d3"
	measure "allow, (any, d)" plain left 200
	edit "port bind g1 d2048"
	measure "allow, one domain" plain left 200
	vsegctl off
}

# g0 is a guest port in VLAN 10, g1 has it tagged.
rows_vlan() {
	bridge vlan add dev g0 vid 10 pvid untagged
	bridge vlan add dev g1 vid 10
	bridge fdb replace "$(mac 1)" dev g1 vlan 10 master static
	bridge fdb replace "$(mac 0)" dev g0 vlan 10 master static
	measure "plain, tagged out" - left
	tagged
	measure "plain, tagged in" - left

	domains=2
	edit "policy set guard off" "bridge add br0" "domain add web" \
		"domain add db" "port bind g0 web" "port bind g1 trunk vlan 10 db" \
		"policy allow web db" "policy allow db web"
	measure "allow, trunk to guest" "plain, tagged in" left
	unicast
	measure "allow, guest to trunk" "plain, tagged out" left
	vsegctl off
}

tagged() {
	from=g1 to=0
	udp 64 vlan=10
}

# rows_flood PORTS: a broadcast to all of them, each in a domain of its own, in
# turn one that may have it and one that may not.
rows_flood() {
	local i
	domains=$1
	topology 0 "$1"
	broadcast
	measure plain-flood - $((ports - 1)):0
	insmod "$here/kmod/empty.ko"
	measure "empty hook, flooded copy" plain-flood $((ports - 1)):0
	rmmod empty
	insmod "$here/kmod/empty.ko" drop=2
	measure null-mixed - $((ports / 2 - 1)):0
	rmmod empty
	{
		echo "policy set guard off"
		echo "bridge add br0"
		for ((i = 0; i < ports; i++)); do
			echo "domain add d$i"
			echo "port bind g$i d$i"
			((i % 2)) || echo "policy allow d0 d$i"
		done
	} | vsegctl -b -
	measure "flooded copy, mixed" null-mixed $((ports / 2 - 1)):$((ports / 2 + 1)) 150
	vsegctl off
	topology_gone
}

# Each port in a domain of its own, and frames to all of them in turn.
rows_many_ports() {
	local i
	walk
	rows_bare
	rows_bare_flood
	walk

	domains=4096
	{
		port_domains
	} | vsegctl -b -
	measure "allow, cell" plain left 200
	for ((i = 1; i < ports; i++)); do
		echo "policy del d0 d$((i * 4))"
	done | vsegctl -b -
	measure "drop, default" null-drop dropped 250
	broadcast
	measure "drop, flooded copy" null-flood dropped 150
	vsegctl off
}

# port_domains: many domains, every fourth of them a port's, cells from g0's.
port_domains() {
	local i
	echo "policy set guard off"
	many_domains 4030
	for ((i = 0; i < ports; i++)); do
		echo "port bind g$i d$((i * 4))"
	done
	for ((i = 1; i < ports; i++)); do
		echo "policy allow d0 d$((i * 4))"
	done
}

# As many ports as four bridges can have; the frames stay in br0.
rows_four_bridges() {
	local i br
	for br in br1 br2 br3; do
		echo "link add $br type bridge"
		for ((i = 0; i < 1023; i++)); do
			echo "link add $br.$i type dummy"
			echo "link set $br.$i master $br"
		done
	done | ip -batch -
	domains=0 all_ports=4092
	walk
	measure plain - left

	domains=4096
	{
		port_domains
		for br in br1 br2 br3; do
			echo "bridge add $br"
			for ((i = 0; i < 1023; i++)); do
				echo "port bind $br.$i d$i"
			done
		done
	} | vsegctl -b -
	measure "allow, cell" plain left 200
	vsegctl off
}
