#!/bin/bash
# Runs the cases, as root on the hypervisor, and tells it in KTAP; the last
# number is left for the kernel logs, which tests/guests/run looks at.
#
# usage: hypervisor.sh [CASE...]
NAMESPACE=init
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/guests/lib.sh
. "${0%/*}/lib.sh"

[[ $# -gt 0 ]] || set -- "$top"/tests/guests/cases/*.sh
cases=()
for name; do
	cases+=("$top/tests/guests/cases/$(basename "$name" .sh).sh")
done

host_up() {
	hv_up
	bridge_up br0 v6=1
	ip address add 10.0.0.254/24 dev br0
	lab_start
	guests infra pay2
	mac[infra]=$(ip netns exec infra cat /sys/class/net/eth0/address)
	mac[pay2]=$(ip netns exec pay2 cat /sys/class/net/eth0/address)
}

# What each case starts from: counters at zero, the guests plugged and bound, with addresses that
# don't hang on DHCP, and these cells.
base() {
	local name
	# shellcheck disable=SC2119  # no parameters
	module_reload
	for name in "${machines[@]}"; do
		[[ -e /sys/class/net/${dev[$name]} ]] || plug "$name"
	done
	{
		echo 'bridge add br0'
		printf 'domain add %s\n' web db payroll infra
		printf 'policy allow %s\n' 'web db' 'db web' \
			'web infra' 'infra web' 'db infra' 'infra db'
		echo 'port bind infra infra'
		echo 'port bind pay2 payroll'
		for name in "${machines[@]}"; do
			echo "port bind ${dev[$name]} ${domain[$name]}"
		done
	} | policy
	for name in "${machines[@]}"; do
		ask "$name" "
			ip neighbour flush dev eth0 nud all; ip address flush dev eth0 scope global
			ip address add ${ip4[$name]}/24 dev eth0
			ip address add ${ip6[$name]}/64 dev eth0 nodad"
	done
	for name in "${machines[@]}"; do
		answer "$name"
	done
}

# one_case FILE: in a shell of its own; a command that fails ends it.
one_case() {
	lab_dir='' failures=0 checks=0
	trap finish EXIT
	base
	# shellcheck disable=SC1090
	. "$1"
}

echo "KTAP version 1"
echo "1..$((${#cases[@]} + 1))"
host_up
machines_up
for name in "${machines[@]}"; do
	booted "$name"
	echo "# $name runs Linux $R"
done
read -r uptime _ </proc/uptime
echo "# the hypervisor runs Linux $(uname -r); all are up after $uptime s"

number=0 failed=0
for file in "${cases[@]}"; do
	number=$((number + 1)) began=$EPOCHREALTIME
	name=$(basename "$file" .sh)
	echo "vseg-test: begin $name" >/dev/kmsg
	status=0
	one_case "$file" </dev/null >"$scratch/out" 2>&1 &
	wait $! || status=$?
	took=$(((${EPOCHREALTIME/./} - ${began/./}) / 100000))
	if [[ $status -eq 0 ]]; then
		echo "ok $number $name # $((took / 10)).$((took % 10)) s"
	else
		failed=$((failed + 1))
		echo "not ok $number $name # $((took / 10)).$((took % 10)) s"
		sed 's/^/# /' "$scratch/out"
	fi
done
checks=1 failures=$failed
