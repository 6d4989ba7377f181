#!/bin/bash
# A namespace that dies under traffic takes its policy along and leaves nothing behind.
#
#    host  v0 ----|---- w0 [br0] w1 ----|---- v1  host
#                 |    namespace hv2    |
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

hv_up
lab_start
value /sys/module/vseg/refcnt
refs=$R

arrives() {
	lab arrived "$@" && [[ $R != 0\ * ]]
}

for ((turn = 0; turn < 4; turn++)); do
	ip -batch - <<-'END'
		netns add hv2
		link add v0 type veth peer name w0 netns hv2
		link add v1 type veth peer name w1 netns hv2
		link set v0 up
		link set v1 up
	END
	ip -n hv2 -batch - <<-'END'
		link add br0 type bridge forward_delay 0
		link set br0 up
		link set w0 master br0 up
		link set w1 master br0 up
	END
	vsegctl -n hv2 -b - <<-'END'
		bridge add br0
		domain add web
		port bind w0 web
		port bind w1 web
		policy allow web host
	END
	holds "the policy holds the module" "$(</sys/module/vseg/refcnt) > $refs"
	lab guest "a$turn" - - v0 1
	lab guest "b$turn" - - v1 2
	lab flow "f$turn" "a$turn" "b$turn" udp gap=100
	lab flow "g$turn" "b$turn" bcast udp gap=100
	lab progress "f$turn" 100
	soon 10 arrives "b$turn" "f$turn"
	ip netns del hv2
	soon 20 eval '! [[ -d /sys/class/net/v0 ]]'
	lab stop
	lab close "a$turn"
	lab close "b$turn"
	soon 20 file_is /sys/module/vseg/refcnt "$refs"
done
