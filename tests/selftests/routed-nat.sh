#!/bin/bash
# On NAT networks as libvirt, Incus and Docker make them guests reach the Internet and not the host.
# time limit: 120
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=selftests/routed.inc
. "${0%/*}/routed.inc"

trap 'modprobe -r br_netfilter || :; finish' EXIT
router_up
routed_guest web br0
routed_guest db br1
serve host 22
serve host 53
serve net 80
serve web 8080
policy <<'END'
bridge add br0
bridge add br1
domain add web
domain add db
port bind web web
port bind db db
policy set mark-mask 0x00ff0000
policy allow web routed
policy allow routed web
cell set web host rules
rule add web host allow protocol tcp port 53
policy allow host web
END

# The rules of virbr0, as libvirt's iptables backend writes them.
libvirt_rules() {
	iptables-restore <<-'END'
		*nat
		-A PREROUTING -i up0 -p tcp -m tcp --dport 8081 -j DNAT --to-destination 10.0.0.101:8080
		-A POSTROUTING -s 10.0.0.0/24 -d 224.0.0.0/24 -j RETURN
		-A POSTROUTING -s 10.0.0.0/24 -d 255.255.255.255/32 -j RETURN
		-A POSTROUTING -s 10.0.0.0/24 ! -d 10.0.0.0/24 -p tcp -j MASQUERADE --to-ports 1024-65535
		-A POSTROUTING -s 10.0.0.0/24 ! -d 10.0.0.0/24 -p udp -j MASQUERADE --to-ports 1024-65535
		-A POSTROUTING -s 10.0.0.0/24 ! -d 10.0.0.0/24 -j MASQUERADE
		COMMIT
		*mangle
		-A POSTROUTING -o br0 -p udp -m udp --dport 68 -j CHECKSUM --checksum-fill
		COMMIT
		*filter
		-A INPUT -i br0 -p udp -m udp --dport 67 -j ACCEPT
		-A FORWARD -d 10.0.0.0/24 -o br0 -m conntrack --ctstate DNAT -j ACCEPT
		-A FORWARD -d 10.0.0.0/24 -o br0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
		-A FORWARD -s 10.0.0.0/24 -i br0 -j ACCEPT
		-A FORWARD -i br0 -o br0 -j ACCEPT
		-A FORWARD -o br0 -j REJECT --reject-with icmp-port-unreachable
		-A FORWARD -i br0 -j REJECT --reject-with icmp-port-unreachable
		COMMIT
	END
}

# The rules of incusbr0; with one port each, for of a set of them nf_tables itself
# makes reports where RCU is watched.
incus_rules() {
	nft -f - <<-'END'
		table inet incus {
			chain prert.br0 { type nat hook prerouting priority dstnat; iifname up0 tcp dport 8081 dnat ip to 10.0.0.101:8080; }
			chain pstrt.br0 { type nat hook postrouting priority srcnat; ip saddr 10.0.0.0/24 ip daddr != 10.0.0.0/24 masquerade; ip6 saddr fd00::/64 ip6 daddr != fd00::/64 masquerade; }
			chain fwd.br0 { type filter hook forward priority filter; iifname br0 accept; oifname br0 accept; }
			chain in.br0 { type filter hook input priority filter; iifname br0 tcp dport 53 accept; iifname br0 udp dport 53 accept; iifname br0 udp dport 67 accept; iifname br0 udp dport 547 accept; }
			chain out.br0 { type filter hook output priority filter; oifname br0 tcp sport 53 accept; }
		}
	END
}

# The rules of docker0, with a user's own, firewalld's kind of marks beside.
docker_rules() {
	iptables-restore <<-'END'
		*nat
		:DOCKER - [0:0]
		-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
		-A OUTPUT ! -d 127.0.0.0/8 -m addrtype --dst-type LOCAL -j DOCKER
		-A POSTROUTING -s 10.0.0.0/24 ! -o br0 -j MASQUERADE
		-A DOCKER -i br0 -j RETURN
		-A DOCKER ! -i br0 -p tcp -m tcp --dport 8081 -j DNAT --to-destination 10.0.0.101:8080
		COMMIT
		*mangle
		-A PREROUTING -j CONNMARK --restore-mark
		-A PREROUTING -i up0 -m mark --mark 0 -j MARK --set-xmark 0x64
		-A PREROUTING -j CONNMARK --save-mark
		COMMIT
		*filter
		:FORWARD DROP [0:0]
		:DOCKER - [0:0]
		:DOCKER-ISOLATION-STAGE-1 - [0:0]
		:DOCKER-USER - [0:0]
		-A FORWARD -j DOCKER-USER
		-A FORWARD -j DOCKER-ISOLATION-STAGE-1
		-A FORWARD -o br0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
		-A FORWARD -o br0 -j DOCKER
		-A FORWARD -i br0 ! -o br0 -j ACCEPT
		-A FORWARD -i br0 -o br0 -j ACCEPT
		-A DOCKER -d 10.0.0.101/32 ! -i br0 -o br0 -p tcp -m tcp --dport 8080 -j ACCEPT
		-A DOCKER-ISOLATION-STAGE-1 -j RETURN
		-A DOCKER-USER -j RETURN
		COMMIT
	END
}

no_rules() {
	nft flush ruleset
	conntrack -F >/dev/null 2>&1 || :
}

# network NAME: what its guests reach, and what not.
network() {
	"$1_rules"
	reaches web 192.0.2.9 80 net
	counted web host reaches_not web 10.0.0.254 22
	counted web host reaches_not web 192.0.2.1 22
	reaches web 10.0.0.254 53 host
	reaches net 192.0.2.1 8081 web
	no_rules
}
is "the guest's address" "${ip4[web]}" 10.0.0.101
for who in libvirt incus docker; do
	network "$who"
done

# IPv6, translated and not.
incus_rules
reaches web fd02::9 80 net
counted web host reaches_not web fd00::fe 22
no_rules

# The same with br_netfilter's detour.
works modprobe br_netfilter
echo 1 >/proc/sys/net/bridge/bridge-nf-call-iptables
echo 1 >/proc/sys/net/bridge/bridge-nf-call-ip6tables
network libvirt
network docker
incus_rules
reaches web fd02::9 80 net
counted web host reaches_not web fd00::fe 22

# Another domain reaches neither, and the Internet doesn't without its cell.
counted db routed reaches_not db 192.0.2.9 80
counted db web reaches_not db "${ip4[web]}" 8080
works vsegctl policy del routed web
counted routed web reaches_not net 192.0.2.1 8081
counted routed web reaches_not web 192.0.2.9 80
no_rules
sums
