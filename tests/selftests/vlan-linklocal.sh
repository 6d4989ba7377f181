#!/bin/bash
# Link-local frames at a trunk carry the label of the VLAN that they are in there, not of one of the host's.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

lab_up vlan_filtering 1 vlan_default_pvid 0
taps up0 up1
bridge -batch - <<'END'
vlan add dev up0 vid 1 pvid untagged
vlan add dev up0 vid 10
vlan add dev up1 vid 10
vlan add dev br0 vid 10 pvid untagged self
END
standard <<'END'
port bind up0 trunk vlan 1 web vlan 10 mgmt
port bind up1 trunk vlan 10 mgmt
policy allow mgmt host
END
lab daemon hostapd up0 0x888e br0
lab daemon hostapd1 up1 0x888e br0
eapol='01:80:c2:00:00:03 raw type=0x888e'

# Untagged it is of VLAN 1, though what leaves by the host's end without a tag is
# of VLAN 10.
expect up0 "$eapol" : hostapd=flood
expect up0 "$eapol" vlan=0 : hostapd=flood
expect up0 "$eapol" vlan=10 : hostapd=pass
# In no VLAN at all, and in one that the map doesn't have.
expect up1 "$eapol" : hostapd1=flood
expect up1 "$eapol" vlan=10 : hostapd1=pass
expect up0 "$eapol" vlan=20 : hostapd=flood
works vsegctl policy allow web host
expect up0 "$eapol" : hostapd=pass
expect up0 "$eapol" vlan=20 : hostapd=flood
sums
