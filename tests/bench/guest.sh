#!/bin/bash
# Inside the VM: counts the instructions of each row and prints one line for it,
# see measure().  usage: guest.sh quick|short|peers|flows|all|full|lines|shared|cpus|curve|control|latency|change
#
#    sender --> g0            .--> g1
#               |  FORWARD    |--> g2     dummy ports: what is sent to them is
#               '---- br0 ----'--> ...    counted and freed
#
# Port N answers for 02:00:00:00:N, by static entries of the forwarding table.

set -euo pipefail
export LC_ALL=C PYTHONDONTWRITEBYTECODE=1
here=$(cd "${0%/*}" && pwd)
# shellcheck disable=SC2034  # the rows use it
top=$here/../..
mode=$1
repeat=3 sender=/sys/module/sender/parameters

# What the rows say of themselves; $ports are those of br0.
ports=0 all_ports=0 domains=0
# How frames enter: by which port, how many, to whom, what they are, in how many
# flows, with how much payload for the device to cut, and how many copies the
# bridge makes of each; and a command before each repetition.
from=g0 frames=0 to='' kind='' words='' flows=0 gso=0 copies=1 before=:

for part in topology rows peers curve control latency shared cpus; do
	# shellcheck disable=SC1090
	. "$here/$part.sh"
done

broken() {
	printf 'broken\t%s\n' "$*"
	exit 1
}
trap 'broken "line $LINENO: $BASH_COMMAND"' ERR

# without ROW WHY: a row that this kernel can't have.
without() {
	printf 'without\t%s\t%s\t%s\t%s\n' "$all_ports" "$domains" "$1" "$2"
}

# wait_until COMMAND...: for at most ten seconds.
wait_until() {
	local i
	for ((i = 0; i < 500; i++)); do
		! "$@" || return 0
		sleep 0.02
	done
	broken "waited in vain for: $*"
}

# --- frames -----------------------------------------------------------------

# tell PARAMETER VALUE: to the sender.
tell() {
	echo "$2" >"$sender/$1"
}

# frame_of ARGUMENTS: sets $hex to what frame.py prints, which takes its time.
declare -A frame_made=()
frame_of() {
	[[ ${frame_made[$*]-} ]] || frame_made[$*]=$("$here/frame.py" "$@")
	hex=${frame_made[$*]}
}

# sender_set: what a row's frames are.
sender_set() {
	local walk=0
	[[ $to != walk ]] || walk=$((ports - 1))   # to g1 and all after it
	# shellcheck disable=SC2086  # words
	frame_of "$kind" "${from#g}" "${to/walk/1}" $words
	tell dev "$from"
	tell frame "$hex"
	tell walk "$walk"
	tell flows "$flows"
	tell gso "$gso"
}

# send FRAMES: sets $sum, the instructions that they took, and counts in $sends
# how often it was called: plugin/lines.c tells of each.
sends=0
send() {
	local rest
	sends=$((sends + 1))
	tell run "$1"
	# shellcheck disable=SC2034  # what isn't asked for
	read -r _ sum rest <"$sender/result"
}

# What the first frames start takes its time: memory for the counters of a cell,
# for one, is for a worker to get; and allocators and tables have yet to find their
# way.  Send frames until they have cost the same for some times, with an idle CPU
# in between.
warm_up() {
	local last='' same=0 i
	for ((i = 0; i < 40 && same < 3; i++)); do
		sleep 0.05
		"$before"
		send "$1"
		if [[ $sum == "$last" ]]; then
			same=$((same + 1))
		else
			same=0
		fi
		last=$sum
	done
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
#   row PORTS DOMAINS ROW AGAINST COPIES TARGET COUNT COUNT COUNT SENDS
# with instructions for each frame.  The frames must have met their FATE: left,
# dropped (by vseg, which counted them), gone (by another hand), or, as LEFT:DROPPED,
# so many copies of each.
measure() {
	local fate=$3 i left dropped want_left=0 want_dropped=0 counts=''
	sender_set
	case $fate in
	left) want_left=$((frames * copies)) ;;
	dropped) want_dropped=$((frames * copies)) ;;
	*:*) want_left=$((frames * ${fate%:*})) want_dropped=$((frames * ${fate#*:})) ;;
	esac
	warm_up "$frames"
	for ((i = 0; i < repeat; i++)); do
		"$before"
		left=$(copies_left) dropped=$(copies_dropped)
		send "$frames"
		left=$(($(copies_left) - left))
		dropped=$(($(copies_dropped) - dropped))
		[[ $left -eq $want_left && $dropped -eq $want_dropped ]] ||
			broken "$1: $left copies left and $dropped were dropped, not $want_left and $want_dropped"
		counts+=$(printf '\t%d.%02d' $((sum / frames)) $((sum * 100 / frames % 100)))
	done
	printf 'row\t%s\t%s\t%s\t%s\t%s\t%s%s\t%s\n' "$all_ports" "$domains" "$1" "$2" \
		"$copies" "${4:--}" "$counts" "$sends"
}

sysctl -qw net.ipv6.conf.default.disable_ipv6=1 net.ipv6.conf.all.disable_ipv6=1
modprobe -a bridge dummy 8021q
insmod "$here/kmod/sender.ko"
ip link del dummy0 2>/dev/null || :
printf 'kernel\t%s\n' "$(uname -r)"
"rows_$mode"
printf "done\n"
