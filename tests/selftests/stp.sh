#!/bin/bash
# A redundant link between two managed bridges makes no loop: BPDUs pass, both ways.
#
#   a0 --- br0 ==(x0/y0)== br1 --- b0
#              ==(x1/y1)==
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

hv_up
ip -batch - <<'END'
link add br0 address 02:00:00:00:01:00 type bridge
link add br1 address 02:00:00:00:01:01 type bridge
link add x0 type veth peer name y0
link add x1 type veth peer name y1
link set x0 master br0
link set x1 master br0
link set y0 master br1
link set y1 master br1
END
# The policy is in force before the first BPDU.
policy <<'END'
bridge add br0
policy set guard off
bridge add br1
domain add web
domain add link
policy allow web link
policy allow link web
port bind x0 link
port bind x1 link
port bind y0 link
port bind y1 link
END
ip -batch - <<'END'
link set br0 type bridge stp_state 1 forward_delay 200 hello_time 100 max_age 600
link set br1 type bridge stp_state 1 forward_delay 200 hello_time 100 max_age 600
link set br0 up
link set br1 up
link set x0 up
link set x1 up
link set y0 up
link set y1 up
END
lab_start
lab tap a0 br0
lab tap b0 br1
works vsegctl port bind a0 web
works vsegctl port bind b0 web

# states: brport states of all link ends; 3 forwarding, 4 blocking.
states() {
	local port
	states=
	for port in x0 x1 y0 y1 a0 b0; do
		value /sys/class/net/$port/brport/state
		states+=$R
	done
}
converged() {
	states
	[[ $states == 333433 || $states == 334333 ]]
}
stays() {
	local turn
	for ((turn = 0; turn < $1; turn++)); do
		pause 0.5
		states
		converged || return 0
	done
}

soon 20 converged
is "port states (3 forwarding, 4 blocking)" "$states" "333433"
reads total pass-bridge-control
holds "BPDUs were let through as bridge control" "$R > 3"

# One copy crosses, not two, and none comes back.
lab flush
lab send a0 bcast raw
lab arrives b0 88b5
pause 0.2
lab got b0
is "further copies at the other bridge" "$(grep 88b5 <<<"$R" || :)" ""
lab got a0
is "copies that came back" "$(grep 88b5 <<<"$R" || :)" ""

# It stays so past max_age, and with the links' labels taken away.
stays 4
policy <<'END'
port unbind x0
port unbind x1
port unbind y0
port unbind y1
END
stays 14
is "port states past max_age without labels" "$states" "333433"
lab send a0 bcast raw
pause 0.1
lab got b0
is "what crosses an unlabelled link" "$(grep 88b5 <<<"$R" || :)" ""

# The link that is in use fails, the other one takes over.
policy <<'END'
port bind x1 link
port bind y1 link
END
ip link set x0 down
other() { value /sys/class/net/y1/brport/state && [[ $R == 3 ]]; }
soon 20 other
lab send a0 bcast raw
lab arrives b0 88b5
checks=$((checks + 1))
