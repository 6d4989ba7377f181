#!/bin/bash
# A selector can make a port a trunk, VLANs of its bridge included.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

lab_up vlan_filtering 1 vlan_default_pvid 0
policy <<'END'
bridge add br0
domain add web
domain add db
domain add uplink
policy allow uplink web
selector add glob up* trunk default uplink vlan 10 web vlan 20-29 db
selector add name web0 web
selector add name db0 db
END
taps web0 db0 up0
bridge vlan add dev web0 vid 10 pvid untagged
bridge vlan add dev db0 vid 20 pvid untagged
bridge vlan add dev up0 vid 10
bridge vlan add dev up0 vid 20
bridge vlan add dev web0 vid 30 untagged
bridge vlan add dev up0 vid 30
is "trunk" "$(vsegctl -j port show up0 | jq -c '.[0] | [.kind, .match, .domain, (.vlan | length)]')" '["trunk","glob","uplink",2]'

# The worker reads the VLANs behind the change.
lab_vlan_known() {
	expect up0 web0 udp vid=10 : web0=pass
}
soon 10 vsegctl port show up0
reads port up0 rx-packets
is "a trunk's first frames" "$R" 0

works vsegctl selector del glob 'up*'
is "no trunk" "$(vsegctl -j port show up0 | jq -r '.[0].kind')" unlabelled
sums
