#!/bin/bash
# On a filtering bridge rules see the bridge's VLAN, also where it took the tag off.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

lab_up vlan_filtering 1 vlan_default_pvid 0
taps a0 b0 c0
for port in a0 b0; do
	bridge vlan add dev "$port" vid 10 pvid untagged
done
bridge vlan add dev b0 vid 20 untagged
bridge vlan add dev c0 vid 10
policy <<'END'
policy set guard off
bridge add br0
domain add web
domain add db
port bind a0 web
port bind b0 db
port bind c0 db
cell set web db rules
rule add web db allow vlan 10
rule add web db allow vlan 20
END
for port in b0 c0; do
	lab mac "$port"
	bridge fdb replace "$R" dev "$port" vlan 10 master static
done
expect a0 c0 udp : c0=pass
# b0 is untagged in two VLANs: from which it came can't be told.
expect a0 b0 udp : b0=unparsed

bridge vlan del dev b0 vid 20
soon 5 lab expect a0 b0 udp : b0=pass
works vsegctl rule del web db 0
expect a0 b0 udp : b0=no-rule
works vsegctl rule add web db allow vlan 10
expect a0 b0 udp : b0=pass
