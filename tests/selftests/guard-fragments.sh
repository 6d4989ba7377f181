#!/bin/bash
# A router advertisement or neighbour message that is cut, so that ICMPv6 begins in its second fragment, is no way round.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/tools/fragments.sh
. "$tools/fragments.sh"

lab_up
taps web0 web1 db0
standard <<'END'
port bind web0 web
port bind web1 web
port bind db0 db
cell set web db rules
rule add web db deny protocol icmpv6
rule add web db deny protocol udp source-port 67
rule add web db allow any
END

# pieces: a message a line, both fragments of it: its ICMPv6 stands behind
# destination options of 8 or 64 bytes, and is cut right before it.
pieces() {
	python3 -S - <<'END'
import struct
source = bytes.fromhex("fe80000000000000" "000000fffe000001")
dest = bytes.fromhex("ff020000000000000000000000000001")
for number, (kind, options) in enumerate(
        (kind, options) for kind in (134, 137, 135, 136, 130) for options in (8, 64)):
    message = struct.pack("!BBHIII", kind, 0, 0, 0x40000708, 0, 0) + bytes(8)
    inside = (struct.pack("!BB", 58, options // 8 - 1) +
              struct.pack("!BB", 1, options - 4) + bytes(options - 4))
    for first, body, where in ((60, inside, 1), (60, message, len(inside))):
        head = struct.pack("!BBHI", first, 0, where, number)
        print((struct.pack("!IHBB", 6 << 28, len(head + body), 44, 255) + source +
               dest + head + body).hex(), end=" ")
    print()
END
}

to=33:33:00:00:00:01
mapfile -t messages < <(pieces)
is "messages" "${#messages[@]}" 10
for message in "${messages[@]}"; do
	read -r first second <<<"$message"
	expect web0 "$to" raw type=0x86dd "body=$first" : guard=guard-unparsed
	expect web0 "$to" raw type=0x86dd "body=$second" : web1=pass db0=flood host=flood
	expect web0 "$to" raw type=0x86dd "body=$first" vlan=0 : guard=guard-unparsed
done
# It is nothing without the first: it waits for that where rules want to know.
for message in "${messages[@]}"; do
	lab send web0 db0 raw type=0x86dd "body=${message#* }"
done
soon 5 dropped fragment 10
arrive db0 0

# Where the whole message is in the first fragment, its type tells.
expect web0 - ra ext=first : guard=guard-router
expect web0 - ra ext=first,dst : guard=guard-router
expect web0 - igmp frag=0x2000 : guard=guard-multicast-router
expect web0 - mld ext=first : guard=guard-unparsed

# The same of a DHCP answer: the port has to be in the first.
expect web0 web1 udp sport=67 frag=0x2000 : guard=guard-dhcp
expect web0 web1 raw type=0x0800 body=4500001c0001200040110000000000000a0000020000000000000000 : web1=pass
expect web0 web1 raw type=0x0800 body=450000140001200040110000000000000a000002 : guard=guard-unparsed

# Without a guard, rules alone.
works vsegctl policy set guard off
pieces 134 8
expect web0 db0 raw type=0x86dd "body=$first" : db0=rule-deny
expect web0 db0 raw type=0x86dd "body=$second" : db0=fragment
expect web0 db0 ra ext=hbh : db0=rule-deny
expect web0 db0 ra ext=hbh,dst : db0=rule-deny
expect web0 db0 ra ext=first : db0=rule-deny
sums
