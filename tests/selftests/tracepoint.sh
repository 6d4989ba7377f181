#!/bin/bash
# The tracepoint fires once for each dropped copy, with nobody listening for events.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

lab_up
taps web0 db0 mgmt0
standard <<'END'
port bind web0 web
port bind db0 db
END
trace=$lab_dir/trace
mkdir "$trace"
mount -t tracefs tracefs "$trace"
trace=$trace/instances/vseg-test
mkdir "$trace"
trap 'echo 0 >"$trace/events/vseg/vseg_drop/enable"; rmdir "$trace"; finish' EXIT
works test -d "$trace/events/vseg/vseg_drop"
echo 1 >"$trace/events/vseg/vseg_drop/enable"

drops() {
	grep -v '^#' "$trace/trace" || :
	echo >"$trace/trace"
}
expect web0 db0 udp : db0=pass
is "lines of an allowed frame" "$(drops)" ""
expect db0 web0 udp : web0=default-deny
text=$(drops)
is "lines of one drop" "$(grep -c vseg_drop <<<"$text")" 1
for word in default-deny db0 web0; do
	like "the line" "$text" "$word"
done
expect web0 bcast udp : db0=pass mgmt0=flood host=flood
is "lines of two flooded copies" "$(drops | grep -c flood)" 2
expect mgmt0 db0 udp : db0=unlabelled-src
like "an unlabelled sender" "$(drops)" unlabelled-src
expect db0 host udp : host=default-deny
expect host db0 udp : db0=default-deny
is "lines of the host's drops" "$(drops | grep -c default-deny)" 2

# Each, whatever the rate of events is.
lab burst 500 db0 web0 udp
is "lines of 500 drops" "$(drops | grep -c default-deny)" 500
works vsegctl bridge set br0 mode monitor
expect db0 web0 udp : web0=would/default-deny
is "lines in monitor mode" "$(drops | grep -c default-deny)" 1
counts 0 status events
