#!/bin/bash
# Inside the VM: the checked traffic, and everything else at once.
#
# usage: guest.sh SECONDS SEED
#
#      tap a --. tap b --. veth c --. veth d --. tap e --.
#              '--------------------- br0 --------------'-- host
#
#      tap f (10) --. tap h (10) --. tap g (20) --. tap t (tagged: 10, 20) --.
#                   '-------------------- br1, filtering --------------------'
#
# These are the ends that are checked.  The rest comes and goes: ports in br0 and
# cb0, the bridges cb1 and cb2, the VLANs of cbv, namespaces behind x0.  See
# policies.py and workers/.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

seconds=${1:?} seed=${2:?}
here=$top/tests/races
# Made by run, in this root but outside of the VM, which is slow.
bin=$here/build
plan=7 number=0 failed=0
# Frames a second that each CPU's sender makes at most.
rate=300

declare -A count=()

# result NAME: what was checked since the last one.
result() {
	number=$((number + 1))
	if ((failures)); then
		echo "not ok $number $1"
		failed=$((failed + 1))
		failures=0
	else
		echo "ok $number $1 # $((SECONDS - began)) s"
	fi
	began=$SECONDS
}

# counts_of FILE: NAME=COUNT lines into $count, the others in sight.
counts_of() {
	local line
	while IFS= read -r line; do
		if [[ $line =~ ^([a-z_]+)=([0-9]+)$ ]]; then
			count[${BASH_REMATCH[1]}]=${BASH_REMATCH[2]}
		else
			echo "# ${line#\# }"
		fi
	done <"$1"
}

# end NAME tap|packet DEVICE TAG GROUP BEACON: one line for the programs; the
# frames of its address go to its port alone.
end() {
	local mac port=$1 vlan=()
	printf -v mac '02:00:00:00:01:%02x' $((ends += 1))
	[[ $1 != host ]] || mac=02:00:00:00:00:fe
	[[ $1 != t?? ]] || port=t
	echo "$1 $2 $3 $mac $4 $5 $6" >>"$lab_dir/ends"
	[[ $1 != host ]] || return 0
	(($5 == 0)) || vlan=(vlan $((10 * $5)))
	bridge fdb replace "$mac" dev "$port" master static "${vlan[@]}"
}

topology() {
	local dev
	modprobe -a tun veth dummy 8021q 2>/dev/null || :
	bridge_up br0 mcast_snooping 0
	bridge_up br1 mcast_snooping 0 vlan_filtering 1 vlan_default_pvid 0
	for dev in cb0 cb1 cb2; do
		bridge_up "$dev" mcast_snooping 0
	done
	bridge_up cbv mcast_snooping 0 vlan_filtering 1 vlan_default_pvid 0
	{
		for dev in a b e f g h t; do
			echo "tuntap add dev $dev mode tap"
			echo "link set dev $dev txqueuelen 10000"
		done
		for dev in c d n0 n1 n2 n3; do
			echo "link add name $dev type veth peer name $dev-far"
			echo "link set dev $dev-far up"
		done
		echo "link add w1 type dummy"
		echo "link add w2 type dummy"
		for dev in a b c d e; do
			echo "link set dev $dev master br0 up"
		done
		for dev in f g h t; do
			echo "link set dev $dev master br1 up"
		done
		for dev in n0 n1 n2; do
			echo "link set dev $dev master cb${dev#n} up"
		done
		for dev in n3 w1 w2; do
			echo "link set dev $dev master cbv up"
		done
	} | ip -batch -
	bridge -batch - <<-'END'
		vlan add dev f vid 10 pvid untagged
		vlan add dev h vid 10 pvid untagged
		vlan add dev g vid 20 pvid untagged
		vlan add dev t vid 10
		vlan add dev t vid 20
	END
	end a tap a 0 0 -
	end b tap b 0 0 -
	end c packet c-far 0 0 host
	end d packet d-far 0 0 host
	end e tap e 0 0 -
	end host packet br0 0 0 -
	end f tap f 0 1 -
	end h tap h 0 1 -
	end t10 tap t 10 1 -
	end g tap g 0 2 -
	end t20 tap t 20 2 -
}

