#!/bin/bash
# Link-local frames are the host's: a guest reaches it only by a cell, other guests likewise.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

lab_up
taps web0 db0
standard <<'END'
policy set guard off
port bind web0 web
port bind db0 db
policy allow web host
END
lab daemon hostapd web0 0x888e br0
lab daemon hostapd2 db0 0x888e br0
eapol='01:80:c2:00:00:03 raw type=0x888e'
lldp='01:80:c2:00:00:0e raw type=0x88cc'

expect web0 "$eapol" : hostapd=pass
expect db0 "$eapol" : hostapd2=flood
works vsegctl policy del web host
expect web0 "$eapol" : hostapd=flood
works vsegctl port unbind web0
expect web0 "$eapol" : hostapd=flood
works vsegctl port bind web0 web

# What the bridge is told to forward of them meets the cell of its pair.
expect web0 "$lldp" :
echo 0x4000 >/sys/class/net/br0/bridge/group_fwd_mask
expect web0 "$lldp" : db0=pass host=flood
expect db0 "$lldp" : web0=flood host=flood
echo 0 >/sys/class/net/br0/bridge/group_fwd_mask

# LLDP that it does not forward goes to the host's own daemon behind the back of
# every hook: that is not ours to stop, and nobody else gets it.
lab daemon lldpd web0 0x88cc br0
expect web0 "$lldp" : lldpd=through
sums
