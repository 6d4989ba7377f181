#!/bin/bash
# A label dies with the port: neither its ifindex nor its name brings it back.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

lab_up
taps db0
standard <<'END'
port bind db0 db
END

# veth_port NAME INDEX: a guest behind a veth with this ifindex.
veth_port() {
	ip -batch - <<-END
		link add $1 index $2 type veth peer name p$1
		link set p$1 up
		link set $1 master br0 up
	END
	lab guest "$1" "$1" - "p$1" 50
}

veth_port web0 1000
works vsegctl port bind web0 web
expect web0 db0 udp : db0=pass

# The same ifindex, another name.
lab close web0
ip link del web0
veth_port evil0 1000
expect evil0 db0 udp : db0=unlabelled-src

# The same name, another ifindex; then the same of both.
lab close evil0
ip link del evil0
veth_port web0 1001
expect web0 db0 udp : db0=unlabelled-src
works vsegctl port bind web0 web
expect web0 db0 udp : db0=pass
lab close web0
ip link del web0
veth_port web0 1001
expect web0 db0 udp : db0=unlabelled-src
works vsegctl port bind web0 web

# A rename takes the label along, and the name that is free now means nothing.
veth_port evil0 1002
ip -batch - <<'END'
link set web0 down
link set evil0 down
link set web0 name good0
link set evil0 name web0
link set good0 up
link set web0 up
END
lab port web0 good0
lab port evil0 web0
expect web0 db0 udp : db0=pass
expect evil0 db0 udp : db0=unlabelled-src
sysfs good0 domain
is "domain of the renamed port in /sys" "$R" web
json '.. | objects | select(.ifname? == "good0") | .domain' port show
is "domain of the renamed port" "$R" web
sums ports-gone
