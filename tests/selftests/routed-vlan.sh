#!/bin/bash
# A bridge with VLANs and the router's interfaces upon it: each guest keeps its own domain through routing.
#
#   web (VLAN 10), evil (VLAN 20) --- br0 --- br0.10, br0.20 --- host --- br1 --- db
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=selftests/routed.inc
. "${0%/*}/routed.inc"

router_up vlan_filtering 1 vlan_default_pvid 1
answers_routed
for name in web evil; do
	routed_guest "$name" br0
done
routed_guest db br1
ip -batch - <<'END'
address flush dev br0 scope global
link add link br0 name br0.10 type vlan id 10
link add link br0 name br0.20 type vlan id 20
link set br0.10 up
link set br0.20 up
address add 10.0.0.254/24 dev br0.10
address add 10.2.0.254/24 dev br0.20
END
bridge -batch - <<'END'
vlan add dev br0 vid 10 self
vlan add dev br0 vid 20 self
vlan del dev web vid 1
vlan add dev web vid 10 pvid untagged
vlan del dev evil vid 1
vlan add dev evil vid 20 pvid untagged
END
ip -netns evil -batch - <<'END'
address flush dev eth0 scope global
address add 10.2.0.9/24 dev eth0
route add default via 10.2.0.254
END
serve host 22
serve net 80
policy <<'END'
bridge add br0
bridge add br1
domain add web
domain add db
domain add evil
port bind web web
port bind evil evil
port bind db db
policy set mark-mask 0xff
policy allow web db
policy allow db web
policy allow web routed
policy allow routed web
END

pings web "${ip4[db]}"
reaches web 192.0.2.9 80 net
counted web host reaches_not web 10.0.0.254 22
counted evil host reaches_not evil 10.2.0.254 22
counted evil db refuses evil "${ip4[db]}"
counted evil routed reaches_not evil 192.0.2.9 80

# Round by the other VLAN's router interface, to the same bridge.
counted evil web refuses evil "${ip4[web]}"
counted web evil refuses web 10.2.0.9
policy <<'END'
policy allow evil web
policy allow web evil
END
pings evil "${ip4[web]}"

# The VLAN that rules ask for is that of the interface.
works vsegctl cell set evil host rules
works vsegctl rule add evil host allow vlan 10
counted evil host refuses evil 10.2.0.254
works vsegctl rule add evil host allow vlan 20
works vsegctl policy allow host evil
pings evil 10.2.0.254

# A flow in the VLAN of the interface needs no cell for the answers.
policy <<'END'
policy del host evil
rule del evil host all
rule add evil host protocol tcp port 22 vlan 20 state
END
reaches evil 10.2.0.254 22 host
counted evil host refuses evil 10.2.0.254

# The same where a VRF takes the frames over.
if ip link add vrf0 type vrf table 100 2>/dev/null; then
	ip -batch - <<-'END'
		link set vrf0 up
		link set br0.10 master vrf0
		link set br1 master vrf0
	END
	pings web "${ip4[db]}"
	counted web host reaches_not web 10.0.0.254 22
fi
sums
