#!/bin/bash
# A guest gets its address from a real DHCP server in another domain by the service alone, and from no third one.
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
cell set web infra deny services dhcp
END

servers=()
# serve NAME PREFIX: leases.
serve() {
	ip -n "$1" address flush dev eth0
	ip -n "$1" address add "$2.1/24" dev eth0
	ip netns exec "$1" dnsmasq --no-daemon --conf-file=/dev/null --port=0 --user=root \
		--pid-file= --leasefile-ro --interface=eth0 --no-ping --log-dhcp --dhcp-authoritative \
		--dhcp-range="$2.50,$2.60,255.255.255.0,1h" >"$lab_dir/$1.log" 2>&1 &
	servers+=("$!")
}
started() { grep -q 'IP range' "$lab_dir/$1.log"; }
serve server 10.77.0
serve rogue 10.8.0
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
