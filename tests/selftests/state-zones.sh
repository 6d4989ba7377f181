#!/bin/bash
# Equal addresses and ports on two bridges, and in two VLANs, are two flows.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

lab_up
bridge_up br1
taps web0 db0
lab tap web1 br1
lab tap db1 br1
policy <<'END'
policy set guard off
bridge add br0
bridge add br1
domain add web
domain add db
cell set web db rules
rule add web db protocol udp state
port bind web0 web
port bind web1 web
port bind db0 db
port bind db1 db
END
same='sip=10.0.0.50 dip=10.0.0.60'
back='sip=10.0.0.60 dip=10.0.0.50 sport=2000 dport=1000'

expect web0 db0 "udp $same" : db0=pass
expect db1 web1 "udp $back" : web1=default-deny
expect web1 db1 "udp $same" : db1=pass
expect db1 web1 "udp $back" : web1=pass/st
expect db0 web0 "udp $back" : web0=pass/st

# A tag is another network on a bridge that filters none.
expect db0 web0 "udp $back vlan=7" : web0=default-deny
expect web0 db0 "udp $same vlan=7" : db0=pass
expect db0 web0 "udp $back vlan=7" : web0=pass/st
expect db0 web0 "udp $back vlan=8" : web0=default-deny
# What is behind a second tag isn't followed: it begins nothing.
expect web0 db0 "udp $same vlan=7,8" : db0=state-invalid

run() { R=$(vsegctl -j zone show); }
run
is zones "$(jq length <<<"$R")" 3
is bridges "$(jq -r '[.[].bridge] | sort | join(" ")' <<<"$R")" 'br0 br0 br1'
is vids "$(jq -c '[.[].vid] | sort' <<<"$R")" '[0,0,7]'
like domains "$(jq -r '.[0] | .domain + " " + .peer' <<<"$R")" 'web db|db web'
is distinct "$(jq '[.[].id] | unique | length' <<<"$R")" 3
is range "$(jq '[.[].id | select(. < 32768)] | length' <<<"$R")" 0

# They go with the bridge; and without the policy's need, with their last flow.
works ip link del br1
zones_are() {
	run
	[[ $(jq length <<<"$R") -eq $1 ]]
}
soon 20 zones_are 2
policy <<'END'
rule del web db all
rule add web db protocol udp stateless
END
expect db0 web0 "udp $back" : web0=default-deny
zones_are 2 || flunk "a zone went with its flows"
works conntrack -D
soon 20 zones_are 0
expect db0 web0 "udp $back" : web0=default-deny
sums bridges-gone
