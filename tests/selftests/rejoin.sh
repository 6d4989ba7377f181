#!/bin/bash
# A port that leaves its bridge, for whatever reason, comes back unlabelled.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

lab_up
bridge_up br1
taps web0 db0
standard <<'END'
bridge add br1
port bind web0 web
port bind db0 db
END
lab listen config
expect web0 db0 udp : db0=pass

back() {
	"$@"
	ip link set web0 master br0 up
	lab fdb web0
	expect web0 db0 udp : db0=unlabelled-src
	works vsegctl port bind web0 web
	expect web0 db0 udp : db0=pass
}

# Out and in again.
back ip link set web0 nomaster
lab seek config event=port-del ifname=web0 bridge=br0
lab seek config event=port-add ifname=web0 bridge=br0
lab seek config event=commit

# By way of another managed bridge; its label there is another one.
there() {
	ip link set web0 master br1
	json '.. | objects | select(.ifname? == "web0") | .kind' port show
	is "kind of the port in its new bridge" "$R" unlabelled
	works vsegctl port bind web0 db
	expect web0 db0 udp :
}
back there

# To another namespace and home.
elsewhere() {
	ip -batch - <<-END
		netns add far
		link set web0 netns far
	END
	lab dump port
	[[ $R != *web0* ]] || flunk "web0 is still a port"
	ip -n far link set web0 netns $$
	lab port web0 web0
}
back elsewhere
sums ports-gone
