#!/bin/bash
# Guests of an isolated domain don't reach each other; they reach its trunk port, and services.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

lab_up
taps a0 a1 up0 b0
policy <<'END'
policy set guard off
bridge add br0
domain add web
domain add db
port bind a0 web
port bind a1 web
port bind up0 trunk default web
port bind b0 db
cell set web db allow
END
expect a0 a1 udp : a1=pass
works vsegctl cell set web web allow isolate
is "flags" "$(vsegctl -j cell show web web | jq -c '.[0].flags')" '["isolate"]'

for kind in udp udp6 tcp icmp raw llc arp 'arp op=2'; do
	expect a0 a1 "$kind" : a1=isolated
	expect a1 a0 "$kind" : a0=isolated
done
for kind in udp udp6 arp raw; do
	expect a0 up0 "$kind" : up0=pass
	expect up0 a1 "$kind" : a1=pass
	expect a0 b0 "$kind" : b0=pass
done
counts isolated pair web web reason

# Counted, and monitored, as other drops are.
works vsegctl cell set web web allow isolate monitor
expect a0 a1 udp : a1=would/isolated
works vsegctl cell set web web allow
expect a0 a1 udp : a1=pass

for words in 'web db allow isolate' 'web web deny isolate' \
	'web web rules isolate' 'any any allow isolate' \
	'host host allow isolate'; do
	# shellcheck disable=SC2086  # words
	refused 'only an allow cell from a domain to itself isolates guests' \
		vsegctl cell set $words
done
sums
