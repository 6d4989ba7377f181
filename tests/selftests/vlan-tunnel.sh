#!/bin/bash
# Out of a port that maps VLANs to tunnels no frame goes by the label of another VLAN.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

lab_up vlan_filtering 1 vlan_default_pvid 1
taps vx0 up0 web0 a0
bridge link set dev vx0 vlan_tunnel on
bridge -batch - <<'BRIDGE'
vlan add dev vx0 vid 20
vlan add dev vx0 vid 20 tunnel_info id 2000
vlan add dev up0 vid 20
vlan del dev web0 vid 1
vlan add dev web0 vid 20 pvid untagged
BRIDGE
lab fdb 'web0 20'
lab fdb 'up0 20'
lab fdb 'vx0 20'
lab fdb 'vx0 1'
lab fdb 'a0 1'
policy <<'POLICY'
bridge add br0
domain add web
domain add a
domain add b
port bind web0 web
port bind a0 a
port bind vx0 trunk vlan 1 a vlan 20 b
port bind up0 trunk vlan 1 a vlan 20 b
policy allow web a
POLICY

# The tag is off at vx0 though the bridge has it: neither a nor b can be told.
expect web0 vx0 udp : vx0=vlan-ambiguous
expect web0 bcast udp : vx0=flood up0=flood
expect up0 vx0 udp vlan=20 : vx0=vlan-ambiguous
expect a0 vx0 udp : vx0=vlan-ambiguous
expect web0 up0 udp : up0=default-deny
works vsegctl policy allow web b
expect web0 vx0 udp : vx0=vlan-ambiguous

# Nor what comes from a trunk and leaves there.
works vsegctl port bind vx0 a
expect up0 vx0 udp vlan=20 : vx0=vlan-ambiguous
works vsegctl port bind vx0 trunk default b
expect web0 vx0 udp : vx0=vlan-ambiguous

# One label for the whole port needs no VLAN.
works vsegctl port bind vx0 b
expect web0 vx0 udp : vx0=pass@0
expect a0 vx0 udp : vx0=default-deny

# Without the mapping the VLAN counts again.
works vsegctl port bind vx0 trunk vlan 1 a vlan 20 b
expect web0 vx0 udp : vx0=vlan-ambiguous
bridge link set dev vx0 vlan_tunnel off
expect web0 vx0 udp : vx0=pass@20
expect a0 vx0 udp : vx0=pass@0
expect up0 vx0 udp vlan=20 : vx0=pass@20
sums
