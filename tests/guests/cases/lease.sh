# shellcheck shell=bash disable=SC2154
# DHCP leases and router advertisements reach whom the cells allow, no other.

# fresh NAME: no addresses, and a link that just came up, which makes the
# guest's kernel ask for routers.
fresh() {
	ask "$1" "ip address flush dev eth0; ip link set eth0 down; ip link set eth0 up"
}

# leases NAME…: all at the same time.
leases() {
	local name
	for name; do
		ask "$name" lease 20
	done
	for name; do
		checks=$((checks + 1))
		answer "$name" || flunk "$name got no lease: $R"
		succeeds "$name" "ip address show dev eth0 | grep -F 'inet ${ip4[$name]}/24'"
	done
}

# autoconfigures NAME…: an address from the prefix that the router told.
autoconfigures() {
	local name
	for name; do
		ask "$name" "wait_for $patience eval \
			'ip -6 address show dev eth0 | grep -F \"inet6 ${ip6[$name]}/64 scope global dynamic\"'"
	done
	for name; do
		checks=$((checks + 1))
		answer "$name" || flunk "$name has no address by autoconfiguration"
	done
}

# Guests of infra may play server and router; the guard lets no others.
vsegctl domain set infra permit dhcp-server,router

ip netns exec infra dnsmasq --keep-in-foreground --conf-file=/dev/null --user=root \
	--pid-file --port=0 --interface=eth0 --bind-interfaces --no-ping --log-dhcp \
	--log-facility="$scratch/dnsmasq.log" --dhcp-leasefile="$scratch/leases" \
	--dhcp-range=10.0.0.0,static --enable-ra --dhcp-range=fd00::,ra-only \
	--dhcp-host="${mac[web1]},${ip4[web1]}" --dhcp-host="${mac[db1]},${ip4[db1]}" \
	--dhcp-host="${mac[pay1]},${ip4[pay1]}" &
dnsmasq=$!
wait_until "$patience" grep -q started "$scratch/dnsmasq.log"

for name in "${machines[@]}"; do
	fresh "$name"
done
for name in "${machines[@]}"; do
	answer "$name"
done
capture pay1
ask pay1 lease 3
leases web1 db1
autoconfigures web1 db1
checks=$((checks + 1))
! answer pay1 || flunk "pay1 got a lease: $R"
captured pay1
unseen pay1 infra web1 db1
declines pay1 "ip address show dev eth0 | grep -E 'inet |scope global'"
fails grep -iq "${mac[pay1]}" "$scratch/dnsmasq.log"
works grep -iq "${mac[web1]}" "$scratch/dnsmasq.log"
frames pay1 "from:${mac[pay1]}+to:ff:ff:ff:ff:ff:ff"
holds "$R broadcasts from pay1" "$R >= 3"

# What was missing was the cells, nothing else.
policy <<'POLICY'
policy allow payroll infra
policy allow infra payroll
POLICY
fresh pay1
answer pay1
leases pay1
autoconfigures pay1
kill "$dnsmasq"
vsegctl domain set infra permit none
