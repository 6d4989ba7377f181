#!/bin/bash
# A guest's BPDU is no bridge control: it reaches no other guest, and the host only by a cell.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

lab_up
taps web0 web1 db0 up0
standard <<'END'
policy set guard off
port bind web0 web
port bind web1 web
port bind db0 db
port bind up0 trunk default db
END

# Without STP the bridge forwards them like any multicast.
expect web0 - stp : web1=pass db0=pass up0=pass host=flood
expect db0 - stp : web0=flood web1=flood up0=pass host=flood
expect up0 - stp : web0=flood web1=flood db0=pass host=flood

# A frame that the host's user sends is not the bridge's own.
expect host - stp : web0=flood web1=flood db0=flood up0=flood

# IGMP and MLD queries: not from a guest either, but from a trunk.
expect db0 - igmp : web0=flood web1=flood up0=pass host=flood
expect db0 - mld : web0=flood web1=flood up0=pass host=flood
expect host - igmp : web0=flood web1=flood db0=flood up0=flood
expect up0 - igmp : web0=pass/bc web1=pass/bc db0=pass host=pass/bc
expect up0 - mld : web0=pass/bc web1=pass/bc db0=pass host=pass/bc
expect up0 - igmp ttl=2 : web0=flood web1=flood db0=pass host=flood
works vsegctl policy set bridge-control off
expect up0 - igmp : web0=flood web1=flood db0=pass host=flood
sums
