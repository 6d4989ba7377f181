#!/bin/bash
# What waits is decided by the policy of its last moment, and goes with its port, policy and module.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/tools/fragments.sh
. "$tools/fragments.sh"

fragment_host
expect a0 b0 udp dport=54 len=3042 id=1 piece=0-1480 : b0=pass

# The policy denies what it allowed: nothing more of what has begun passes.
works vsegctl rule add web db index 0 deny protocol udp port 54
expect a0 b0 udp dport=54 len=3042 id=1 piece=1480-2960 : b0=fragment
works vsegctl rule del web db 0
expect a0 b0 udp dport=54 len=3042 id=1 piece=2960- : b0=pass

# It changes while fragments wait: to allow, to deny, and to what doesn't ask.
piece 1480-2960 id=2
works vsegctl policy allow web db
arrive b0 1
piece 1480-2960 id=3
arrive b0 1
fragment_rules
piece 1480-2960 id=4
works vsegctl policy deny web db
soon 5 dropped cell-deny 1
fragment_rules
piece 1480-2960 id=5
works vsegctl rule add web db index 0 allow to 10.0.0.3
arrive b0 1
works vsegctl rule del web db 0
sums

# The port leaves: what waits for it is dropped, and holds nobody up.
counts 0 status internal-dropped
piece 1480-2960 id=6
works ip link set b0 nomaster
soon 5 internal 1
works ip link set b0 master br0
lab fdb b0
lab flush
piece 0-1480 id=6
arrive b0 1
piece 1480-2960 id=7
lab close b0
soon 5 internal 2
fails test -d /sys/class/net/b0
lab send a0 b1 udp dport=54 len=3042 id=8 piece=1480-2960
works ip link del br0
soon 5 eval '! [[ -d /sys/class/net/br0 ]]'

# The policy goes, and the module.
works vsegctl off
bridge_up br0
works ip link set a0 master br0
works ip link set b1 master br0
lab tap b0
for turn in off unload; do
	fragment_policy
	piece 1480-2960 id=9
	works vsegctl off
	if [[ $turn == unload ]]; then
		soon 20 file_is /sys/module/vseg/refcnt 0
		works rmmod vseg
		module_load
	fi
done
arrive b0 0

# A namespace goes, and with it its bridge and what waits there.
ip -batch - <<'END'
netns add hv2
link add v0 type veth peer name w0 netns hv2
link add v1 type veth peer name w1 netns hv2
link set v0 up
link set v1 up
END
ip -n hv2 -batch - <<'END'
link add br0 type bridge forward_delay 0
link set br0 up
link set w0 master br0 up
link set w1 master br0 up
END
vsegctl -n hv2 -b - <<'END'
policy set guard off
bridge add br0
domain add web
domain add db
port bind w0 web
port bind w1 db
cell set web db rules
rule add web db allow protocol udp port 54 stateless
END
lab guest v0 - - v0 1
lab guest v1 - - v1 2
lab send v0 v1 udp dport=54 len=3042 piece=0-1480
lab arrives v1
for ((id = 10; id < 40; id++)); do
	lab send v0 v1 udp dport=54 len=3042 id=$id piece=1480-2960
done
works ip netns del hv2
soon 20 eval '! [[ -d /sys/class/net/v0 ]]'
soon 20 file_is /sys/module/vseg/refcnt 0
works rmmod vseg
module_load
