#!/bin/bash
# A guest sends from its own MAC addresses only, and a forged one never reaches the forwarding table.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

lab_up
taps web0 web1 db0 up0
standard <<'END'
port bind web0 web mac 02:00:00:00:00:01,02:00:00:00:00:71
port bind web1 web
port bind db0 db
port bind up0 trunk default db
END

# learned MAC: the forwarding table has it, by learning.
learned() {
	[[ $'\n'$(bridge fdb show br br0) == *$'\n'"$1 "* ]]
}

expect web0 web1 udp : web1=pass
expect web0 web1 udp src=02:00:00:00:00:71 : web1=pass
for kind in 'web1 udp' 'bcast arp' 'web1 rarp' 'web1 udp vlan=10' \
	'web1 udp vlan=ad.5,7' 'web1 udp insnap=1' 'web1 udp cut=20' \
	'web1 raw type=0x88b5' 'web1 udp pppoe=1' '- stp' '- igmp' \
	'01:80:c2:00:00:0e raw type=0x88cc' '01:80:c2:00:00:03 raw type=0x888e' \
	'01:80:c2:00:00:02 raw type=0x8809' '- ra' 'web1 udp6'; do
	expect web0 "$kind" src=02:66:00:00:00:01 : guard=guard-mac
done
# An address of a group can't be anybody's; the bridge itself drops the zero.
expect web0 web1 udp src=01:00:5e:00:00:01 : guard=guard-mac
expect web1 web0 udp src=33:33:00:00:00:01 : guard=guard-mac
expect web0 web1 udp src=00:00:00:00:00:00 : guard=guard-mac
fails learned 02:66:00:00:00:01
works learned 02:00:00:00:00:71

# Where no address is known, none is checked; of a trunk port neither.
expect web1 web0 udp src=02:66:00:00:00:02 : web0=pass
works learned 02:66:00:00:00:02
expect up0 db0 udp src=02:66:00:00:00:03 : db0=pass

# Without the guard the same frames do teach the table, link-local ones too.
works vsegctl policy set guard off
expect web0 '01:80:c2:00:00:0e raw type=0x88cc' src=02:66:00:00:00:01 :
works learned 02:66:00:00:00:01
works vsegctl policy set guard on
expect web0 web1 udp src=02:66:00:00:00:04 : guard=guard-mac
fails learned 02:66:00:00:00:04

# The selector that labels a port by its guest's address gives that address.
works vsegctl port unbind web0
ip link set web0 address fe:00:00:00:00:01
policy <<'END'
selector add mac 02:00:00:00:00:01 web
END
expect web0 web1 udp : web1=pass
expect web0 web1 udp src=02:00:00:00:00:71 : guard=guard-mac
lab dump port
like 'address that the selector gives' "$R" '"mac": ."02:00:00:00:00:01".'

# It counts where it entered, with its bytes, and is told of.
lab listen drops
expect web0 web1 udp vlan=5 src=02:66:00:00:00:05 : guard=guard-mac
lab event drops reason=guard-mac hook=ingress in-ifname=web0 src=web dst=unlabelled src-mac=02:66:00:00:00:05
reads pair web unlabelled reason
is 'reason of the pair' "$R" guard-mac

# In monitor mode it passes, and is counted.
works vsegctl bridge set br0 mode monitor
expect web0 web1 udp src=02:66:00:00:00:06 : web1=pass guard=would/guard-mac
works vsegctl bridge set br0 mode enforce

# Everything, where that is permitted: to the port, or to its domain.
works vsegctl domain set web permit all
expect web0 web1 udp src=02:66:00:00:00:07 : web1=pass
works vsegctl domain set web permit none
expect web0 web1 udp src=02:66:00:00:00:07 : guard=guard-mac
works vsegctl port bind web0 web mac 02:00:00:00:00:01 permit all
expect web0 web1 udp src=02:66:00:00:00:07 : web1=pass
sums
