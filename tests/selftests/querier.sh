#!/bin/bash
# The bridge's own queries pass, so that multicast and IPv6 neighbour discovery live on.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

# Memberships end after 3 s unless queries are answered; the querier asks each
# second.
lab_up v6=1 mcast_snooping 1 mcast_querier 1 mcast_query_interval 100 \
	mcast_query_response_interval 50 mcast_membership_interval 300 \
	mcast_startup_query_interval 100 mcast_startup_query_count 2 \
	mcast_querier_interval 300 mcast_mld_version 2
taps t0
guests web1 web2
policy <<'END'
bridge add br0
policy set guard off
domain add web
port bind web1 web
port bind web2 web
port bind t0 web
END
pings web1 "${ip4[web2]}"
pings web1 "${ip6[web2]}"
member() {
	bridge mdb show dev br0 | grep -q "port $1 grp ff02::1:ff"
}
soon 10 member web2
soon 10 member web1
reads total pass-bridge-control
before=$R

# Past the membership interval, with nothing known of each other.
pause 5
soon 1 member web2
reads total pass-bridge-control
holds "queries passed ($before, now $R)" "$R > $before"
ip -n web1 neigh flush dev eth0
ip -n web2 neigh flush dev eth0
pings web1 "${ip6[web2]}"
lab flush
lab arrives t0 33:33:00:00:00:01
checks=$((checks + 1))

# And the pass is what does it.
works vsegctl policy set bridge-control off
reads total pass-bridge-control
before=$R
gone() { ! member web2; }
soon 10 gone
lab flush
pause 1.5
lab got t0
is "queries" "$(grep 33:33:00:00:00:01 <<<"$R" || :)" ""
counts "$before" total pass-bridge-control
works vsegctl policy set bridge-control on
soon 10 member web2
soon 10 member web1
pings web1 "${ip6[web2]}"
sums
