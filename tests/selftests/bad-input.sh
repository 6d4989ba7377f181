#!/bin/bash
# What an operator may get wrong is refused with a word about it, and nothing changes.
# kernels: one
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

lab_up
taps web0 db0 spare0
ip link add other type dummy
standard <<'END'
policy allow any mgmt
port bind web0 web
port bind db0 trunk vlan 10 db
END
lab state save before

# Names with odd characters: by whomever they are refused, they are not taken.
for name in 9web -web .web web/db 'web db' $'web\n' $'web\t' 'web:db' 'wéb' \
	'%s%n' "web'" 'web"' "\$(id)" "$(printf 'x%.0s' {1..32})" '' any \
	unlabelled host routed none all default; do
	fails vsegctl domain add "$name"
	untouched before
done
for name in x/y '' . .. 'a b' "$(printf 'x%.0s' {1..16})"; do
	fails vsegctl bridge add "$name"
done
untouched before

# What is not there.
refused 'no domain .*attribute dst' vsegctl policy allow web nil
refused 'no domain .*attribute src' vsegctl policy deny nil web
refused 'no domain .*attribute domain' vsegctl port bind web0 nil
refused 'no domain .*attribute domain' vsegctl port bind db0 trunk default nil
refused 'no domain .*attribute vlan.domain' vsegctl port bind db0 trunk vlan 10 nil
refused '' vsegctl policy del db web
refused '' vsegctl domain del nil
refused '' vsegctl bridge del br7
refused '' vsegctl bridge set br7 mode monitor
refused '' vsegctl port bind nil web
refused '' vsegctl port unbind nil
refused 'no explicit binding .*attribute ifname' vsegctl port unbind spare0

# What is there already, or still in use.
refused '' vsegctl domain add web
refused '' vsegctl domain add new id 16
refused '' vsegctl bridge add br0
refused '' vsegctl domain del web
refused '' vsegctl domain del db
refused '' vsegctl domain del mgmt
untouched before

# Devices that are no ports of a managed bridge.
refused '' vsegctl port bind other web
refused '' vsegctl port bind lo web
refused '' vsegctl port bind br0 web
bridge_up br1
ip link set other master br1
lab state save before
refused '' vsegctl port bind other web
refused '' vsegctl port bind web0 trunk vlan 10-20 web vlan 15 db
untouched before

# A domain in use goes once nothing names it.
works vsegctl policy del any mgmt
works vsegctl domain del mgmt
refused '' vsegctl domain del mgmt
