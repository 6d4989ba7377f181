#!/bin/bash
# The host's own connection tracking, in the bridge and inet families and by br_netfilter, changes no verdict.
# shellcheck source=lib.sh
# time limit: 120
. "${0%/*}/../lib.sh"

works modprobe -a br_netfilter nf_conntrack_bridge
trap 'modprobe -r br_netfilter || :; finish' EXIT
lab_up
ruled web0 db0 mgmt0 <<'END'
rule add web db protocol udp,tcp,icmp,icmpv6 state
END

turn() {
	local port=$1
	expect db0 web0 udp sport=2000 dport="$port" : web0=default-deny
	expect web0 db0 udp sport="$port" : db0=pass
	expect db0 web0 udp sport=2000 dport="$port" : web0=pass/st
	expect db0 web0 error idport=2000 isport="$port" : web0=pass/st
	expect web0 db0 udp6 sport="$port" : db0=pass
	expect db0 web0 udp6 sport=2000 dport="$port" : web0=pass/st
	expect web0 db0 tcp sport="$port" : db0=pass
	expect db0 web0 tcp sport=2000 dport="$port" tcpflags=0x12 seq=1 ack=10 : web0=pass/st
	expect web0 db0 tcp sport="$port" tcpflags=0x10 seq=10 ack=10 : db0=pass
	expect db0 web0 tcp sport=2000 dport=2222 tcpflags=0x10 seq=2 ack=2 : web0=default-deny
	expect mgmt0 web0 udp sip=10.0.0.2 sport=2000 dport="$port" : web0=default-deny
}

turn 1000
works nft -f - <<'END'
table bridge track {
	chain forward {
		type filter hook forward priority 0; policy accept;
		ct state established,related accept
		ct state new counter accept
	}
}
END
turn 1001
echo 1 >/proc/sys/net/bridge/bridge-nf-call-iptables
echo 1 >/proc/sys/net/bridge/bridge-nf-call-ip6tables
turn 1002
works nft -f - <<'END'
table inet track {
	chain forward {
		type filter hook forward priority 0; policy accept;
		ct state established,related accept
		ct state new counter accept
	}
}
END
turn 1003
works nft flush ruleset
turn 1004
sums
