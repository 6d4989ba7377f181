#!/bin/bash
# The copies of one frame that many ports don't get are told each by its own event.
# time limit: 90
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

ports=100
lab_up mcast_snooping 0
taps web0
for ((i = 0; i < ports; i++)); do
	echo "link add d$i master br0 up type dummy"
done | ip -batch -
{
	echo 'bridge add br0'
	echo 'domain add web'
	echo 'port bind web0 web'
	for ((i = 0; i < ports; i++)); do
		echo "domain add x$i"
		echo "port bind d$i x$i"
	done
	echo 'policy set flood-events on'
} | vsegctl -b -
lab listen drops 4000000
counts 0 status events

# And one for the host.
lab send web0 bcast udp
told() {
	lab counter status events && ((R == ports + 1))
}
soon 10 told
counts 0 status events-lost
counts $((ports + 1)) port web0 flood
lab events drops
is "destinations" "$(jq -r .dst <<<"$R" | sort)" \
	"$({ echo host; for ((i = 0; i < ports; i++)); do echo "x$i"; done; } | sort)"
is "sources and reasons" "$(jq -r '.src + " " + .reason' <<<"$R" | sort -u)" "web flood"
sums
