#!/bin/bash
# The module stays while a policy is in force, and goes under traffic after `vsegctl off`.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

lab_up
taps web0 db0

for ((turn = 0; turn < 3; turn++)); do
	standard <<-'END'
		port bind web0 web
		port bind db0 db
	END
	fails rmmod vseg
	expect web0 db0 udp : db0=pass
	expect db0 web0 udp : web0=default-deny

	# Open bridges are nothing that could be removed under a frame.
	lab flow there web0 db0 udp gap=100
	lab flow back db0 web0 udp gap=100
	lab progress back 50
	lab arrived web0 back
	is "frames that pass against the policy" "$R" "0 0 -1"
	works vsegctl off
	lab progress back 50
	lab arrived web0 back
	read -r some _ <<<"$R"
	holds "frames pass once the policy is off" "$some > 0"
	soon 20 file_is /sys/module/vseg/refcnt 0
	works rmmod vseg
	lab progress there 50
	lab stop
	lab sent there
	sent=$R
	lab arrived db0 there
	is "frames of the allowed flow, all the time" "$R" "$sent $sent $((sent - 1))"
	fails test -d /sys/module/vseg
	is "what is left in /sys" \
		"$(compgen -G '/sys/class/net/*/vseg' || :; compgen -G /sys/kernel/vseg || :)" ""
	module_load
	lab flush
done

# Without a policy it can go at any time, whoever listens or looks.
counts 0 status active
lab listen drops
lab listen config
works vsegctl bridge add br0
soon 10 test -d /sys/kernel/vseg/totals
exec {open}</sys/kernel/vseg/totals/rx_packets
works vsegctl off
soon 20 file_is /sys/module/vseg/refcnt 0
works rmmod vseg
fails read -r -u "$open" _
exec {open}<&-
module_load
works vsegctl status
