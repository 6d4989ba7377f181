#!/bin/bash
# A flood of drops makes few events, starves no other pair, and changes no verdict.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

module_unload
lab_up
taps web0 db0 mgmt0
standard <<'END'
port bind web0 web
port bind db0 db
port bind mgmt0 mgmt
END
lab listen drops 4000000

# 3,000 of one pair; between them, now and then, one of another.
began=$SECONDS
for ((turn = 0; turn < 6; turn++)); do
	lab burst 500 web0 mgmt0 udp
	expect mgmt0 db0 udp : db0=default-deny
done
took=$((SECONDS - began + 1))
count_events() {
	local events
	lab events drops
	events=$(jq -r '.src' <<<"$R" | sort | uniq -c)
	noisy=$(awk '$2 == "web" { print $1 }' <<<"$events")
	quiet=$(awk '$2 == "mgmt" { print $1 }' <<<"$events")
	limited=$(jq -s '[.[] | select(.src == "web") | .limited] | add' <<<"$R")
}
pause 0.5
count_events
holds "events of the noisy pair: $noisy in $took s" \
	"$noisy >= 20 && $noisy <= 20 + 10 * $took + 10"
is "events of the quiet pair" "$quiet" 6
counts 3000 pair web mgmt packets
counts 3000 port web0 rx-dropped
counts 0 status events-lost
reads status events-limited
is "drops that made no event" "$R" "$((3000 - noisy))"
reads status events
is "events" "$R" "$((noisy + quiet))"

# Each event of the pair tells how many were left out since the one before.
pause 1.2
expect web0 mgmt0 udp : mgmt0=default-deny
event drops src=web dst=mgmt limited='*'
R=${R#*'"limited": '}
is "drops of the pair without event" "$((limited + ${R%%[,\}]*}))" \
	"$((3000 - noisy))"

# A reader that does not read loses events, and that is counted.
module_reload event_rate=100000 event_burst=100000
standard <<'END'
port bind web0 web
port bind mgmt0 mgmt
port bind db0 db
END
lab listen drops 2048
lab burst 200 web0 mgmt0 udp
lost() { lab counter status events-lost && [[ $R -gt 0 ]]; }
soon 10 lost
expect web0 mgmt0 udp : mgmt0=default-deny
expect web0 db0 udp : db0=pass

# A queue that is full loses events too; all are accounted for.
module_reload event_rate=100000 event_burst=100000 event_queue=2
standard <<'END'
port bind web0 web
port bind mgmt0 mgmt
port bind db0 db
END
lab listen drops 4000000
lab burst 1000 web0 mgmt0 udp
balance() {
	local sum
	lab counter status events
	sum=$R
	lab counter status events-limited
	sum=$((sum + R))
	lab counter status events-lost
	[[ $((sum + R)) -eq 1000 ]]
}
soon 10 balance
counts 1000 port web0 rx-dropped
expect web0 db0 udp : db0=pass
works vsegctl off
module_reload
