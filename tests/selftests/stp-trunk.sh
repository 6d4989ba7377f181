#!/bin/bash
# The bridge's own BPDUs and queries leave by a trunk without an untagged VLAN; forged ones do not.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

# Queries and hellos once a second.
lab_up vlan_filtering 1 vlan_default_pvid 0 mcast_snooping 1 \
	mcast_query_interval 100 mcast_query_response_interval 50 \
	mcast_startup_query_interval 100 mcast_querier_interval 100
taps up0 web0 up1
bridge -batch - <<'BRIDGE'
vlan add dev up0 vid 10
vlan add dev up1 vid 10 untagged
vlan add dev up1 vid 20 untagged
vlan add dev web0 vid 10 pvid untagged
vlan add dev br0 vid 10 pvid untagged self
vlan add dev br0 vid 20 untagged self
BRIDGE
policy <<'POLICY'
bridge add br0
policy set guard off
domain add uplink
domain add other
domain add web
port bind web0 web
port bind up0 trunk vlan 10 uplink
port bind up1 trunk vlan 10 uplink vlan 20 other
POLICY

# What comes through the bridge device is somebody's frame, its kind never mind.
for kind in stp igmp mld; do
	expect host - $kind : up0=flood up1=flood web0=flood
	expect web0 - $kind : up0=flood up1=flood host=flood
done
expect host up0 udp : up0=flood up1=flood web0=flood
counts 0 total pass-bridge-control
reads port up0 tx-dropped
dropped=$R

# hears END TEXT: one more of them arrives.
hears() {
	checks=$((checks + 1))
	lab flush
	lab arrives "$@" || flunk "$R"
}

ip link set br0 type bridge stp_state 1 hello_time 100
for end in up0 up1 web0; do
	hears $end 01:80:c2:00:00:00
done
counts "$dropped" port up0 tx-dropped
reads total pass-bridge-control
holds "BPDUs are counted as bridge control" "$R >= 3"
ip link set br0 type bridge stp_state 0 mcast_querier 1
for end in up0 up1 web0; do
	hears $end 01:00:5e:00:00:01
done

# Beside them the same frame of the host's user stays where it is.
expect_none() {
	lab flush
	lab send host - "$1" src=02:00:00:00:00:66
	lab send web0 - "$1" src=02:00:00:00:00:66
	for end in up0 up1; do
		lab got $end
		is "forged $1 at $end" "$(grep 02:00:00:00:00:66 <<<"$R" || :)" ""
	done
}
expect_none igmp
ip link set br0 type bridge stp_state 1 mcast_querier 0
hears up0 01:80:c2:00:00:00
expect_none igmp
sums

# It is the setting's doing.
works vsegctl policy set bridge-control off
reads total pass-bridge-control
before=$R
reads port up0 tx-dropped
dropped=$R
more() { lab counter port up0 tx-dropped && ((R > dropped)); }
soon 10 more
counts "$before" total pass-bridge-control
works vsegctl policy set bridge-control on
hears up0 01:80:c2:00:00:00
