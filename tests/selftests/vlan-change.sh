#!/bin/bash
# A VLAN that changes at run time is followed; in between nothing passes by the old one.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/tools/trunk.sh
. "$tools/trunk.sh"

trunk_host

bridge -batch - <<'END'
vlan del dev g0 vid 10
vlan add dev g0 vid 20 pvid untagged
END
# At once: dropped, for whatever reason, but never passed as VLAN 10.
lab send up0 g0 udp vlan=20
lab got g0
is "what a guest gets from a VLAN that may not reach it" "$R" ""
soon 5 vlan_is 20
lab fdb g0 20
expect up0 g0 udp vlan=20 : g0=default-deny
expect up0 g0 udp vlan=10 :

bridge -batch - <<'END'
vlan del dev g0 vid 20
vlan add dev g0 vid 10 pvid untagged
END
soon 5 vlan_is 10
lab fdb g0 10
expect up0 g0 udp vlan=10 : g0=pass@0

# A port that is tagged needs no look-up, filtering off means the frame's tag.
bridge vlan add dev g0 vid 20
lab fdb g0 20
expect up0 g0 udp vlan=20 : g0=default-deny
expect up0 g0 udp vlan=10 : g0=pass@0
ip link set br0 type bridge vlan_filtering 0
expect up0 g0 udp vlan=10 : g0=pass@10
expect up0 g0 udp vlan=20 : g0=default-deny
expect up0 g0 udp : g0=unlabelled-src
ip link set br0 type bridge vlan_filtering 1
expect up0 g0 udp vlan=10 : g0=pass@0
expect up0 g0 udp vlan=20 : g0=default-deny
sums
