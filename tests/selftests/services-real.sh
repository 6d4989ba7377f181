#!/bin/bash
# A guest gets its address from a real DHCP server, and its prefix from a real router, in another domain, by services alone.
# time limit: 120
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

lab_up mcast_snooping 0
guests client server rogue
policy <<'END'
bridge add br0
domain add web
domain add infra permit dhcp-server,router
domain add other permit dhcp-server,router
port bind client web
port bind server infra
port bind rogue other
cell set web infra deny services dhcp,ra
END

servers=()
# serve NAME PREFIX4 PREFIX6: leases, and advertises a router from its link-local
# address.
serve() {
	ip -n "$1" address flush dev eth0 scope global
	ip -n "$1" address add "$2.1/24" dev eth0
	ip -n "$1" address add "$3::1/64" dev eth0 nodad
	ip netns exec "$1" dnsmasq --no-daemon --conf-file=/dev/null --port=0 --user=root \
		--pid-file= --leasefile-ro --interface=eth0 --no-ping --log-dhcp --dhcp-authoritative \
		--dhcp-range="$2.50,$2.60,255.255.255.0,1h" --dhcp-range="$3::,ra-only,64,1h" \
		--enable-ra --ra-param=eth0,5,60 >"$lab_dir/$1.log" 2>&1 &
	servers+=("$!")
}
started() { grep -q 'router advertisement' "$lab_dir/$1.log"; }
serve server 10.77.0 fd77:0:0:7
serve rogue 10.8.0 fd77:0:0:8
soon 20 started server
soon 20 started rogue

cat >"$lab_dir/script" <<'END'
#!/bin/sh
[ "$1" != bound ] || ip address replace "$ip/24" dev "$interface"
END
chmod +x "$lab_dir/script"
ip -n client address flush dev eth0 scope global

# leases: a client asks, and is given an address.
leases() {
	ip -n client -4 address flush dev eth0
	ip netns exec client busybox udhcpc -f -n -q -i eth0 -t 4 -T 1 \
		-s "$lab_dir/script" >"$lab_dir/client.log" 2>&1
}
lease() {
	ip -n client -4 -j address show dev eth0 | jq -r '.[0].addr_info[0].local'
}
works leases
like "address of the lease" "$(lease)" '^10\.77\.0\.5[0-9]$'
reads port client pass-service
holds "requests passed as a service" "$R >= 2"
reads port server pass-service
holds "replies passed as a service" "$R >= 2"

# The router's prefix, and no other.
prefixes() {
	ip -n client -6 -j address show dev eth0 scope global | jq -r '.[0].addr_info[]?.local'
}
has_prefix() { [[ $(prefixes) == *fd77:0:0:7:* ]]; }
ip netns exec client "$BASH" -c '
	echo 1 >/proc/sys/net/ipv6/conf/eth0/accept_ra
	echo 3 >/proc/sys/net/ipv6/conf/eth0/router_solicitations
	ip link set eth0 down
	ip link set eth0 up'
soon 30 has_prefix
is "prefixes of the other router" "$(prefixes | grep -c fd77:0:0:8: || :)" 0

# Nothing else passes between the two, and nothing at all from the third.
refuses client 10.77.0.1
is "leases of the other server" "$(grep -c 'DHCPDISCOVER\|DHCPREQUEST' "$lab_dir/rogue.log" || :)" 0

# Without the service there is no lease.
works vsegctl cell set web infra deny services ra
fails leases
works vsegctl cell set web infra deny services dhcp
works leases
like "address of the lease" "$(lease)" '^10\.77\.0\.5[0-9]$'
# Nor with it, where the guard doesn't permit the server to be one.
works vsegctl domain set infra permit router
fails leases
reads port server guard-dhcp
holds "answers that the guard dropped" "$R >= 1"
kill "${servers[@]}"
sums
