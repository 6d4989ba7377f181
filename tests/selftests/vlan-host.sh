#!/bin/bash
# The host is in the VLANs that the bridge device is in, not in those its ports alone are in.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

# up0 stays in VLAN 1, which the bridge device leaves.
lab_up vlan_filtering 1 vlan_default_pvid 1
taps up0 web0
bridge -batch - <<'BRIDGE'
vlan add dev up0 vid 10
vlan del dev br0 vid 1 self
vlan add dev br0 vid 10 pvid untagged self
BRIDGE
lab fdb 'up0 10'
policy <<'POLICY'
bridge add br0
domain add mgmt
domain add web
domain add other
port bind web0 web
port bind up0 trunk vlan 1 other vlan 10 mgmt
policy allow mgmt host
policy allow host mgmt
POLICY
counts 0 status warnings
expect up0 host udp vlan=10 : host=pass@0
expect host up0 udp : up0=pass@10
expect up0 host udp : web0=flood
expect up0 web0 udp : web0=default-deny

# The bridge device comes and goes while the policy is in force.
bridge vlan del dev br0 vid 10 self
bridge vlan add dev br0 vid 1 pvid untagged self
works vsegctl policy allow other host
expect up0 host udp : host=pass@0
expect up0 host udp vlan=10 :
bridge vlan del dev br0 vid 1 self
bridge vlan add dev br0 vid 10 pvid untagged self
expect up0 host udp vlan=10 : host=pass@0

# Really in two of them, its VLAN can't be told.
bridge vlan add dev br0 vid 1 untagged self
expect up0 host udp vlan=10 : host=vlan-ambiguous
works vsegctl domain add third
holds "the commit warns" "$(lab counter status warnings && echo "$R") > 0"
bridge vlan del dev br0 vid 1 self
expect up0 host udp vlan=10 : host=pass@0
sums
