#!/bin/bash
# With a mark mask, stateful rules follow flows through the host: to it, from it, and beyond.
# time limit: 120
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=selftests/routed.inc
. "${0%/*}/routed.inc"

router_up
answers_routed
routed_guest web br0
routed_guest db br1
serve host 22
serve net 80
serve web 8080
serve db 80
policy <<'END'
bridge add br0
bridge add br1
domain add web
domain add db
port bind web web
port bind db db
policy set mark-mask 0x00ff0000
cell set web routed rules
rule add web routed protocol tcp port 80 state
cell set routed web rules
rule add routed web protocol tcp port 8080 state
cell set web host rules
rule add web host protocol tcp port 22 state
cell set web db rules
rule add web db protocol tcp port 80 state
END

# known PROTOCOL...: connection tracking has such a flow in a zone of vseg's.
known() {
	checks=$((checks + 1))
	conntrack -L "$@" 2>/dev/null | grep -q zone= || flunk "no flow: $*"
}

# begins PROGRAM...: what the host begins itself isn't an answer.
begins() {
	! timeout 2 bash -c "exec 3<>/dev/tcp/${ip4[web]}/8080" 2>/dev/null ||
		flunk "the host reaches web"
}

# Answers need no cell, and nothing else comes their way.
for to in 192.0.2.9 fd02::9; do
	reaches web "$to" 80 net
	counted web routed reaches_not web "$to" 81
done
known -p tcp --dport 80
for to in 10.0.0.254 fd00::fe; do
	reaches web "$to" 22 host
	counted web host reaches_not web "$to" 23
done
counted host web begins
for to in "${ip4[web]}" "${ip6[web]}"; do
	reaches net "$to" 8080 web
	counted routed web reaches_not net "$to" 22
done

# Translated on the way out, and a port that is forwarded on the way in.
nft -f - <<'END'
table inet nat {
	chain pre { type nat hook prerouting priority dstnat; iifname up0 tcp dport 8081 dnat ip to 10.0.0.101:8080; iifname br0 tcp dport 2222 redirect to :22; }
	chain post { type nat hook postrouting priority srcnat; oifname up0 masquerade; }
}
END
ip netns exec net ip route flush 10.0.0.0/15
is "the guest's address" "${ip4[web]}" 10.0.0.101
reaches web 192.0.2.9 80 net
reaches net 192.0.2.1 8081 web
counted web routed reaches_not web 192.0.2.9 81

# What is translated between the guest and the decision is no answer on its way back.
counted host web reaches_not web 10.0.0.254 2222
nft flush ruleset

# Nor is what comes back by another bridge than the one that the flow began on.
counted db web reaches_not web "${ip4[db]}" 80

# Without its rule no flow begins.
works vsegctl rule del web host all
counted web host reaches_not web 10.0.0.254 22
sums
