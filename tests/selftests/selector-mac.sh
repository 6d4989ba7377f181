#!/bin/bash
# A guest's address is found at its tap, which libvirt gives another first byte.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

# match: why web0 has what it has.
match() {
	is "${1}" "$(vsegctl -j port show web0 | jq -r '.[0].match')" "$2"
}

lab_up
taps web0
policy <<'END'
bridge add br0
domain add web
selector add mac 52:54:00:aa:bb:01 web
END
ip link set web0 address fe:54:00:aa:bb:01
match "libvirt's address" mac
ip link set web0 address 52:54:00:aa:bb:01
match "the guest's own" mac
ip link set web0 address 56:54:00:aa:bb:01
match "another first byte" none
ip link set web0 address fe:54:00:aa:bb:02
match "another address" none
ip link set web0 address fe:54:00:aa:bb:01
match "and back" mac

# Two guests that a tap can't tell apart are one too many.
refused 'may differ in the first byte' \
	vsegctl selector add mac 56:54:00:aa:bb:01 web
refused 'no such selector' vsegctl selector del mac 56:54:00:aa:bb:01
match "the first one" mac
refused 'address that a guest can have' \
	vsegctl selector add mac 01:00:5e:00:00:01 web
refused 'address that a guest can have' \
	vsegctl selector add mac 00:00:00:00:00:00 web
works vsegctl selector del mac 52:54:00:aa:bb:01
match "without a selector" none
