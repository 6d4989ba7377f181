# shellcheck shell=bash disable=SC2034,SC2154  # names shared with guest.sh
# The bridge that frames cross, and what frames cross it.

mac() {
	printf '02:00:00:00:%02x:%02x' $(($1 >> 8)) $(($1 & 255))
}

# topology FILTERING PORTS: br0 with g0, g1...
topology() {
	local i
	ports=$2 all_ports=$2
	{
		echo "link add br0 type bridge vlan_filtering $1 vlan_default_pvid 0 mcast_snooping 0"
		echo "link set br0 up"
		for ((i = 0; i < ports; i++)); do
			echo "link add g$i type dummy"
			echo "link set g$i master br0"
			echo "link set g$i type bridge_slave learning off"
			echo "link set g$i up"
		done
	} | ip -batch -
	for ((i = 0; i < ports; i++)); do
		echo "fdb replace $(mac "$i") dev g$i master static"
	done | bridge -batch -
	unicast
}

topology_gone() {
	local i
	{
		for ((i = 0; i < ports; i++)); do
			echo "link del g$i"
		done
		echo "link del br0"
	} | ip -batch -
}

# A bridge's forwarding table hashes by a number of its own; where an address
# shares its chain, frames to it take longer.  So that boots can be compared, make
# bridges until one is as good as the best of the first four.
topology_even() {
	local least='' tries
	for ((tries = 0; tries < 50; tries++)); do
		topology "$@"
		sender_set
		send 64
		send 64
		((tries < 4)) || ((sum > least)) || return 0
		least=$((!tries || sum < least ? sum : least))
		topology_gone
	done
	broken "no two bridges are alike"
}

# udp BYTES [WORD...]: frames of that size, whatever their way.
udp() {
	kind=udp gso=0 flows=0 words="sip=10.0.0.1 dip=10.0.0.2 sport=9 dport=9 len=$*"
}

# What a virtual network card hands over at once for its host to cut: 60,000
# bytes of TCP.
tcp_gso() {
	kind=tcp gso=60000 flows=0
	words="sip=10.0.0.1 dip=10.0.0.2 sport=9 dport=9 tcpflags=16 len=60054 head=54"
}

# Each frame to g1; or in turn to each port but g0; or to all at once.
unicast() {
	from=g0 to=1 copies=1 frames=1000 before=:
	udp 60
}

walk() {
	unicast
	to=walk frames=$((ports - 1))
}

broadcast() {
	unicast
	to=all copies=$ports frames=$((2000 / ports + 10))
}

# From g1 to g0 what answers the frames of unicast().
answers() {
	unicast
	from=g1 to=0 words="sip=10.0.0.2 dip=10.0.0.1 sport=9 dport=9 len=60"
}

# The first frame of a flow, each of them: connection tracking forgets in between.
first_frames() {
	unicast
	flows=500 frames=500 before=flows_forgotten
}

flows_forgotten() {
	conntrack -F 2>/dev/null
}
