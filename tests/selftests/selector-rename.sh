#!/bin/bash
# Selectors look again when a port's name, alias or group changes; frames never
# pass by what was.  An explicit binding stays.
# time limit: 120
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

lab_up
taps a0 b0 c0
policy <<'END'
bridge add br0
domain add web
domain add db
policy allow web db
selector add glob a* web
selector add name b0 db
selector add name z0 db
selector add group 9 web
END
expect a0 b0 udp : b0=pass

lab listen config
rename_link a0 z0
event config event=port-label ifname=z0 bridge=br0
lab reopen
is "renamed" "$(vsegctl -j port show z0 | jq -r '.[0].domain')" db
rename_link z0 a0
expect a0 b0 udp : b0=pass

# Under traffic, where a device that is up can be renamed: what isn't web's never
# reaches b0.
turns=20
if ip link set a0 name x0 2>/dev/null; then
	ip link set x0 name a0
else
	turns=0
fi
lab flow may a0 b0 udp gap=200
for ((turn = 0; turn < turns; turn++)); do
	ip link set a0 name x0
	is "renamed to nothing" "$(vsegctl -j port show x0 | jq -r '.[0].kind')" unlabelled
	ip link set x0 name a0
done
lab stop

# A port that is down is looked at before it comes up.
ip link set c0 down
ip link set c0 group 9
ip link set c0 up
is "group" "$(vsegctl -j port show c0 | jq -r '.[0].match')" group
ip link set c0 group 0
is "no group" "$(vsegctl -j port show c0 | jq -r '.[0].match')" none

works vsegctl port bind a0 db
rename_link a0 z1
is "explicit" "$(vsegctl -j port show z1 | jq -r '.[0].match')" explicit
sums
