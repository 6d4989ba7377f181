#!/bin/bash
# With 802.1ad as the bridge's VLAN protocol, its tags count and 802.1Q's are payload.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

lab_up vlan_filtering 1 vlan_default_pvid 0 vlan_protocol 802.1ad
taps up0 web0 db0
bridge -batch - <<'END'
vlan add dev up0 vid 1 pvid untagged
vlan add dev up0 vid 10
vlan add dev up0 vid 20
vlan add dev web0 vid 10 pvid untagged
vlan add dev db0 vid 20 pvid untagged
END
for where in 'up0 10' 'up0 20' 'web0 10' 'db0 20'; do
	lab fdb "$where"
done
policy <<'END'
bridge add br0
domain add web
domain add db
port bind web0 web
port bind db0 db
port bind up0 trunk vlan 10 web vlan 20 web
END

expect up0 web0 udp vlan=ad.10 : web0=pass@0
expect up0 db0 udp vlan=ad.20 : db0=default-deny
expect up0 web0 udp vlan=ad.10,q.20 : web0=pass@20
expect up0 db0 udp vlan=ad.20,q.10 : db0=default-deny
expect web0 up0 udp : up0=pass@ad.10
expect web0 up0 udp vlan=20 : up0=pass@ad.10,q.20
expect db0 up0 udp vlan=10 : up0=default-deny
# An 802.1Q tag from the trunk is its native VLAN 1, which web0 isn't in.
expect up0 web0 udp vlan=10 :
bridge vlan add dev web0 vid 1 untagged
lab fdb web0 1
expect up0 web0 udp vlan=10 : web0=vlan-ambiguous
sums
