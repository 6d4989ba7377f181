#!/bin/bash
# Lockdown can be turned on and off while the module is loaded, and a policy in force doesn't mind.
# shellcheck source=lib.sh
NAMESPACE=init
. "${0%/*}/../lib.sh"
parameter=/sys/module/vseg/parameters/lockdown

own_host lockdown_mgmt=m0
lab_up mcast_snooping 0
taps web0 web1 m0

open() {
	counts 0 status lockdown
	expect web0 web1 udp : web1=through
	expect web0 host udp : host=through
}

closed() {
	counts 1 status lockdown
	expect web0 web1 udp :
	expect web0 host udp :
	expect host web0 udp :
	expect m0 host udp : host=through
}

open
works setting lockdown Y
closed
is "lockdown" "$(<$parameter)" Y
fails setting lockdown maybe
is "lockdown after nonsense" "$(<$parameter)" Y
works setting lockdown 0
open

# Under a policy it changes nothing, until there is none any more.
for value in 1 0 1; do
	works setting lockdown "$value"
	standard <<-'END'
		port bind web0 web
		port bind web1 web
	END
	works setting lockdown "$((!value))"
	expect web0 web1 udp : web1=pass
	expect web0 m0 udp : m0=unlabelled-dst
	works setting lockdown "$value"
	expect web0 web1 udp : web1=pass
	works vsegctl off
	if ((value)); then closed; else open; fi
done

# A policy without a bridge needs no hooks, but lockdown does, and holds until one
# says something of bridges.
works setting lockdown 0
works vsegctl policy set unmanaged pass
counts 1 status active
expect web0 web1 udp : web1=through
works setting lockdown 1
closed
works vsegctl domain add web
closed
works vsegctl policy set unmanaged drop
expect web0 web1 udp :
counts 1 status unmanaged-dropped
works vsegctl policy set unmanaged pass
closed
works vsegctl bridge add 'br*'
works vsegctl port bind web0 web
works vsegctl port bind web1 web
expect web0 web1 udp : web1=pass
works vsegctl bridge del 'br*'
closed
works vsegctl off
closed

# Turned on and off beside commits and without end, it leaves the hooks alone
# that are needed.
for ((turn = 0; turn < 20; turn++)); do
	echo $((turn % 2)) >"$parameter"
	echo 'bridge add br0' | vsegctl -b - >/dev/null
	vsegctl off >/dev/null
done &
switcher=$!
while kill -0 "$switcher" 2>/dev/null; do
	echo 1 >"$parameter"
	echo 0 >"$parameter"
done
works wait "$switcher"
works setting lockdown 1
closed
module_unload
works module_load lockdown=1 lockdown_mgmt=m0
closed
is "lockdown after a load with it" "$(<$parameter)" Y
