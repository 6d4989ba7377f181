#!/bin/bash
# A bond is one port with one label, whichever of its links a frame takes.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

lab_up
taps web0 db0
modprobe bonding 2>/dev/null || skip "this kernel has no bonding"
ip -batch - <<'END' || skip "no bond can be made"
link add bo0 type bond mode active-backup
link add s0 type veth peer name far0
link add s1 type veth peer name far1
link set far0 up
link set far1 up
END

# A bond without links may be bound; they come later.
ip link set bo0 master br0 up
standard <<'END'
port bind bo0 web
port bind web0 web
port bind db0 db
END
ip link set s0 master bo0
ip link set s1 master bo0
ip link set bo0 type bond active_slave s0
refused 'port' vsegctl port bind s0 db
carrier() { file_is /sys/class/net/bo0/operstate up; }
soon 5 carrier
lab guest bond bo0 - far0 50
lab fdb bond
lab guest other - - far1 51

expect bond db0 udp : db0=pass
expect db0 bond udp : bond=default-deny
expect web0 bond udp : bond=pass
expect bond host udp : host=default-deny

# The other link takes over: it is the same port.
ip link set bo0 type bond active_slave s1
lab close bond
lab close other
lab guest bond bo0 - far1 50
expect bond db0 udp : db0=pass
expect db0 bond udp : bond=default-deny
expect web0 bond udp : bond=pass
counts 3 status ports

# A link that leaves the bond for the bridge is a port of its own, unlabelled.
ip link set s0 nomaster
ip link set s0 master br0 up
lab guest link s0 - far0 52
lab fdb link
expect link db0 udp : db0=unlabelled-src
expect bond db0 udp : db0=pass
expect bond link udp : link=unlabelled-dst
sums
