# shellcheck shell=bash disable=SC2154
# A cell lets requests pass, the way back needs one of its own; resolution passes.
vsegctl policy del db web
capture db1
reads pair db web packets
before=$R
misses web1 "${ip4[db1]}"
misses web1 "${ip6[db1]}"
captured db1
frames db1 "from:${mac[web1]}+has:${ip4[db1]}" "from:${mac[web1]}+has:${ip6[db1]}"
read -rd '' v4 v6 <<<"$R" || :
holds "requests that db1 saw: $v4 and $v6" "$v4 >= 2 && $v6 >= 2"
reads pair db web packets
is "answers that were dropped" "$((R - before))" 4
for address in "${ip4[db1]}" "${ip6[db1]}"; do
	succeeds web1 "ip neighbour show $address | grep -iF ${mac[db1]}"
done

vsegctl policy allow db web
reaches web1 "${ip4[db1]}"
reaches web1 "${ip6[db1]}"
reaches db1 "${ip4[web1]}"

# The host is a domain as well.
misses web1 "10.0.0.254"
policy <<'POLICY'
policy allow web host
policy allow host web
POLICY
reaches web1 "10.0.0.254"
misses db1 "10.0.0.254"
