#!/bin/bash
# Big datagrams pass a cell with rules and are kept out by it, with br_netfilter and conntrack and without.
# time limit: 150
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

modprobe br_netfilter || skip "no br_netfilter"
trap 'modprobe -r br_netfilter || :; finish' EXIT
hv_up
bridge_up br0 v6=1
lab_start
guests g1 g2
ip address add 10.0.0.254/24 dev br0
ip address add fd00::fe/64 dev br0 nodad
policy <<'END'
bridge add br0
domain add one
domain add two
port bind g1 one
port bind g2 two
cell set one two rules
rule add one two allow protocol udp port 54 stateless
rule add one two allow icmp echo-request stateless
cell set two one rules
rule add two one allow icmp echo-reply stateless
cell set one host rules
rule add one host allow icmp echo-request stateless
cell set host one rules
rule add host one allow icmp echo-reply stateless
END

# big FROM ADDRESS: a ping in six fragments each way.
big() {
	checks=$((checks + 1))
	ip netns exec "$1" ping -n -q -c 3 -i 0.2 -W 5 -s 8000 "$2" >"$lab_dir/ping" ||
		flunk "$1 does not reach $2 with 8,000 bytes: $(<"$lab_dir/ping")"
	like "pings of 8,000 bytes" "$(<"$lab_dir/ping")" ' 0% packet loss'
}

# datagrams ADDRESS: of 20 datagrams of 20,000 bytes each, those to port 53 are
# sent first and never come; those to port 54 do.
datagrams() {
	script "$1" "$turn" <<-'END'
		import socket
		from check import *
		from ends import Namespace
		where, turn = sys.argv[1:3]
		family = socket.AF_INET6 if ":" in where else socket.AF_INET
		rcvbufforce = 33
		takes = {}
		with Namespace("g2"):
		    for port in (53, 54):
		        takes[port] = socket.socket(family, socket.SOCK_DGRAM)
		        takes[port].setsockopt(socket.SOL_SOCKET, rcvbufforce, 4 << 20)
		        takes[port].bind((where, port))
		with Namespace("g1"):
		    sock = socket.socket(family, socket.SOCK_DGRAM)
		for port in (53, 54):
		    for n in range(20):
		        sock.sendto(bytes([n]) * 20000, (where, port))
		took = set()
		takes[54].settimeout(10)
		try:
		    while len(took) < 20:
		        data = takes[54].recv(65536)
		        if len(data) == 20000 and len(set(data)) == 1:
		            took.add(data[0])
		except TimeoutError:
		    pass
		equal(f"datagrams to port 54 of {where}, {turn}", len(took), 20)
		takes[53].setblocking(False)
		try:
		    fail(f"{len(takes[53].recv(65536))} bytes came to port 53 of {where}, {turn}")
		except BlockingIOError:
		    pass
		done()
	END
}

for turn in alone br_netfilter conntrack; do
	if [[ $turn == br_netfilter ]]; then
		echo 1 >/proc/sys/net/bridge/bridge-nf-call-iptables
		echo 1 >/proc/sys/net/bridge/bridge-nf-call-ip6tables
	elif [[ $turn == conntrack ]]; then
		works iptables -A FORWARD -m conntrack --ctstate NEW,ESTABLISHED -j ACCEPT
		works ip6tables -A FORWARD -m conntrack --ctstate NEW,ESTABLISHED -j ACCEPT
	fi
	for address in "${ip4[g2]}" "${ip6[g2]}"; do
		big g1 "$address"
		datagrams "$address"
	done
	big g1 10.0.0.254
	big g1 fd00::fe
	refuses g2 "${ip4[g1]}" "${ip6[g1]}"
done
reads rule one two 0 packets
holds "fragments that the rule let pass" "$R > 20 * 6"
reads total no-rule
holds "first fragments that no rule let pass" "$R > 20"
reads total fragment
holds "others of their datagrams" "$R > 20"
sums
