#!/bin/bash
# Inside the VM: the bridges of scene.py; then, for each policy of the plan, put it
# in force, play its frames, and keep what came of them.
#
# usage: guest.sh PLAN OUT
plan=${1:?} out=${2:?}
# A device gives each frame to the bridge before the next one comes.
[[ ${LAB_INSIDE-} ]] || echo 1 >/proc/sys/net/core/gro_normal_batch
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

tracing=/sys/kernel/tracing

# ask WORD...: tell the player; its answer goes to R.
ask() {
	echo "$*" >&"$player_in"
	read -r R <&"$player_out"
}

# counters NUMBER: what all counters say now.
counters() {
	{
		vsegctl -j stats port
		vsegctl -j stats bridge
		vsegctl -j cell show
		vsegctl -j rule show
	} | jq -c . >"$out/$1.counters"
}

hv_up
[[ -d $tracing/events ]] || mount -t tracefs tracefs "$tracing"
echo 16384 >"$tracing/buffer_size_kb"
echo 1 >"$tracing/events/vseg/vseg_drop/enable"
bridge_up br0 mcast_snooping 0
bridge_up br1 mcast_snooping 0 vlan_filtering 1 vlan_default_pvid 0 group_fwd_mask 0x4000
bridge_up br2 mcast_snooping 0
ip link set br1 address 02:00:00:00:01:fe
for bridge in br0 br1 br2; do
	ip link set "$bridge" mtu 9000
done

coproc "$top/tests/judge/build/player" "$plan/ends"
player_in=${COPROC[1]} player_out=${COPROC[0]}
read -r R <&"$player_out"
is "the player" "$R" ready
ip -batch - <"$plan/links"
bridge -batch - <"$plan/bridge"

read -r first <"$plan/numbers"
works vsegctl apply --force "$plan/$first.yaml"
counters before
while read -r number; do
	if ! vsegctl apply --force "$plan/$number.yaml" >"$lab_dir/apply" 2>&1; then
		flunk "policy $number: $(<"$lab_dir/apply")"
		continue
	fi
	[[ ! -e $plan/$number.nft ]] || works nft -f "$plan/$number.nft"
	ask play "$plan/$number.script" "$out/$number.result"
	like "policy $number" "$R" '^played [1-9]'
	counters "$number"
done <"$plan/numbers"
works vsegctl off
