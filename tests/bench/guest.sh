#!/bin/bash
# Inside the VM: counts the instructions of each row and prints one line for it,
# see measure().  usage: guest.sh quick|state|all|full
#
#    pktgen --> g0            .--> g1
#               |  FORWARD    |--> g2     dummy ports: what is sent to them is
#               '---- br0 ----'--> ...    counted and freed
#
# Port N answers for 02:00:00:00:N, by static entries of the forwarding table.

set -euo pipefail
export LC_ALL=C
here=$(cd "${0%/*}" && pwd)
# shellcheck disable=SC2034  # the rows use it
top=$here/../..
mode=$1
repeat=3 pktgen=/proc/net/pktgen

# What the rows say of themselves; $ports are those of br0.
ports=0 all_ports=0 domains=0
# How frames enter: by which port, how many, to whom, and how many copies the
# bridge makes of each.
from=g0 frames=0 to='' copies=1 vid=''
# They are answers to g0's; each has an address of its own.
answers='' sources=''

# shellcheck source=tests/bench/rows.sh
. "$here/rows.sh"

broken() {
	printf 'broken\t%s\n' "$*"
	exit 1
}
trap 'broken "line $LINENO: $BASH_COMMAND"' ERR

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
	echo rem_device_all >$pktgen/kpktgend_0
	{
		for ((i = 0; i < ports; i++)); do
			echo "link del g$i"
		done
		echo "link del br0"
	} | ip -batch -
}

# Each frame to g1; or in turn to each port but g0; or to all at once.
unicast() {
	from=g0 to=$(mac 1) copies=1 vid='' frames=$((scale * 10000))
	answers='' sources=''
}

walk() {
	unicast
	to=walk
}

broadcast() {
	unicast
	to=ff:ff:ff:ff:ff:ff copies=$ports frames=$((scale * 10000 / ports))
}

# pktgen_set: tell pktgen what a row's frames are.
pktgen_set() {
	local dst=$to count=0 line src_ip=10.0.0.1 dst_ip=10.0.0.2 flag=!IPSRC_RND
	if [[ $to == walk ]]; then
		dst=$(mac 1)
		count=$((ports - 2))   # pktgen goes from 0 to count
	fi
	if [[ $answers ]]; then
		src_ip=10.0.0.2 dst_ip=10.0.0.1
	fi
	[[ ! $sources ]] || flag=IPSRC_RND
	echo rem_device_all >$pktgen/kpktgend_0
	echo "add_device $from" >$pktgen/kpktgend_0
	for line in "pkt_size 60" "delay 0" "burst 1" "clone_skb 0" \
		"xmit_mode netif_receive" "dst $dst_ip" "src_min $src_ip" \
		"src_max ${sources:+11.255.255.}${sources:-$src_ip}" "flag $flag" \
		"dst_mac $dst" "dst_mac_count $count" \
		"src_mac $(mac "${from#g}")" "vlan_id ${vid:-65535}"; do
		echo "$line" >"$pktgen/$from"
	done
}

# pktgen_run FRAMES: sets $spent, the microseconds that they took.
pktgen_run() {
	echo "count $1" >"$pktgen/$from"
	echo start >$pktgen/pgctrl
	spent=$(sed -n 's/^Result: OK: \([0-9]*\)(.*/\1/p' "$pktgen/$from")
	[[ $spent ]] || broken "pktgen: $(tail -n 1 "$pktgen/$from")"
}

# How many copies have left by a port, and how many vseg has dropped.
copies_left() {
	cat /sys/class/net/g*/statistics/tx_packets | paste -sd+ | bc
}

copies_dropped() {
	[[ -d /sys/module/vseg ]] || { echo 0; return; }
	vsegctl -j stats | jq .totals.rx_dropped
}

# measure ROW AGAINST FATE [TARGET]: count, and print
#   row PORTS DOMAINS ROW AGAINST COPIES TARGET COUNT COUNT COUNT
# with instructions for each frame.  The frames must have met their FATE: left,
# dropped (by vseg, which counted them) or gone (by another hand).
measure() {
	local fate=$3 i left dropped want_left=0 want_dropped=0 counts=''
	pktgen_set
	case $fate in
	left) want_left=$((frames * copies)) ;;
	dropped) want_dropped=$((frames * copies)) ;;
	esac
	for ((i = 0; i < repeat; i++)); do
		# The first frames meet counters without memory and pairs unknown.
		pktgen_run $((frames / 10 + 64))
		settle
		left=$(copies_left) dropped=$(copies_dropped)
		pktgen_run "$frames"
		left=$(($(copies_left) - left))
		dropped=$(($(copies_dropped) - dropped))
		[[ $left -eq $want_left && $dropped -eq $want_dropped ]] ||
			broken "$1: $left copies left and $dropped were dropped, not $want_left and $want_dropped"
		counts+=$'\t'$(echo "scale=2; $spent * 1000 / $frames" | bc)
	done
	printf 'row\t%s\t%s\t%s\t%s\t%s\t%s%s\n' "$all_ports" "$domains" "$1" "$2" \
		"$copies" "${4:--}" "$counts"
}

# What the frames left to workers is not theirs: memory for the counters of
# cells, for one.  Time costs nothing here while the CPU is idle.
settle() {
	sleep 0.3
}

scale=2
[[ $mode != quick ]] || scale=1
sysctl -qw net.ipv6.conf.default.disable_ipv6=1 net.ipv6.conf.all.disable_ipv6=1
modprobe -a bridge dummy pktgen 8021q
ip link del dummy0 2>/dev/null || :
printf 'kernel\t%s\n' "$(uname -r)"
rows
printf "done\n"
