#!/bin/bash
# NS and NA pass where either direction is allowed, and the switch turns it off.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

lab_up
taps web0 db0 mgmt0
standard <<'END'
policy set guard off
port bind web0 web
port bind db0 db
port bind mgmt0 mgmt
END

expect db0 - ns to=web0 : web0=pass/ar mgmt0=flood host=flood
expect db0 web0 ns dip=fd00::1 : web0=pass/ar
expect db0 web0 na : web0=pass/ar
expect db0 - na dip=ff02::1 flags=0x20000000 : web0=pass/ar mgmt0=flood host=flood
# Duplicate address detection, with and without a nonce.
expect db0 - ns to=db0 sip=:: : web0=pass/ar mgmt0=flood host=flood
expect db0 - ns to=db0 sip=:: extra=0e01010203040506 : web0=pass/ar mgmt0=flood host=flood
expect web0 - ns to=db0 : db0=pass mgmt0=flood host=flood

# Router discovery and the rest of ICMPv6 are no resolution.
expect db0 - rs : web0=flood mgmt0=flood host=flood
expect db0 - ra : web0=flood mgmt0=flood host=flood
expect db0 web0 echo6 : web0=default-deny
expect db0 web0 'echo6 icmptype=1' : web0=default-deny
expect mgmt0 web0 na : web0=default-deny
expect mgmt0 - ns to=web0 : web0=flood db0=flood host=flood

works vsegctl policy set address-resolution off
expect db0 web0 na : web0=default-deny
expect db0 - ns to=web0 : web0=flood mgmt0=flood host=flood
expect web0 db0 na : db0=pass
works vsegctl policy set address-resolution on
expect db0 web0 na : web0=pass/ar
sums
