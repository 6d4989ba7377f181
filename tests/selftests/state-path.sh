#!/bin/bash
# traceroute and path MTU discovery through a router that is a guest: errors from anywhere on the way come back, about flows only.
#
#   web0 --- br0 --- rt0 (10.0.0.102) rt --- 10.9.0.1, MTU 1280 --- far (10.9.0.2)
#
# shellcheck source=lib.sh
# time limit: 180
. "${0%/*}/../lib.sh"

lab_up mcast_snooping 0
guests web0 rt0
is "addresses" "${ip4[web0]} ${ip4[rt0]}" "10.0.0.101 10.0.0.102"
ip netns add far
ip link add eth1 netns rt0 type veth peer name eth0 netns far
ip -netns rt0 -batch - <<'END'
link set eth1 mtu 1280 up
address add 10.9.0.1/24 dev eth1
address add fd09::1/64 dev eth1 nodad
END
ip -netns far -batch - <<'END'
link set lo up
link set eth0 up
address add 10.9.0.2/24 dev eth0
address add fd09::2/64 dev eth0 nodad
route add default via 10.9.0.1
END
ip -netns far -6 route add default via fd09::1
ip -netns web0 route add 10.9.0.0/24 via "${ip4[rt0]}"
ip -netns web0 -6 route add fd09::/64 via "${ip6[rt0]}"
# A router tells of every packet, here.
ip netns exec rt0 "$BASH" -c 'echo 1 >/proc/sys/net/ipv4/ip_forward
	echo 1 >/proc/sys/net/ipv6/conf/all/forwarding
	echo 0 >/proc/sys/net/ipv4/icmp_ratelimit
	echo 0 >/proc/sys/net/ipv6/icmp/ratelimit'
ip netns exec far "$BASH" -c 'echo 0 >/proc/sys/net/ipv4/icmp_ratelimit
	echo 0 >/proc/sys/net/ipv6/icmp/ratelimit'
# rules STATE: what web may begin; the net begins nothing.
rules() {
	policy <<-END
		rule del web net all
		rule add web net protocol udp,tcp $1
	END
}
policy <<'END'
policy set guard off
bridge add br0
domain add web
domain add net
cell set web net rules
rule add web net protocol udp,tcp state
port bind web0 web
port bind rt0 net
END
trace() {
	R=$(ip netns exec web0 busybox "$1" -n -q 1 -w 5 -m 4 "$2" 2>&1) || :
}

trace traceroute 10.9.0.2
like "hops" "$R" $' 1  10\.0\.0\.102 .*\n 2  10\.9\.0\.2 '
trace traceroute6 fd09::2
like "hops of IPv6" "$R" $' 1  fd00::66 .*\n 2  fd09::2 '
# Of what vseg hasn't followed no error comes back.
rules stateless
reads pair net web packets
before=$R
R=$(ip netns exec web0 busybox traceroute -n -q 1 -w 1 -m 2 10.9.0.2 2>&1) || :
like "hops without state" "$R" $' 1  \\*\n 2  \\*'
reads pair net web packets
holds "errors that were dropped" "${R:-0} >= ${before:-0} + 2"

# Packets that don't fit: the sender is told, and its file gets there.
rules state
head -c 300000 /dev/urandom >"$lab_dir/file"
listening() { ip netns exec far ss -Hltn 'sport = :80' | grep -q .; }
for version in 4 6; do
	[[ $version == 4 ]] && far=10.9.0.2 || far=fd09::2
	rm -f "$lab_dir/got"
	ip netns exec far nc "-$version" -l -p 80 >"$lab_dir/got" &
	server=$!
	soon 10 listening
	works ip netns exec web0 nc "-$version" -N -w 30 "$far" 80 <"$lab_dir/file"
	wait "$server" || flunk "the server ended with $?"
	works cmp "$lab_dir/file" "$lab_dir/got"
	like "what web knows of the way to $far" "$(ip -netns web0 route get "$far")" 'mtu 1280'
done

# The other way as well: a flow that the net began, errors about its answers.
policy <<'END'
cell set net web rules
rule add net web protocol udp state
rule del web net all
rule add web net protocol tcp port 1 state
END
cat >"$lab_dir/asker.py" <<'END'
import socket
import sys
from ends import Namespace
web, far = sys.argv[1:3]
with Namespace("web0"):
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.setsockopt(socket.IPPROTO_IP, 10, 2)     # IP_MTU_DISCOVER, DO
    server.bind((web, 53))
with Namespace("far"):
    client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    client.bind((far, 1000))
client.sendto(b"?", (web, 53))
server.settimeout(20)
_, peer = server.recvfrom(100)
server.connect(peer)
server.send(b"x" * 1400)
try:
    server.recv(100)
except OSError as error:
    print(error.errno, server.getsockopt(socket.IPPROTO_IP, 14))
END
ip -netns web0 route flush cache
is "what the answering one is told: EMSGSIZE, and the MTU" \
	"$(python3 -S "$lab_dir/asker.py" "${ip4[web0]}" 10.9.0.2)" "90 1280"
sums
