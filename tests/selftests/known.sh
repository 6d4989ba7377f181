#!/bin/bash
# Whether a drop was one of a flood follows the forwarding table.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

lab_up
taps web0 db0 mgmt0
standard <<'END'
port bind web0 web
port bind db0 db
port bind mgmt0 mgmt
END
mgmt0=02:00:00:00:00:03

for _ in 1 2 3; do
	expect web0 mgmt0 udp : mgmt0=default-deny
	works bridge fdb del "$mgmt0" dev mgmt0 master
	expect web0 mgmt0 udp : db0=pass mgmt0=flood
	works bridge fdb replace "$mgmt0" dev mgmt0 master static
done

# The same while somebody looks on, and in monitor mode.
lab listen drops
expect web0 mgmt0 udp : mgmt0=default-deny
event drops reason=default-deny src=web dst=mgmt
works bridge fdb del "$mgmt0" dev mgmt0 master
works vsegctl bridge set br0 mode monitor
expect web0 mgmt0 udp : db0=pass mgmt0=would/flood
works bridge fdb replace "$mgmt0" dev mgmt0 master static
expect web0 mgmt0 udp : mgmt0=would/default-deny

# Of these, the unicast drops are the pair's.
counts 4 pair web mgmt packets
counts 1 pair web mgmt would-packets
sums
