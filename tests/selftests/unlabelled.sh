#!/bin/bash
# A port without a domain gets nothing and gives nothing, whatever the wildcards say.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

lab_up
taps web0 u0 u1
policy <<'END'
bridge add br0
policy set guard off
domain add web
policy allow any any
policy allow any host
policy allow host any
port bind web0 web
END

for kind in udp udp6 arp 'arp op=2' na rarp raw llc; do
	expect u0 web0 "$kind" : web0=unlabelled-src
	expect web0 u0 "$kind" : u0=unlabelled-dst
	expect u0 u1 "$kind" : u1=unlabelled-src
done
expect u0 host udp : host=unlabelled-src
expect host u0 udp : u0=unlabelled-dst
expect u0 bcast arp : web0=flood u1=flood host=flood
expect host bcast arp : web0=pass u0=flood u1=flood
expect web0 host udp : host=pass

# `unlabelled` can't be given rights or ports.
refused 'unlabelled' vsegctl policy allow unlabelled web
refused 'unlabelled' vsegctl policy allow web unlabelled
refused 'reserved' vsegctl port bind u0 unlabelled
refused 'reserved' vsegctl port bind u0 host
refused 'reserved' vsegctl port bind u0 routed
refused 'reserved' vsegctl port bind u0 any
counts 2 status ports-unlabelled

# A port that loses its binding is back among them.
works vsegctl port bind u0 web
expect u0 web0 udp : web0=pass
works vsegctl port unbind u0
expect u0 web0 udp : web0=unlabelled-src
sums
