#!/bin/bash
# On a filtering bridge a flow's zone is the bridge's VLAN, whether its frames have the tag or not.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

lab_up vlan_filtering 1 vlan_default_pvid 0
taps up0 web0 x0
bridge -batch - <<'END'
vlan add dev up0 vid 10
vlan add dev up0 vid 20
vlan add dev web0 vid 10 pvid untagged
vlan add dev x0 vid 20 pvid untagged
END
for where in 'up0 10' 'up0 20' 'web0 10' 'x0 20'; do
	lab fdb "$where"
done
policy <<'END'
policy set guard off
bridge add br0
domain add web
domain add out
cell set web out rules
rule add web out protocol udp state
port bind web0 web
port bind x0 web
port bind up0 trunk vlan 10 out vlan 20 out
END
same='sip=10.0.0.50 dip=10.0.0.60'
back='sip=10.0.0.60 dip=10.0.0.50 sport=2000 dport=1000'

# Untagged in, tagged out; tagged back, untagged out.
expect web0 up0 "udp $same" : up0=pass@10
expect up0 web0 "udp $back vlan=10" : web0=pass/st@0
# The other VLAN has the same addresses, and another flow.
expect up0 x0 "udp $back vlan=20" : x0=default-deny
expect x0 up0 "udp $same" : up0=pass@20
expect up0 x0 "udp $back vlan=20" : x0=pass/st@0
is vids "$(vsegctl -j zone show | jq -c '[.[].vid] | sort')" '[10,20]'

# A port that is untagged in two VLANs: which one can't be told.
works bridge vlan add dev web0 vid 20 untagged
lab fdb web0 20
expect x0 up0 "udp $same" : up0=pass@20
soon 10 lab expect up0 web0 "udp $back vlan=20" : web0=default-deny
sums
