#!/bin/bash
# On a filtering bridge a trunk's label is the bridge's VLAN, tagged or stripped.
# 
#    up0 (trunk: 10, 20, 30, 40 tagged, 1 native) --- br0 --- web0 (access 10)
#    up1 (trunk: 10, 20 tagged) ----------------------|   |--- db0  (access 20)
#                                                         |--- x0   (access 30)
#                                                         `--- n0   (access 1)
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

lab_up vlan_filtering 1 vlan_default_pvid 0
taps up0 web0 db0 x0 n0 up1
bridge -batch - <<'END'
vlan add dev up0 vid 1 pvid untagged
vlan add dev up0 vid 10
vlan add dev up0 vid 20
vlan add dev up0 vid 30
vlan add dev up1 vid 10
vlan add dev up1 vid 20
vlan add dev web0 vid 10 pvid untagged
vlan add dev db0 vid 20 pvid untagged
vlan add dev x0 vid 30 pvid untagged
vlan add dev n0 vid 1 pvid untagged
vlan add dev br0 vid 10 pvid untagged self
vlan add dev br0 vid 20 self
END
for where in 'up0 10' 'up0 20' 'up0 30' 'up0 1' 'up1 10' 'up1 20' 'web0 10' \
	'db0 20' 'x0 30' 'n0 1'; do
	lab fdb "$where"
done
policy <<'END'
bridge add br0
domain add web
domain add db
domain add mgmt
domain add out10
domain add out20
port bind web0 web
port bind db0 db
port bind x0 db
port bind n0 mgmt
port bind up0 trunk vlan 1 mgmt vlan 10 out10 vlan 20-21 out20
port bind up1 trunk vlan 10 web vlan 20 db
policy allow out10 web
policy allow web out10
policy allow out20 host
END

# In: the tag is gone where the frame leaves untagged, the VLAN isn't.
expect up0 web0 udp vlan=10 : web0=pass@0
expect up0 db0 udp vlan=20 : db0=default-deny
expect web0 up0 udp : up0=pass@10
expect db0 up0 udp : up0=default-deny
works vsegctl policy allow out20 db
expect up0 db0 udp vlan=20 : db0=pass@0
expect db0 up0 udp : up0=default-deny

# From trunk to trunk, tagged all the way.
expect up0 up1 udp vlan=10 : up1=pass@10
expect up0 up1 udp vlan=20 : up1=pass@20
expect up1 up0 udp vlan=10 : up0=pass@10
expect up1 up0 udp vlan=20 : up0=default-deny

# VLAN 30 is in the bridge, but not in the map.
expect up0 x0 udp vlan=30 : x0=unlabelled-src
expect x0 up0 udp : up0=unlabelled-dst

# The native VLAN: no tag, and a tag with VLAN 0.
expect up0 n0 udp : n0=pass@0
expect up0 n0 udp vlan=0p5 : n0=pass
expect n0 up0 udp : up0=pass@0

# Copies: only those of the VLAN, each alone.
expect up0 bcast arp vlan=10 : web0=pass@0 up1=pass@10 host=flood
expect up0 bcast udp vlan=20 : db0=pass@0 up1=pass@20 host=pass
expect web0 bcast udp : up0=pass@10 up1=pass@10 host=flood
expect db0 bcast udp : up0=flood up1=pass@20 host=flood

# A guest's own tag: its VLAN, or the bridge drops it before vseg sees it.
expect web0 up0 udp vlan=10 : up0=pass@10
expect web0 db0 udp vlan=20 :
expect web0 up0 udp vlan=20 :

# What isn't in the map gets the default domain, once there is one.
works vsegctl port bind up0 trunk default db vlan 10 out10
expect up0 x0 udp vlan=30 : x0=pass@0
expect up0 db0 udp vlan=20 : db0=pass@0
expect up0 web0 udp vlan=10 : web0=pass@0
expect up0 n0 udp : n0=default-deny
sums
