#!/bin/bash
# A pair that is not listed, or whose cell denies, is dropped, each with its reason.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

lab_up
taps web0 db0 mgmt0
standard <<'END'
policy set guard off
policy deny web mgmt
policy deny mgmt web
port bind web0 web
port bind db0 db
port bind mgmt0 mgmt
END

for kind in udp udp6 tcp icmp arp 'arp op=2' raw llc 'udp pppoe=1'; do
	expect web0 mgmt0 "$kind" : mgmt0=cell-deny
	expect mgmt0 db0 "$kind" : db0=default-deny
done
expect mgmt0 web0 udp : web0=cell-deny
expect web0 db0 udp : db0=pass

# A cell that goes away, goes away.
works vsegctl policy del web mgmt
expect web0 mgmt0 udp : mgmt0=default-deny
works vsegctl policy allow web mgmt
expect web0 mgmt0 udp : mgmt0=pass
works vsegctl policy deny web mgmt
expect web0 mgmt0 udp : mgmt0=cell-deny

# Who tried to talk to whom.
counts 1 pair mgmt web packets
counts cell-deny pair web mgmt reason
counts 9 pair mgmt db packets
sums