# Frames that a queue had no room for, of all that the checked ends use.
queues_full() {
	local dev sum=0 dropped
	for dev in a b e f g h t; do
		value "/sys/class/net/$dev/statistics/tx_dropped"
		sum=$((sum + R))
	done
	for dev in c d; do
		for R in "/sys/class/net/$dev"{,-far}/statistics/{rx,tx}_dropped; do
			value "$R"
			sum=$((sum + R))
		done
	done
	while read -r _ dropped _; do
		sum=$((sum + 16#$dropped))
	done </proc/net/softnet_stat
	R=$sum
}

forwarding() {
	local dev
	for dev in a b c d e f g h t; do
		file_is "/sys/class/net/$dev/brport/state" 3 || return 1
	done
}

# Begins at a line on its standard input, and ends at the next.
traffic_start() {
	mkfifo "$lab_dir/go"
	"$bin/traffic" "$lab_dir/ends" "$lab_dir/frames" "$seed" "$rate" \
		<"$lab_dir/go" >"$lab_dir/traffic.out" &
	traffic=$!
	exec {go}>"$lab_dir/go"
	soon 60 grep -qx ready "$lab_dir/traffic.out"
	soon 60 forwarding
	queues_full
	full_before=$R
	echo go >&"$go"
}

traffic_stop() {
	echo stop >&"$go"
	wait "$traffic" || flunk "the traffic ended with status $?"
	counts_of <(grep -vx ready "$lab_dir/traffic.out")
}

# least NAME COUNT: so many, or nothing was proved.
least() {
	holds "enough ${1//_/ }" "${count[$1]-0} >= $2"
}

told() {
	local name line=
	for name; do
		line+="${count[$name]-0} ${name//_/ }, "
	done
	echo "# ${line%, }"
}

echo "KTAP version 1"
echo "1..$plan"
echo "# kernel $(uname -r), $(nproc) CPUs, $seconds s, seed $seed"
began=$SECONDS
hv_up
topology
traffic_start
"$bin/noise" 10000 n0-far n1-far n2-far n3-far n3-far:10 n3-far:20 x0 cb1 &
noise=$!
timeout -k 10 $((seconds * 9 + 240)) "$here/churn.py" "$lab_dir" "$seed" "$seconds" \
	"$module_file" >"$lab_dir/churn.out" 2>&1 ||
	flunk "a worker failed, status $?"
counts_of "$lab_dir/churn.out"
result "all work went on while frames were under way"

traffic_stop
kill "$noise"
wait "$noise" || :
queues_full
is "frames that a queue had no room for" $((R - full_before)) 0
is "frames that a socket had no room for" "${count[socket_drops]}" 0
is "frames that could not be sent" "${count[send_errors]}" 0
result "no frame was lost on the way"

"$bin/judge" "$lab_dir/ends" "$lab_dir/frames" "$lab_dir/policies" \
	>"$lab_dir/judge.out" || :
counts_of "$lab_dir/judge.out"
is "wrong verdicts" "${count[wrong]-none}" 0
is "frames where no end is" "${count[strays]-none}" 0
is "frames never decided" "${count[unsent]-none}" 0
told frames copies delivered denied
told asked unasked answered unanswered later late
told one_verdict several held held_delivered guarded two_policies
result "each verdict was one of a policy in force"

told seconds commits nowait stale renewed offs reloads policies
told rule_add rule_del domain_set
told other_commits relabels refused ports ports_checked moves
told bridges_again bridge_renames twins vlans filtering namespaces
told txns_killed dumps dumps_interrupted files events tools
least frames 5000
least delivered 2000
least denied 500
least one_verdict 5000
least several 200
least held 100
least held_delivered 20
least guarded 200
least asked 30
least answered 20
least later 15
least late 3
result "it was not idle"

# shellcheck disable=SC2119
lab_start
sums domains-gone
result "the counters add up"

works vsegctl off
soon 60 file_is /sys/module/vseg/refcnt 0
works rmmod vseg
result "the module goes, and leaves nothing"

dmesg >"$lab_dir/kmsg"
# shellcheck source=tests/vm/scan.sh
. "$top/tests/vm/scan.sh"
works kmsg_clean "$lab_dir/kmsg"
result "the kernel log is clean"
((failed == 0)) || failures=1
