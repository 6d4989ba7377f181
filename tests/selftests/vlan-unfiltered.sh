#!/bin/bash
# On a bridge that doesn't filter VLANs, the frame's own tag tells a trunk's label.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

lab_up
taps up0 web0 db0 up1
policy <<'END'
bridge add br0
domain add web
domain add db
domain add mgmt
port bind web0 web
port bind db0 db
port bind up0 trunk vlan 0 mgmt vlan 10 web vlan 20 db
port bind up1 trunk default web vlan 20 db
policy allow db mgmt
END

expect up0 web0 udp vlan=10 : web0=pass@10
expect up0 web0 udp vlan=20 : web0=default-deny
expect up0 db0 udp vlan=20 : db0=pass@20
expect up0 web0 udp vlan=11 : web0=unlabelled-src
expect up0 web0 udp vlan=20,10 : web0=default-deny
expect up0 web0 udp vlan=10,20 : web0=pass
expect web0 up0 udp vlan=10 : up0=pass@10
expect web0 up0 udp vlan=20 : up0=default-deny
expect web0 up0 udp vlan=4094 : up0=unlabelled-dst
expect web0 up0 udp : up0=default-deny
expect db0 up0 udp : up0=pass@0

# No tag and VLAN 0 are the same; the protocol of a tag makes no difference.
expect up0 db0 udp : db0=default-deny
expect up0 db0 udp vlan=0p3 : db0=default-deny
expect up0 db0 udp vlan=ad.20 : db0=pass@ad.20
expect up0 web0 udp vlan=ad.20,q.10 : web0=default-deny
expect db0 up0 udp vlan=ad.10 : up0=default-deny
expect up1 web0 udp : web0=pass@0
expect up1 web0 udp vlan=20 : web0=default-deny
expect up1 db0 udp vlan=20 : db0=pass

# A guest's label is its port's, whatever tag it sends.
expect web0 db0 udp vlan=20 : db0=default-deny
expect web0 bcast udp vlan=20 : db0=flood up0=flood up1=flood host=flood
expect web0 bcast udp vlan=10 : db0=flood up0=pass up1=pass host=flood
sums
