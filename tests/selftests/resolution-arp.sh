#!/bin/bash
# ARP and RARP pass where either direction is allowed, if they are what they say.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

lab_up
taps web0 db0 mgmt0
standard <<'END'
port bind web0 web
port bind db0 db
port bind mgmt0 mgmt
END

# web -> db is allowed: there the cell decides.
expect web0 bcast arp to=db0 : db0=pass mgmt0=flood host=flood
expect web0 db0 'arp op=2' : db0=pass

# db -> web isn't; resolution passes all the same, and nothing else.
expect db0 web0 'arp op=2' : web0=pass/ar
expect db0 web0 arp : web0=pass/ar
expect db0 bcast arp to=web0 : web0=pass/ar mgmt0=flood host=flood
expect db0 bcast arp tpa=10.0.0.2 : web0=pass/ar mgmt0=flood host=flood
expect db0 bcast rarp : web0=pass/ar mgmt0=flood host=flood
expect db0 web0 udp : web0=default-deny

# Where no direction is allowed, nothing does.
expect mgmt0 web0 'arp op=2' : web0=default-deny
expect mgmt0 bcast arp to=web0 : web0=flood db0=flood host=flood
expect mgmt0 bcast rarp : web0=flood db0=flood host=flood
expect db0 host 'arp op=2' : host=default-deny

# A cell that denies doesn't carry IP.
works vsegctl policy deny web mgmt
expect mgmt0 web0 'arp op=2' : web0=default-deny
expect web0 mgmt0 'arp op=2' : mgmt0=cell-deny

# The reverse cell denies, the forward one allows: the pass wins over a deny.
works vsegctl policy deny db web
expect db0 web0 'arp op=2' : web0=pass/ar
expect db0 web0 udp : web0=cell-deny
works vsegctl policy del db web

# Switched off, it is gone.
works vsegctl policy set address-resolution off
expect db0 web0 'arp op=2' : web0=default-deny
expect db0 bcast rarp : web0=flood mgmt0=flood host=flood
expect web0 db0 'arp op=2' : db0=pass
works vsegctl policy set address-resolution on
expect db0 web0 'arp op=2' : web0=pass/ar
sums
