#!/bin/bash
# With lockdown=1 nothing passes without a policy but the bridge's BPDUs and the ports of lockdown_mgmt.
# shellcheck source=lib.sh
NAMESPACE=init
. "${0%/*}/../lib.sh"

own_host lockdown=1 lockdown_mgmt=m0,eno9
lab_up mcast_snooping 0
taps web0 web1 m0
like "the first line of status" "$(vsegctl status | head -n 1)" LOCKDOWN
counts 1 status lockdown
counts 0 status active

closed() {
	local before
	reads status lockdown-dropped
	before=$R
	expect web0 web1 udp :
	expect web0 host udp :
	expect host web0 udp :
	expect m0 web0 udp :
	expect web0 m0 udp :
	expect m0 host udp : host=through
	expect host m0 udp : m0=through
	expect web0 bcast udp :
	expect m0 bcast udp : host=through
	counts $((before + 5 + 3 + 2)) status lockdown-dropped
}
closed

# The bridge's own BPDUs, to any port; nothing else from the host.
ip link set br0 type bridge stp_state 1
works lab arrives web0 01:80:c2:00:00:00
ip link set br0 type bridge stp_state 0
wait_until 10 file_is /sys/class/net/web0/brport/state 3
lab flush

# A file that has lost all but its version opens nothing, and is said to.
echo 'version: 1' >"$lab_dir/empty.yaml"
works vsegctl apply "$lab_dir/empty.yaml"
counts 1 status active
like "status" "$(vsegctl status)" \
	'^[^,]*: LOCKDOWN [^'$'\n'']*'$'\n''  no policy that names a bridge is in force'
is "state" "$(vsegctl -j status | jq -r .state)" lockdown
closed

# A policy opens what it allows.
standard <<'END'
port bind web0 web
port bind web1 web
END
like "the first line of status" "$(vsegctl status | head -n 1)" ENFORC
expect web0 web1 udp : web1=pass
expect web0 host udp : host=default-deny
expect m0 host udp : host=unlabelled-src
works vsegctl off
closed

# Other namespaces are not locked down.
ip netns add hv2
ip netns exec hv2 sysctl -qw net.ipv6.conf.default.disable_ipv6=1
ip -n hv2 -batch - <<'END'
link add br0 type bridge forward_delay 0 mcast_snooping 0
link set br0 up
END
lab_start hv2
taps x0 x1
counts 0 status lockdown
expect x0 x1 udp : x1=through
lab_use 0
