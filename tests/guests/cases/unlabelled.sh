# shellcheck shell=bash disable=SC2154
# Until their taps are bound, nothing crosses between guests, not even DHCP.
for name in "${machines[@]}"; do
	vsegctl port unbind "${dev[$name]}"
done
capture "${machines[@]}"
for name in "${machines[@]}"; do
	is "domain of ${dev[$name]}" "$(<"/sys/class/net/${dev[$name]}/vseg/domain")" unlabelled
	ask "$name" lease 2
done
for name in "${machines[@]}"; do
	checks=$((checks + 1))
	! answer "$name" || flunk "$name got a lease: $R"
done
sysfs vnet0 drop_unlabelled_src
before=$R
knows web1 db1
misses web1 "${ip4[db1]}"
misses web1 "${ip6[db1]}"
captured "${machines[@]}"
unseen web1 db1 pay1 infra pay2
unseen db1 web1 pay1 infra pay2
unseen pay1 db1 web1 infra pay2
frames web1 "to:${mac[db1]}"
holds "$R frames from web1 to db1" "R >= 4"
sent=$R
sysfs vnet0 drop_unlabelled_src
is "drops of frames that web1 sent" "$((R - before))" "$sent"
