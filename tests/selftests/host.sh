#!/bin/bash
# The host is a domain of its own, in and out, with a port's rules.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

lab_up
taps web0 db0
standard <<'END'
port bind web0 web
port bind db0 db
END

for kind in udp udp6 tcp icmp raw 'arp op=2'; do
	expect web0 host "$kind" : host=default-deny
	expect host web0 "$kind" : web0=default-deny
done

works vsegctl policy allow web host
expect web0 host udp : host=pass
expect host web0 udp : web0=default-deny
expect db0 host udp : host=default-deny
expect web0 bcast udp : db0=pass host=pass
expect db0 bcast udp : web0=flood host=flood

works vsegctl policy allow host db
expect host db0 udp : db0=pass
expect host web0 udp : web0=default-deny
expect host bcast udp : db0=pass web0=flood
works vsegctl policy deny host db
expect host db0 udp : db0=cell-deny
counts 2 host br0 tx-packets
sums
