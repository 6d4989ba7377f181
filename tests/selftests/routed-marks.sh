#!/bin/bash
# Nobody gets another's label: no rule, no process, no detour; and marks outside of the mask stay.
#
#   web0, evil0 --- br0 (10.0.0.254) --- host --- br1 (10.1.0.254) --- db0
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

lab_up
bridge_up br1
lab host host1 br1
taps web0 evil0
lab tap db0 br1
ip -batch - <<'END'
link set lo up
link set br1 address 02:00:00:00:00:ff
address add 10.0.0.254/24 dev br0
address add 10.1.0.254/24 dev br1
neigh add 10.0.0.1 lladdr 02:00:00:00:00:01 dev br0 nud permanent
neigh add 10.0.0.2 lladdr 02:00:00:00:00:02 dev br0 nud permanent
neigh add 10.1.0.3 lladdr 02:00:00:00:00:03 dev br1 nud permanent
END
echo 1 >/proc/sys/net/ipv4/ip_forward
echo 0 >/proc/sys/net/ipv4/conf/all/rp_filter
policy <<'END'
bridge add br0
bridge add br1
domain add web
domain add db
domain add evil
policy allow web db
policy set mark-mask 0xff000 guard off
port bind web0 web
port bind evil0 evil
port bind db0 db
END

# crosses FROM WORDS...: the frame comes out at db0, routed.
crosses() {
	lab flush
	lab send "$1" host udp dip=10.1.0.3 "${@:2}"
	lab got db0
	[[ $R == *'02:00:00:00:00:ff > 02:00:00:00:00:03'* ]]
}
stays() { ! crosses "$@"; }

# apart SAY: web reaches db, evil doesn't, and its drop counts as its own.
apart() {
	local before
	works crosses web0
	reads pair evil db packets
	before=$R
	works stays evil0
	works stays evil0 sip=10.0.0.1
	reads pair evil db packets
	is "drops of evil, $1" "$R" $((before + 2))
}
apart "without rules"

# What web's label is, as a rule sees it; 0xff000 alone shows it.
nft -f - <<'END'
table ip look {
	chain f { type filter hook forward priority 0; ip saddr 10.0.0.1 udp sport 7 ct mark set meta mark; }
}
END
works crosses web0 sport=7
label=$(conntrack -L -p udp --sport 7 2>/dev/null |
	sed -n 's/.*mark=\([0-9]*\).*/\1/p')
holds "web has a label ($label)" "${label:-0} & 0xff000"
holds "and that is all" "(${label:-0} & ~0xff000) == 0"
nft delete table ip look

# A rule that writes the mark, in each chain that the frame goes through.
for value in "$label" 0 0xffffffff 0x10; do
	{
		echo 'table inet forge {'
		for hook in prerouting forward postrouting; do
			for priority in -2147483647 -300 -150 0 300 2147483646; do
				echo "chain $hook${priority/-/m} { type filter hook $hook priority $priority; meta mark set $value; }"
			done
		done
		echo '}'
	} >"$lab_dir/forge"
	works nft -f "$lab_dir/forge"
	apart "with the mark set to $value"
	nft delete table inet forge
done

# The mark of another's connection: evil sends what looks like web's.
works iptables -t mangle -A PREROUTING -j CONNMARK --restore-mark
works iptables -t mangle -A FORWARD -j CONNMARK --save-mark
works iptables -t mangle -A POSTROUTING -j CONNMARK --restore-mark
works crosses web0
apart "with marks of connections"
iptables -t mangle -F

# Marks outside of the mask are as rules set them, at the bridge as well.
nft -f - <<'END'
table inet user {
	chain p { type filter hook prerouting priority -150; ip saddr 10.0.0.1 meta mark set meta mark or 0x80000005; }
	chain o { type filter hook postrouting priority 300; meta mark and 0xfff00fff == 0x80000005 counter; }
}
table bridge user {
	chain o { type filter hook output priority 300; meta mark and 0xfff00fff == 0x80000005 counter; }
}
END
works crosses web0
is "frames with the user's mark" \
	"$(nft list ruleset | grep -c 'counter packets 1 ')" 2
