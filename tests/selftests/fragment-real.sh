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

# datagrams ADDRESS PORT: how many of 20 datagrams of 20,000 bytes come.
datagrams() {
	ip netns exec g2 python3 -S - "$1" "$2" <<-'END'
		import os, socket, subprocess, sys
		where, port = sys.argv[1], int(sys.argv[2])
		family = socket.AF_INET6 if ":" in where else socket.AF_INET
		take = socket.socket(family, socket.SOCK_DGRAM)
		rcvbufforce = 33
		take.setsockopt(socket.SOL_SOCKET, rcvbufforce, 4 << 20)
		take.bind((where, port))
		send = """
		import socket, sys
		sock = socket.socket(int(sys.argv[3]), socket.SOCK_DGRAM)
		for n in range(20):
		    sock.sendto(bytes([n]) * 20000, (sys.argv[1], int(sys.argv[2])))
		"""
		subprocess.run(["ip", "netns", "exec", "g1", "python3", "-S", "-c",
		                send, where, str(port), str(int(family))], check=True)
		took = set()
		take.settimeout(2)
		try:
		    while len(took) < 20:
		        data = take.recv(65536)
		        if len(data) == 20000 and len(set(data)) == 1:
		            took.add(data[0])
		except TimeoutError:
		    pass
		print(len(took))
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
		is "datagrams to port 54 of $address, $turn" "$(datagrams "$address" 54)" 20
		is "datagrams to port 53 of $address, $turn" "$(datagrams "$address" 53)" 0
	done
	big g1 10.0.0.254
	big g1 fd00::fe
	refuses g2 "${ip4[g1]}"
	refuses g2 "${ip6[g1]}"
done
reads rule one two 0 packets
holds "fragments that the rule let pass" "$R > 20 * 6"
reads total no-rule
holds "first fragments that no rule let pass" "$R > 20"
reads total fragment
holds "others of their datagrams" "$R > 20"
sums
