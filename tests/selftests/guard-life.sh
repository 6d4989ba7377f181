#!/bin/bash
# The guard stays with its port: through renames, other bridges, other namespaces, and the module's end.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

lab_up
bridge_up br1
taps web0 web1 web2
standard <<'END'
selector add name web0 web mac 02:00:00:00:00:01
selector add name web9 web mac 02:00:00:00:00:01,02:66:00:00:00:01
port bind web1 web
port bind web2 web
END
forged=src=02:66:00:00:00:01

# hooked DEV: who has a hook at its ingress?
hooked() {
	[[ $(nft list hooks netdev device "$1" 2>/dev/null) == *vseg* ]]
}
nft_tells=0
! hooked web0 || nft_tells=1

expect web0 web1 udp : web1=pass
expect web0 web1 udp "$forged" : guard=guard-mac

# Another name, another selector, in the same step; and back.
rename_link web0 web9
lab port web0 web9
lab fdb web0
expect web0 web1 udp "$forged" : web1=pass
rename_link web9 web0
lab port web0 web0
lab fdb web0
expect web0 web1 udp "$forged" : guard=guard-mac

# Out of the bridge, in another one that isn't managed, and back.
ip link set web0 nomaster
((!nft_tells)) || fails hooked web0
ip link set web0 master br1
lab send web0 web1 udp "$forged"
ip link set web0 master br0
lab fdb web0
expect web0 web1 udp "$forged" : guard=guard-mac

# Under traffic: it comes and goes, and nothing forged is learned while it is
# in the bridge.
lab flow forger web2 web1 udp src=02:66:00:00:00:77
works vsegctl port bind web2 web mac 02:00:00:00:00:03
bridge fdb del 02:66:00:00:00:77 dev web2 master 2>/dev/null || :
for ((turn = 0; turn < 20; turn++)); do
	ip link set web2 nomaster
	ip link set web2 master br0
	vsegctl port bind web2 web mac 02:00:00:00:00:03
	vsegctl policy set guard off
	vsegctl policy set guard on
	vsegctl domain set web permit all
	vsegctl domain set web permit none
done
bridge fdb del 02:66:00:00:00:77 dev web2 master 2>/dev/null || :
reads port web2 guard-mac
before=$R
lab sent forger
dropped_more() {
	reads port web2 guard-mac
	((R > before + 10))
}
soon 10 dropped_more
checks=$((checks + 1))
[[ $(bridge fdb show br br0) != *02:66:00:00:00:77* ]] || flunk "a forged address was learned"

# The policy goes out of force, and the module, under traffic; then the device.
works vsegctl off
((!nft_tells)) || fails hooked web2
module_unload
module_load
standard <<'END'
port bind web2 web mac 02:00:00:00:00:03
port bind web0 web mac 02:00:00:00:00:01
END
lab reopen
soon 10 dropped_more
ip netns add away
lab stop forger
ip link set web0 netns away
ip link add veth9 type veth peer name veth9p
ip link set veth9 master br0
vsegctl port bind veth9 web mac 02:00:00:00:00:09
ip link set veth9 netns away
ip link del veth9p
lab close web2
works vsegctl status
ip netns del away
works vsegctl off
