#!/bin/bash
# Each copy of a broadcast, multicast or unknown unicast frame is decided alone.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

lab_up
taps web0 web1 db0 mgmt0 u0
standard <<'END'
port bind web0 web
port bind web1 web
port bind db0 db
port bind mgmt0 mgmt
END
lab listen drops

expect web0 bcast udp : web1=pass db0=pass mgmt0=flood u0=flood host=flood
expect web0 mcast udp dip=239.1.2.3 : web1=pass db0=pass mgmt0=flood u0=flood host=flood
expect web0 33:33:00:00:12:34 udp6 dip=ff02::1234 : web1=pass db0=pass mgmt0=flood u0=flood host=flood
expect web0 unknown udp : web1=pass db0=pass mgmt0=flood u0=flood
expect mgmt0 bcast raw : web0=flood web1=flood db0=flood u0=flood host=flood
expect u0 bcast raw : web0=flood web1=flood db0=flood mgmt0=flood host=flood
expect host bcast raw : web0=flood web1=flood db0=flood mgmt0=flood u0=flood
works vsegctl policy allow web host
expect web0 bcast udp : web1=pass db0=pass mgmt0=flood u0=flood host=pass

# None of that is a pair, and none of it an event: the next one is another.
lab dump pair
is "pairs" "$R" ""
expect web0 mgmt0 udp : mgmt0=default-deny
event drops reason=default-deny src=web dst=mgmt
lab dump pair
like "the pair" "$R" '^[^'$'\n'']*"dst": "mgmt"[^'$'\n'']*$'

# Unless one asks for them.
works vsegctl policy set flood-events on
lab listen drops
expect mgmt0 unknown udp : web0=flood web1=flood db0=flood u0=flood
for _ in 1 2 3 4; do
	event drops reason=flood src=mgmt dst-mac=02:00:00:00:ff:f0
done
# Asked for, they make pairs too, which have a reason of their own.
counts 2 pair mgmt web packets
counts flood pair mgmt web reason
works vsegctl policy set flood-events off
lab listen drops
expect mgmt0 bcast udp : web0=flood web1=flood db0=flood u0=flood host=flood
expect web0 mgmt0 udp : mgmt0=default-deny
event drops reason=default-deny src=web
sums
