#!/bin/bash
# A frame whose VLAN can't be told is dropped as such, and the commit warns.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

lab_up vlan_filtering 1 vlan_default_pvid 0
taps up0 g0 up1
bridge -batch - <<'END'
vlan add dev up0 vid 10
vlan add dev up0 vid 20
vlan add dev up1 vid 10
vlan add dev g0 vid 10 pvid untagged
vlan add dev g0 vid 20 untagged
END
lab fdb g0 10
lab fdb g0 20
lab fdb up0 10
policy <<'END'
bridge add br0
domain add web
domain add db
port bind g0 web
port bind up1 trunk vlan 10 web
END
counts 0 status warnings

# up1 is in one of the two VLANs only.
expect up1 g0 udp vlan=10 : g0=pass@0

out=$(vsegctl port bind up0 trunk vlan 10 web vlan 20 db 2>&1)
like "what the command says of it" "$out" '[Vv][Ll][Aa][Nn]|ambiguous'
counts 2 status warnings
lab listen drops
expect up0 g0 udp vlan=10 : g0=vlan-ambiguous
event drops reason=vlan-ambiguous in-ifname=up0 out-ifname=g0
expect up0 g0 udp vlan=20 : g0=vlan-ambiguous

# With a tag there is nothing to guess.
expect g0 up0 udp : up0=pass@10

# Nor where both VLANs mean the same.
works vsegctl port bind up0 trunk vlan 10 web vlan 20 web
counts 0 status warnings
expect up0 g0 udp vlan=10 : g0=pass@0
expect up0 g0 udp vlan=20 : g0=pass@0
works vsegctl port bind up0 trunk default web
expect up0 g0 udp vlan=20 : g0=pass@0
sums
