#!/bin/bash
# No accept, mark, redirect or queue of nftables, at any priority, opens what is denied.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

lab_up
taps web0 db0 mgmt0
standard <<'END'
port bind web0 web
port bind db0 db
port bind mgmt0 mgmt
END

# An accepting chain at every priority that somebody could choose.
{
	echo 'table bridge open {'
	for hook in prerouting input forward output postrouting; do
		for priority in -2147483647 -1000 -300 -200 -100 -1 0 1 100 300 1000 \
			2147483646 2147483647; do
			echo "chain $hook${priority/-/m} { type filter hook $hook priority $priority; policy accept; meta mark set 0x10 accept; }"
		done
	done
	echo '}'
	echo 'table inet open { chain in { type filter hook input priority -500; accept; }; }'
} >"$lab_dir/rules"
works nft -f "$lab_dir/rules"

for kind in udp udp6 tcp icmp 'arp op=1' raw; do
	expect web0 db0 "$kind" : db0=pass
	expect web0 mgmt0 "$kind" : mgmt0=default-deny
	expect mgmt0 db0 "$kind" : db0=default-deny
done
expect web0 host udp : host=default-deny
expect host web0 udp : web0=default-deny
expect web0 bcast udp : db0=pass mgmt0=flood host=flood

sums

# Chains that come after the policy's hooks were registered, and a policy that
# comes after the chains: both orders.
works vsegctl off
expect web0 mgmt0 udp : mgmt0=through
standard <<'END'
port bind web0 web
port bind db0 db
port bind mgmt0 mgmt
END
expect web0 mgmt0 udp : mgmt0=default-deny
works nft flush ruleset
works nft -f "$lab_dir/rules"
expect web0 mgmt0 udp : mgmt0=default-deny
expect host web0 udp : web0=default-deny

# ebtables' legacy tables do not either.
if ebtables-legacy -L >/dev/null 2>&1; then
	works ebtables-legacy -P FORWARD ACCEPT
	works ebtables-legacy -A FORWARD -j ACCEPT
	expect web0 mgmt0 udp : mgmt0=default-deny
fi

# A frame that nftables drops is nftables': vseg does not bring it back.
works nft insert rule bridge open forward0 ether type ip drop
lab send web0 db0 udp
lab got db0
is "what arrives after a drop by nftables" "$R" ""
