#!/bin/bash
# With a mark mask, what the host routes is decided as from its source to where it goes.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=selftests/routed.inc
. "${0%/*}/routed.inc"

router_up
answers_routed
routed_guest web br0
routed_guest db br1
routed_guest web2 br1
serve host 22
policy <<'END'
bridge add br0
bridge add br1
domain add web
domain add db
port bind web web
port bind web2 web
port bind db db
policy set mark-mask 0xff000
END

# Nothing is allowed but inside of domains, whatever the host routes.
for to in "${ip4[db]}" "${ip6[db]}"; do
	counted web db refuses web "$to"
done
for to in 192.0.2.9 fd02::9; do
	counted web routed refuses web "$to"
	counted routed web ip netns exec net ping -n -q -c 1 -W 1 \
		"${ip4[web]}" >/dev/null || :
done
for to in 10.0.0.254 fd00::fe 10.1.0.254 192.0.2.1; do
	counted web host refuses web "$to"
	counted web host reaches_not web "$to" 22
done

# Inside a domain, unless its guests are isolated.
pings web "${ip4[web2]}"
works vsegctl cell set web web allow isolate
counted web web refuses web "${ip4[web2]}"
works vsegctl cell set web web allow

# From bridge to bridge: both directions, and nothing of the host.
works vsegctl policy allow web db
counted db web refuses web "${ip4[db]}"
works vsegctl policy allow db web
pings web "${ip4[db]}"
pings web "${ip6[db]}"
pings db "${ip4[web]}"
reads cell web db packets
holds "frames from web to db" "$R >= 4"
counted web host reaches_not web 10.0.0.254 22
counted web routed refuses web 192.0.2.9

# To the Internet and back.
policy <<'END'
policy allow web routed
policy allow routed web
END
pings web 192.0.2.9
pings web fd02::9
counted db routed refuses db 192.0.2.9
counted web host reaches_not web 10.0.0.254 22
counted web host refuses web fd00::fe

# To the host itself, and what it says.
works vsegctl policy allow web host
counted host web refuses web 10.0.0.254
works vsegctl policy allow host web
pings web 10.0.0.254
pings web fd00::fe
reaches web 10.0.0.254 22 host
reaches web fd00::fe 22 host
counted db host reaches_not db 10.1.0.254 22

# Established flows end with the policy.
works vsegctl policy del web db
counted web db refuses web "${ip4[db]}"
works vsegctl policy del web routed
counted web routed refuses web 192.0.2.9
sums

# Without the mask all is to the host and from it, as it was.
works vsegctl policy set mark-mask 0
counted db host refuses db 192.0.2.9
pings web 10.0.0.254
works vsegctl policy allow host db
works vsegctl policy allow db host
pings db 192.0.2.9
pings web "${ip4[db]}"
sums
