#!/bin/bash
# Two namespaces with the same names have nothing in common.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

lab_up
taps web0 db0
ip netns add hv2
ip netns exec hv2 sysctl -qw net.ipv6.conf.default.disable_ipv6=1 \
	net.ipv4.igmp_link_local_mcast_reports=0
ip -n hv2 -batch - <<'END'
link add br0 address 02:00:00:00:00:fe type bridge forward_delay 0
link set br0 up
END
lab_start hv2
lab host host br0
taps web0 db0

# A policy here says nothing there.
lab_use 0
standard <<'END'
port bind web0 web
port bind db0 db
END
expect web0 db0 udp : db0=pass
expect db0 web0 udp : web0=default-deny
lab_use 1
expect db0 web0 udp : web0=through
counts 0 status generation
counts 0 status active

# The other way round, with another id for the same name.
vsegctl -n hv2 -b - <<'END'
bridge add br0
domain add db id 777
domain add web
port bind web0 web
port bind db0 db
policy allow db web
END
expect db0 web0 udp : web0=pass
expect web0 db0 udp : db0=default-deny
counts 777 domain db id
counts 1 total rx-packets
lab_use 0
expect web0 db0 udp : db0=pass
expect db0 web0 udp : web0=default-deny
counts 2 total rx-packets
counts 2 total rx-dropped
sums

# Events and /sys belong to their namespace too.
lab listen drops
lab_use 1
lab listen drops
expect web0 db0 udp : db0=default-deny
event drops src=web dst=db
lab_use 0
expect db0 web0 udp : web0=default-deny
event drops src=db dst=web
sysfs web0 rx_packets
is "rx_packets of web0 here" "$R" 2
is "rx_packets of web0 there" \
	"$(ip netns exec hv2 cat /sys/class/net/web0/vseg/rx_packets)" 0

# Off in one leaves the other.
works vsegctl -n hv2 off
expect db0 web0 udp : web0=default-deny
lab_use 1
expect web0 db0 udp : db0=through
