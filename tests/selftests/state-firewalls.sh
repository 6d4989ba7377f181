#!/bin/bash
# With Docker's and firewalld's rules in place, bridged frames through iptables or not, flows get the same verdicts.
# shellcheck source=lib.sh
# time limit: 180
. "${0%/*}/../lib.sh"

works modprobe -a br_netfilter nf_conntrack_bridge
trap 'modprobe -r br_netfilter || :; finish' EXIT
lab_up
taps web0 db0 mgmt0
policy <<'END'
policy set guard off
bridge add br0
domain add web
domain add db
domain add mgmt
cell set web db rules
rule add web db protocol udp,tcp,icmp,icmpv6 state
port bind web0 web
port bind db0 db
port bind mgmt0 mgmt
END

# What dockerd writes, for a network of its own and a port that it forwards; with
# the line by which administrators let their bridges pass.
docker() {
	local table
	for table in iptables ip6tables; do
		$table-restore <<-END
			*filter
			:INPUT ACCEPT [0:0]
			:FORWARD DROP [0:0]
			:OUTPUT ACCEPT [0:0]
			:DOCKER - [0:0]
			:DOCKER-BRIDGE - [0:0]
			:DOCKER-CT - [0:0]
			:DOCKER-FORWARD - [0:0]
			:DOCKER-ISOLATION-STAGE-1 - [0:0]
			:DOCKER-ISOLATION-STAGE-2 - [0:0]
			:DOCKER-USER - [0:0]
			-A FORWARD -j DOCKER-USER
			-A FORWARD -j DOCKER-FORWARD
			-A DOCKER-USER -i br0 -o br0 -j ACCEPT
			-A DOCKER-USER -j RETURN
			-A DOCKER ! -i docker0 -o docker0 -j DROP
			-A DOCKER-BRIDGE -o docker0 -j DOCKER
			-A DOCKER-CT -o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
			-A DOCKER-FORWARD -j DOCKER-CT
			-A DOCKER-FORWARD -j DOCKER-ISOLATION-STAGE-1
			-A DOCKER-FORWARD -j DOCKER-BRIDGE
			-A DOCKER-FORWARD -i docker0 -j ACCEPT
			-A DOCKER-ISOLATION-STAGE-1 -i docker0 ! -o docker0 -j DOCKER-ISOLATION-STAGE-2
			-A DOCKER-ISOLATION-STAGE-2 -o docker0 -j DROP
			COMMIT
			*nat
			:PREROUTING ACCEPT [0:0]
			:POSTROUTING ACCEPT [0:0]
			:DOCKER - [0:0]
			-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
			-A DOCKER -i docker0 -j RETURN
			-A DOCKER ! -i docker0 -p tcp -m tcp --dport 8080 -j REDIRECT --to-ports 80
			COMMIT
		END
	done
}

# What firewalld writes with nftables, for one zone that forwards within itself.
firewalld() {
	nft -f - <<-'END'
		table inet firewalld {
			chain mangle_PREROUTING { type filter hook prerouting priority mangle + 10; policy accept; jump mangle_zones; }
			chain mangle_zones { goto mangle_PRE_public; }
			chain mangle_PRE_public { }
			chain nat_PREROUTING { type nat hook prerouting priority dstnat + 10; policy accept; }
			chain nat_POSTROUTING { type nat hook postrouting priority srcnat + 10; policy accept; }
			chain filter_PREROUTING {
				type filter hook prerouting priority filter + 10; policy accept;
				icmpv6 type { nd-router-advert, nd-neighbor-solicit } accept
				meta nfproto ipv6 fib saddr . mark . iif oif missing drop
			}
			chain filter_INPUT {
				type filter hook input priority filter + 10; policy accept;
				ct state { established, related } accept
				ct status dnat accept
				iifname "lo" accept
				ct state invalid drop
				reject with icmpx admin-prohibited
			}
			chain filter_FORWARD {
				type filter hook forward priority filter + 10; policy accept;
				ct state { established, related } accept
				ct status dnat accept
				iifname "lo" accept
				ct state invalid drop
				ip6 daddr { ::/96, ::ffff:0.0.0.0/96, 2002::/24 } reject with icmpv6 addr-unreachable
				jump filter_FORWARD_ZONES
				reject with icmpx admin-prohibited
			}
			chain filter_FORWARD_ZONES { goto filter_FWD_public; }
			chain filter_FWD_public { iifname "br0" oifname "br0" accept; }
			chain filter_OUTPUT {
				type filter hook output priority filter + 10; policy accept;
				ct state { established, related } accept
				oifname "lo" accept
			}
		}
	END
}

port=1000
# turn: the same verdicts as ever.
turn() {
	port=$((port + 1))
	expect db0 web0 udp sport=2000 dport="$port" : web0=default-deny
	expect web0 db0 udp sport="$port" : db0=pass
	expect db0 web0 udp sport=2000 dport="$port" : web0=pass/st
	expect db0 web0 error idport=2000 isport="$port" : web0=pass/st
	expect web0 db0 tcp sport="$port" : db0=pass
	expect db0 web0 tcp sport=2000 dport="$port" tcpflags=0x12 seq=1 ack=10 : web0=pass/st
	expect web0 db0 tcp sport="$port" tcpflags=0x10 seq=10 ack=10 : db0=pass
	expect db0 web0 tcp sport=2000 dport=2222 tcpflags=2 seq=9 : web0=default-deny
	expect mgmt0 web0 udp sip=10.0.0.2 sport=2000 dport="$port" : web0=default-deny
	# In a rule, a reset of somebody else's doesn't end it.
	expect mgmt0 web0 tcp sip=10.0.0.2 sport=2000 dport="$port" tcpflags=4 seq=10 : web0=default-deny
	expect db0 web0 tcp sport=2000 dport="$port" tcpflags=0x10 seq=10 ack=18 : web0=pass/st
	expect db0 host udp : host=default-deny
	expect web0 mgmt0 udp sport="$port" : mgmt0=default-deny
}
for nf in 0 1; do
	echo "$nf" >/proc/sys/net/bridge/bridge-nf-call-iptables
	echo "$nf" >/proc/sys/net/bridge/bridge-nf-call-ip6tables
	turn
	works docker
	turn
	iptables -F DOCKER-USER
	iptables -A DOCKER-USER -j RETURN
	# Without that line what goes through iptables is gone, allowed or not.
	lab flush
	lab send web0 db0 udp sport=5
	lab send mgmt0 web0 udp sip=10.0.0.2 sport=2000 dport="$port"
	lab got db0
	is "what db0 gets of it, with bridge-nf-call $nf" "$(grep -c . <<<"$R" || :)" $((!nf))
	lab got web0
	is "what web0 gets of a forger" "$R" ""
	for table in iptables ip6tables; do
		$table -P FORWARD ACCEPT
		$table -F
		$table -t nat -F
	done
	works firewalld
	turn
	# A reload wipes it, as firewall-cmd --reload does.
	works nft flush ruleset
	turn
done
sums
