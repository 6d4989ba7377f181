#!/bin/bash
# The main job in a minute: who may talk to whom on one bridge.  `make demo`
# runs it inside the sandbox.
set -eu

# shellcheck source=tests/demo/topology.sh
. "${0%/*}/topology.sh"

bold='' plain=''
if [[ ${DEMO_COLOUR-} ]]; then
	bold=$'\e[1m' plain=$'\e[0m'
fi

say() {
	printf '\n%s%s%s\n' "$bold" "$*" "$plain"
}

# Shows a command as the reader would type it, and runs it.
run() {
	printf '%s$ %s%s\n' "$bold" "$*" "$plain"
	"$@"
}

# ping_from GUEST ADDRESS WHOM: one line that says whether it got through.
ping_from() {
	if in_guest "$1" ping -c 1 -W 1 "$2" >/dev/null; then
		printf '  %-8s -> %-8s  reaches it\n' "$1" "$3"
	else
		printf '  %-8s -> %-8s  no answer\n' "$1" "$3"
	fi
}

pings() {
	ping_from web1 10.0.0.2 db1
	ping_from web1 10.0.0.3 payroll1
	ping_from db1 10.0.0.3 payroll1
	ping_from payroll1 10.0.0.1 web1
	ping_from web1 10.0.0.254 host
	ping_from payroll1 10.0.0.254 host
}

# wait_for FILE TEXT: until a background command has written it, 10 s at most.
wait_for() {
	local tries
	for ((tries = 0; tries < 100; tries++)); do
		! grep -q "$2" "$1" || return 0
		read -rt 0.1 <> <(:) || :
	done
	echo "demo: '$2' did not come" >&2
	return 1
}

say 'A host with one bridge and three guests:'
sed -n 's/^#  /  /p' "${0%/*}/topology.sh" | sed '/^  Domains/,$d'
topology_up

say '1. A bridge has no access control: everyone reaches everyone.'
pings

say '2. Three domains, a label for each port, and who may talk to whom.'
policy >/tmp/policy.yaml
cd /tmp
run cat policy.yaml
run vsegctl apply policy.yaml

say '3. What no cell allows is dropped, before it reaches the other guest.'
pings

say '4. The web guest tries the payroll guest again, by TCP, while we listen.'
vsegctl monitor drops >/tmp/events 2>/tmp/monitor &
monitor=$!
wait_for /tmp/monitor monitoring
printf '%s$ nc -w 1 10.0.0.3 5432   # on web1%s\n' "$bold" "$plain"
in_guest web1 nc -w 1 10.0.0.3 5432 || echo '  refused: no answer'
wait_for /tmp/events 5432
kill -INT "$monitor"
wait "$monitor" || :
printf '%s$ vsegctl monitor drops%s\n' "$bold" "$plain"
grep -m 1 5432 /tmp/events | fold -s -w 76 | sed 's/^/  /'

say '5. Who tried to talk to whom, and was stopped?'
run vsegctl stats
run vsegctl policy cells
printf '%s$ grep . /sys/class/net/vnet0/vseg/{domain,tx_packets,rx_dropped}%s\n' \
	"$bold" "$plain"
grep . /sys/class/net/vnet0/vseg/{domain,tx_packets,rx_dropped}
run vsegctl status

say '6. And undone: the bridge is as it was.'
run vsegctl off
ping_from web1 10.0.0.3 payroll1
run rmmod vseg

say 'That was the main job.  "make sandbox" gives you a prompt on this host.'
