#!/bin/bash
# A cell in monitor mode passes and counts its pair; all other pairs are enforced.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

lab_up
taps web0 db0 mgmt0 u0
standard <<'END'
policy deny db web monitor
policy deny any mgmt monitor
port bind web0 web
port bind db0 db
port bind mgmt0 mgmt
END
counts 2 status cells-monitor

expect db0 web0 udp : web0=would/cell-deny
expect web0 mgmt0 udp : mgmt0=would/cell-deny
expect mgmt0 web0 udp : web0=default-deny
expect u0 mgmt0 udp : mgmt0=unlabelled-src
expect host mgmt0 udp : mgmt0=default-deny
expect db0 host udp : host=default-deny
expect db0 bcast raw : web0=would/flood mgmt0=would/flood u0=flood host=flood
counts 1 pair db web would-packets
counts 0 pair db web packets
reads cell db web would-packets
holds "would-drops of the cell" "$R >= 1"

# More specific than a cell in monitor mode is what it is.
works vsegctl policy deny web mgmt
expect web0 mgmt0 udp : mgmt0=cell-deny
works vsegctl policy deny web mgmt monitor
expect web0 mgmt0 udp : mgmt0=would/cell-deny
counts 3 status cells-monitor
works vsegctl policy allow web mgmt
expect web0 mgmt0 udp : mgmt0=pass
works vsegctl policy deny db web
expect db0 web0 udp : web0=cell-deny
sums
