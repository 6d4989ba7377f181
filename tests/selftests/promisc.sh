#!/bin/bash
# A capture on br0 sees nothing that the host may not get, and changes nothing for the others.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

lab_up
taps web0 db0 mgmt0
standard <<'END'
policy allow mgmt host
policy allow mgmt db
port bind web0 web
port bind db0 db
port bind mgmt0 mgmt
END
expect web0 db0 udp : db0=pass

capture=$lab_dir/capture
tcpdump -i br0 -U -w "$capture" 2>"$lab_dir/tcpdump" &
listening() { [[ $(<"$lab_dir/tcpdump") == *listening* ]]; }
wait_until 20 listening
lab listen drops

expect web0 db0 udp : db0=pass host=promisc
expect web0 db0 'udp6 dport=53' : db0=pass host=promisc
expect web0 mgmt0 udp : mgmt0=default-deny host=promisc
expect web0 unknown udp : db0=pass mgmt0=flood host=promisc
expect web0 host udp : host=default-deny
expect mgmt0 db0 udp sport=4242 : db0=pass host=pass
expect mgmt0 host udp sport=4343 : host=pass

# Neither a pair nor an event for the promiscuous copies.
event drops reason=default-deny src=web dst=mgmt
event drops reason=default-deny src=web dst=host
lab dump pair
pairs=${R//[^$'\n']/}
is "line ends between two pairs" "${#pairs}" 1

# The capture: what mgmt sends, and nothing of web.
lines() { tcpdump -n -r "$capture" 2>/dev/null; }
all_there() { [[ $(lines) == *.4343*2000* ]]; }
soon 10 all_there
text=$(lines)
like "the capture" "$text" '4242'
is "frames in the capture" "$(wc -l <<<"$text")" 2
kill %tcpdump
wait %tcpdump || :
expect web0 db0 udp : db0=pass
sums