nft flush ruleset

# A process of the host that sets the mark: the host's it is.
cat >"$lab_dir/marked.py" <<'END'
import socket
import sys
sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.setsockopt(socket.SOL_SOCKET, 36, int(sys.argv[1]))
sock.sendto(b"marked", ("10.1.0.3", 9))
END
reads pair host db packets
before=$R
works python3 -S "$lab_dir/marked.py" "$label"
counts $((before + 1)) pair host db packets

# What the host sends as another is the host's.
expect host1 db0 udp sip=10.0.0.1 : db0=default-deny
counts $((before + 2)) pair host db packets

# By a device that vseg doesn't know, with a mark: routed.
ip -batch - <<'END'
link add v0 type veth peer name v1
link set v0 up
link set v1 up
END
cat >"$lab_dir/raw.py" <<'END'
import socket
import sys
raw = bytes.fromhex("4500002000010000401100000a0900010a010003")
total = sum(int.from_bytes(raw[i:i + 2], "big") for i in range(0, 20, 2))
total = (total & 0xffff) + (total >> 16)
raw = raw[:10] + (~total & 0xffff).to_bytes(2, "big") + raw[12:]
raw += bytes.fromhex("03e807d0000c0000") + b"rawx"
with open("/sys/class/net/v1/address", encoding="ascii") as file:
    mac = bytes.fromhex(file.read().strip().replace(":", ""))
sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
sock.setsockopt(socket.SOL_SOCKET, 36, int(sys.argv[1]))
sock.bind(("v0", 0))
sock.send(mac + b"\2\0\0\0\0\x77" + b"\x08\0" + raw)
END
echo 0 >/proc/sys/net/ipv4/conf/v1/rp_filter
ip route add 10.9.0.0/24 dev v1
routed_drops() { reads pair routed db packets && [[ $R -ge $1 ]]; }
works python3 -S "$lab_dir/raw.py" "$label"
soon 5 routed_drops 1
works vsegctl policy allow routed db
lab flush
works python3 -S "$lab_dir/raw.py" "$label"
soon 5 lab arrives db0 '02:00:00:00:00:ff'
works vsegctl policy del routed db

# Round routing, or with the label wiped behind it: lost.
lost() { reads host br1 label-lost && [[ $R -ge $1 ]]; }
tc qdisc add dev v1 clsact
tc filter add dev v1 ingress matchall action mirred egress redirect dev br1
works python3 -S "$lab_dir/raw.py" 0
soon 5 lost 1
tc qdisc del dev v1 clsact
tc qdisc add dev br1 clsact
tc filter add dev br1 egress matchall action skbedit mark 0x10
works stays web0
soon 5 lost 2
tc qdisc del dev br1 clsact
works crosses web0

# Through a namespace that stands upon the other bridge: lost as well.
works vsegctl policy allow web routed
ip -batch - <<'END'
netns add mid
link set v1 netns mid
link add link br1 name mv0 type macvlan mode private
link set mv0 netns mid
address add 10.9.0.1/24 dev v0
route del 10.1.0.0/24 dev br1
route add 10.1.0.3 via 10.9.0.2
END
ip -netns mid -batch - <<'END'
link set v1 up
link set mv0 up
address add 10.9.0.2/24 dev v1
address add 10.1.0.253/24 dev mv0
neigh add 10.1.0.3 lladdr 02:00:00:00:00:03 dev mv0 nud permanent
END
ip netns exec mid "$BASH" -c 'echo 1 >/proc/sys/net/ipv4/ip_forward
	echo 0 >/proc/sys/net/ipv4/conf/all/rp_filter
	echo 0 >/proc/sys/net/ipv4/conf/v1/rp_filter'
reads host br1 label-lost
before=$R
lab send web0 host udp dip=10.1.0.3
soon 10 lost $((before + 1))
reads cell web routed packets
holds "it was decided as routed before" "$R >= 1"
sums
