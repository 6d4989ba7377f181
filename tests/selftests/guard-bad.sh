#!/bin/bash
# Guards are shown as they were given; what no guest can have is refused, in words.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

lab_up
taps web0 up0
standard <<'END'
domain add nested permit all
port bind web0 web mac 02:00:00:00:00:01 address 10.0.0.0/8,fd00::1 permit router
selector add name x0 web mac 02:00:00:00:00:05 address 2001:db8::/32
END
lab dump port
like 'guard of the port' "$R" '"guard": ."mac": ."02:00:00:00:00:01"., "permit": 4, "prefix": .."address": "10.0.0.0", "length": 8., ."address": "fd00::1", "length": 128..'
lab dump selector
like 'guard of the selector' "$R" '"mac": ."02:00:00:00:00:05".*"2001:db8::"'
counts 1 domain nested guard-permit
counts 0 domain web guard-permit
works vsegctl domain set web permit dhcp-server,router
counts 6 domain web guard-permit
counts 1 settings guard
works vsegctl policy set guard off
counts 0 settings guard
works vsegctl policy set guard on
# An edit keeps what it doesn't name.
works vsegctl domain add other
counts 6 domain web guard-permit
lab state save before

script <<'END'
from vsegnl import *
from check import ask
genl = Genl()
def refused(errno, text, command, *attrs):
    try:
        genl.call(command, list(attrs))
    except Refused as why:
        if why.errno != errno or text not in why.msg:
            raise Failed(f"{why.errno} {why.msg}, expected {errno} {text}")
    else:
        raise Failed(f"taken, expected {text}")
S, P, D = SETS["selector"], SETS["guard"], SETS["domain"]
def selector(*guard, kind="guest"):
    return ("selector-add", attr(S["type"], u32(ENUMS["selector-type"]["name"])),
            attr(S["pattern"], "y0"), attr(S["domain"], "web"),
            attr(S["kind"], u32(ENUMS["port-kind"][kind])),
            attr(S["guard"], list(guard)))
mac = lambda text: attr(P["mac"], bytes.fromhex(text))
def prefix(address, length=None):
    parts = [attr(1, bytes(address))] if address is not None else []
    if length is not None:
        parts.append(attr(2, u32(length)))
    return attr(P["prefix"], parts)
four = [10, 0, 0, 0]
# What the policy would say of a frame has the guard's word, too.
Q = SETS["decision"]
def decide(want, frame):
    have = genl.call("decide", [attr(Q["in-ifname"], "web0"), attr(Q["dst"], "web"),
                                attr(Q["frame"], bytes.fromhex(frame))])[0]["reason"]
    if have != want:
        raise Failed(f"{have}, expected {want}: {frame}")
decide("none", "0200000000020200000000010806" "0001080006040001" "020000000001" "0a000001" "000000000000" "0a000002")
decide("guard-mac", "0200000000020200000000090806" "0001080006040001" "020000000009" "0a000001" "000000000000" "0a000002")
decide("guard-resolution", "0200000000020200000000010806" "0001080006040001" "020000000001" "0b000001" "000000000000" "0a000002")
decide("guard-spanning-tree", "0180c2000000" "020000000001" "0003" "424203")
decide("guard-unparsed", "020000000002" "020000000001" "0800" "45")
refused(22, "that a guest can have", *selector(mac("010000000001")))
refused(22, "that a guest can have", *selector(mac("000000000000")))
refused(22, "that a guest can have", *selector(mac("ffffffffffff")))
refused(34, "", *selector(attr(P["mac"], b"\2\0\0\0\0")))
refused(28, "64 of each kind", *selector(*[mac("020000000001")] * 65))
refused(28, "64 of each kind", *selector(*[prefix(four)] * 65))
refused(22, "bits behind the prefix", *selector(prefix([10, 0, 0, 1], 8)))
refused(22, "bits behind the prefix", *selector(prefix([1] * 16, 64)))
refused(22, "longer than its address", *selector(prefix(four, 33)))
refused(34, "", *selector(prefix([0] * 16, 129)))
refused(22, "4 bytes, or 16", *selector(prefix([10, 0, 0, 0, 0], 8)))
refused(22, "address of a prefix missing", *selector(prefix(None, 8)))
refused(22, "given twice", *selector(attr(P["permit"], u32(2)), attr(P["permit"], u32(2))))
refused(22, "given twice", *selector(attr(P["prefix"], [attr(1, bytes(four)), attr(1, bytes(four))])))
refused(22, "", *selector(attr(P["permit"], u32(64))))
refused(22, "only a guest port has a guard", *selector(mac("020000000001"), kind="trunk"))
refused(22, "name of the domain missing", "domain-set", attr(D["guard-permit"], u32(1)))
refused(22, "may send is missing", "domain-set", attr(D["name"], "web"))
refused(2, "no domain of this name", "domain-set", attr(D["name"], "none"),
        attr(D["guard-permit"], u32(1)))
refused(22, "", "domain-set", attr(D["name"], "web"), attr(D["guard-permit"], u32(64)))
END
untouched before

# The longest guard there can be is shown whole.
list() {
	local i
	for ((i = 1; i <= 64; i++)); do
		# shellcheck disable=SC2059
		printf "$1" "$i"
	done | sed 's/^,//'
}
works vsegctl port bind web0 web mac "$(list ',02:00:00:00:01:%02x')" address "$(list ',fd00:%x::/64')"
lab dump port
is 'prefixes in the dump' "$(grep -o '"length": 64' <<<"$R" | wc -l)" 64
is 'addresses in the dump' "$(grep -o '02:00:00:00:01:' <<<"$R" | wc -l)" 64
works vsegctl port show web0
expect web0 up0 udp src=02:00:00:00:01:40 sip=10.0.0.1 : guard=guard-address
expect web0 up0 udp6 src=02:00:00:00:01:40 sip=fd00:40::9 : up0=unlabelled-dst
expect web0 up0 udp6 src=02:00:00:00:01:40 sip=fd00:41::9 : guard=guard-address
sums
