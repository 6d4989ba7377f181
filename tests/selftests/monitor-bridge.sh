#!/bin/bash
# A bridge in monitor mode passes and counts what it would drop, whatever the reason.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

lab_up
bridge_up br1
taps web0 db0 u0
lab tap web1 br1
lab tap db1 br1
standard <<'END'
bridge set br0 mode monitor
bridge add br1
policy deny db web
port bind web0 web
port bind db0 db
port bind web1 web
port bind db1 db
END
like "the first line of status" "$(vsegctl status | head -n 1)" MONITOR
counts 1 status bridges-monitor

expect web0 db0 udp : db0=pass
expect db0 web0 udp : web0=would/cell-deny
expect db0 host udp : host=would/default-deny
expect host web0 udp : web0=would/default-deny
expect u0 web0 udp : web0=would/unlabelled-src
expect web0 u0 udp : u0=would/unlabelled-dst
expect u0 bcast raw : web0=would/flood db0=would/flood host=would/flood
expect db0 web0 'arp op=2' : web0=pass/ar

# Only there: its neighbour enforces.
expect db1 web1 udp : web1=cell-deny

# Who would have been stopped.
counts 1 pair db web would-packets
counts 1 pair db web packets
counts 1 cell db web would-packets
counts 1 pair unlabelled web would-packets
sums

works vsegctl bridge set br0 mode enforce
expect db0 web0 udp : web0=cell-deny
expect u0 web0 udp : web0=unlabelled-src
counts 0 status bridges-monitor
[[ $(vsegctl status | head -n 1) != *MONITOR* ]] || flunk "still MONITOR"
works vsegctl bridge set br0 mode monitor
expect db0 web0 udp : web0=would/cell-deny

# A bridge can be in it from the start.
works vsegctl bridge del br1
works vsegctl bridge add br1 mode monitor
works vsegctl port bind db1 db
expect db1 web1 udp : web1=would/unlabelled-dst
sums bridges-gone
