#!/bin/bash
# A guest that writes all 4,094 tags gets its share of the zones, and everybody else still has one.
# shellcheck source=lib.sh
# time limit: 120
. "${0%/*}/../lib.sh"

# The first bridge filters no VLANs: there guests write the tags.
lab_up
bridge_up br1 vlan_filtering 1 vlan_default_pvid 1
taps evil0 evil1 db0 mgmt0
lab tap web1 br1
lab tap db1 br1
policy <<'END'
policy set guard off state-zones 40000-40159 state-limit 100
bridge add br0
bridge add br1
domain add evil
domain add db
domain add mgmt
domain add web
cell set evil db rules
rule add evil db protocol udp state
cell set mgmt db rules
rule add mgmt db protocol udp state
cell set web db rules
rule add web db protocol udp state
port bind evil0 evil
port bind evil1 evil
port bind db0 db
port bind mgmt0 mgmt
port bind web1 web
port bind db1 db
END
zones() { R=$(vsegctl -j zone show | jq length); }

# Of 160 zones, 20 are for one domain's tags, and 80 for those of all domains.
expect evil0 db0 udp : db0=pass
for ((tag = 1; tag <= 20; tag++)); do
	expect evil0 db0 udp vlan="$tag" : db0=pass
done
zones
is zones "$R" 21
expect evil0 db0 udp vlan=21 : db0=state-full
counts 1 status flows-refused
sent=1
for ((tag = 22; tag < 4095; tag += 97)); do
	lab send evil0 db0 udp vlan="$tag"
	sent=$((sent + 1))
done
counts "$sent" status flows-refused
zones
is "zones after all tags" "$R" 21

# What has a zone keeps it; without a tag, by another domain's tag and on a
# bridge that filters, there is one for everybody.
expect db0 evil0 udp vlan=20 sport=2000 dport=1000 : evil0=pass/st
expect mgmt0 db0 udp : db0=pass
expect mgmt0 db0 udp vlan=21 : db0=pass
expect web1 db1 udp : db1=pass
expect db1 web1 udp sport=2000 dport=1000 : web1=pass/st
zones
is "zones with the others'" "$R" 24

# Zones without flows are given to those who lack one.
works conntrack -F
again() { lab expect evil1 db0 udp vlan=21 : db0=pass; }
soon 30 again
zones
holds "zones after that: $R" "R < 21"
sums
