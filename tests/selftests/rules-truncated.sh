#!/bin/bash
# A frame that is cut, at whichever byte, passes no rule that asks for more than is there.
# time limit: 120
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

lab_up
ruled a0 b0 <<'END'
policy set address-resolution off
rule add web db protocol udp port 53 stateless
rule add web db protocol tcp port 22 stateless
rule add web db protocol icmpv6 icmp 128 stateless
END

# cuts WHOLE KIND...: WHOLE bytes pass; of fewer, none do.
cuts() {
	local whole=$1 cut
	shift
	expect a0 b0 "$@" : b0=pass
	for ((cut = 14; cut < whole; cut++)); do
		expect a0 b0 "$@" "cut=$cut" : b0=unparsed
	done
	expect a0 b0 "$@" "cut=$whole" : b0=pass
}

# 14 of Ethernet, 20 or 40 of IP, 8 of UDP, 20 of TCP, 8 of the test's own.
cuts 50 udp dport=53
cuts 70 udp6 dport=53
cuts 86 udp6 dport=53 ext=hbh,dst
cuts 62 tcp dport=22
cuts 54 udp dport=53 options=94040000
cuts 70 echo6
# Behind a second tag.
expect a0 b0 udp dport=53 vlan=5,6 : b0=pass
for ((cut = 22; cut < 58; cut++)); do
	expect a0 b0 udp dport=53 vlan=5,6 "cut=$cut" : b0=unparsed
done

# More bytes than IP says are padding.
expect a0 b0 udp dport=53 len=200 : b0=pass
expect a0 b0 raw type=0x0800 body=4500001c00000000401100000a0000010a00000203e8003500080000 : b0=pass
expect a0 b0 raw type=0x0800 body=4500001b00000000401100000a0000010a00000203e8003500080000 : b0=unparsed
expect a0 b0 raw type=0x0800 body=4500001400000000401100000a0000010a00000203e8003500080000 : b0=unparsed
expect a0 b0 raw type=0x0800 body=4400001c00000000401100000a0000010a00000203e8003500080000 : b0=unparsed
expect a0 b0 raw type=0x0800 body=4f00001c00000000401100000a0000010a00000203e8003500080000 : b0=unparsed
sums
