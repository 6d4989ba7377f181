# shellcheck shell=bash disable=SC2154
# A tap that goes away under traffic leaves no label behind for who comes next.
on web1 "while printf 'for db1' >/dev/udp/${ip4[db1]}/5000; do usleep 5000; done \
	>/dev/null 2>&1 & echo \$!"
sender=$R
knows web1 db1
moving() {
	reads port vnet1 tx-packets && ((R >= $1))
}
reads port vnet1 tx-packets
soon "$patience" moving "$((R + 20))"
unplug db1
fails vsegctl port show vnet1
json '.[] | select(.name == "db").ports' domain show
is "ports of db" "$R" 0

# Somebody else's device takes the name.
ip link add vnet1 type dummy
ip link set vnet1 master br0 up
is "domain of the other vnet1" "$(</sys/class/net/vnet1/vseg/domain)" unlabelled
arrives() {
	sysfs vnet1 tx_dropped && ((R >= 20))
}
soon "$patience" arrives
sysfs vnet1 tx_packets
is "what passed to the other vnet1" "$R" 0
ip link del vnet1

# Nothing holds the domain but the cells.
refused "cells name" vsegctl domain del db
policy <<'POLICY'
policy del web db
policy del db web
policy del infra db
policy del db infra
domain del db
POLICY

# The guest comes back, as after a migration: its NIC never knew.
policy <<'POLICY'
domain add db
policy allow web db
policy allow db web
POLICY
plug db1
capture db1
soon "$patience" arrives
cables mark db1 bound
label db1
succeeds db1 "captured 'for db1'"
captured db1
frames db1 --before bound 'text:for db1'
is "frames before it is bound" "$R" 0
frames db1 --after bound 'text:for db1'
holds "$R frames since it is bound" "R > 0"
on web1 "kill $sender"
reaches web1 "${ip4[db1]}"
