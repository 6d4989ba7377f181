#!/bin/bash
# shellcheck disable=SC2319  # verdict takes the status of the condition before it
# What rules and services make of frames: decided here, by the module's own
# source, without the module.

# shellcheck source=tests/cli/lib.sh
. "${BASH_SOURCE[0]%/*}/lib.sh"

schema=$top/Documentation/expect.schema.json
policy=$scratch/policy.yaml
cat >"$policy" <<'END'
version: 1
domains: {web: 100, db: 101, infra: 102, lab: {id: 103, intra: isolate}}
prefixes: {office: [198.51.100.0/24, "2001:db8:5::/48"]}
ports:
  - {name: web0, domain: web}
  - {name: eno1, trunk: {vlans: {10: web, 30: web}}}
cells:
  - web -> db:
      rules:
        - {deny: {from: office}, name: not-the-office}
        - {allow: {protocol: tcp, port: 22, tcp-flags: "syn/syn,ack"}}
        - {allow: {protocol: [tcp, udp, sctp, dccp, udplite], port: [443, 8000-8080], source-port: 1024-65535}}
        - {allow: {icmp: echo-request}, name: ping}
        - {allow: {ethertype: [arp, 0x9999], vlan: [0, 10]}}
        - {allow: {ip: 6, fragment: later}}
        - {deny: {protocol: 99}, log: true}
  - db -> web: {rules: [{allow: {protocol: tcp, source-port: 22}}], mode: monitor}
  - web -> infra: {services: [dhcp, mdns]}
  - lab -> infra: {rules: [], services: [ra, dhcpv6]}
END

# decides STATUS REGEX WORDS...: about a frame, by the policy.
decides() {
	local want=$1 regex=$2
	shift 2
	says "$want" "$regex" test --policy "$policy" "$@"
}

# frame WORDS...: the bytes that a question is about.
frame() {
	"$vsegctl" -j test --policy "$policy" --from web --to db "$@" |
		python3 -c 'import json, sys; print(json.load(sys.stdin)["frame"])'
}

web=(--from web --to db) back=(--from db --to web)
decides 0 "^allow: web -> db.*rule    1: allow protocol tcp port 22 tcp-flags syn/syn,ack \($policy:11:11\).*the first rule of the cell" "${web[@]}" --proto tcp --dport 22
decides 0 '^allow.*rule    1:' "${web[@]}" --proto tcp --dport ssh --tcp-flags syn
decides 4 '^deny.*no rule of the cell matches.*reason  no-rule' "${web[@]}" --proto tcp --dport 22 --tcp-flags ack
decides 4 '^deny.*no-rule' "${web[@]}" --proto udp --dport 22
for proto in tcp udp sctp dccp udplite; do
	decides 0 '^allow.*rule    2:' "${web[@]}" --proto "$proto" --dport 8080
	decides 0 '^allow.*rule    2:' "${web[@]}" --proto "$proto" --dport 443 --from-address 2001:db8::9
	decides 4 '^deny.*no-rule' "${web[@]}" --proto "$proto" --dport 443 --sport 1023
done
decides 4 '^deny.*rule    0: deny from 198.51.100.0/24,2001:db8:5::/48 name not-the-office.*rule-deny' "${web[@]}" --proto tcp --dport 22 --from-address 198.51.100.255
decides 4 '^deny.*rule    0:' "${web[@]}" --proto tcp --dport 22 --from-address 2001:db8:5:ffff::1
decides 0 '^allow.*rule    1:' "${web[@]}" --proto tcp --dport 22 --from-address 2001:db8:6::1
decides 0 '^allow.*rule    3: .*name ping' "${web[@]}" --icmp echo-request
decides 0 '^allow.*rule    3:' "${web[@]}" --icmp 8/0
decides 0 '^allow.*rule    4: .*icmpv6.*name ping' "${web[@]}" --icmp echo-request --from-address ::1
decides 0 '^allow.*rule    4:' "${web[@]}" --icmp 128 --proto icmpv6
decides 4 '^deny.*no-rule' "${web[@]}" --icmp echo-reply
decides 0 '^allow.*rule    5: allow ethertype arp,0x9999 vlan 0,10' "${web[@]}" --ethertype 0x9999
decides 4 '^deny.*no-rule' --from eno1 --to db --vlan 30 --ethertype 0x9999
decides 0 '^allow.*rule    5:' --from eno1 --to db --vlan 10 --ethertype arp
decides 4 '^deny.*no-rule' "${web[@]}" --ethertype 0x9998
decides 0 '^allow.*rule    6:' "${web[@]}" --ethertype ipv6 --fragment later
# What stands before it asks for a port, which a later fragment has not.
decides 4 '^deny.*a rule of the cell asks what can.t be told.*unparsed' "${web[@]}" --proto tcp --fragment later
decides 0 '^allow.*rule    1:' "${web[@]}" --proto tcp --dport 22 --fragment first
decides 4 '^deny.*rule    7: deny protocol 99 log' "${web[@]}" --proto 99
decides 0 '^allow.*rule    0: allow protocol tcp source-port 22' "${back[@]}" --proto tcp --sport 22 --tcp-flags syn,ack
decides 0 '^would-drop.*no-rule' "${back[@]}" --proto tcp --sport 23
decides 1 'rules decide here; say more of the frame' "${web[@]}"

# Services, in both directions, and nothing else; isolated guests.
decides 0 '^allow: web -> infra.*a named service' --from web --to infra --class dhcp-request
decides 0 '^allow: infra -> web.*a named service' --from infra --to web --class dhcp-reply
decides 4 '^deny: infra -> web' --from infra --to web --class dhcp-request
decides 4 '^deny: web -> infra.*cell-deny' --from web --to infra --class router-solicitation
decides 4 '^deny: lab -> lab.*isolate.*reason  isolated' --from lab --to lab
decides 0 '^allow: infra -> lab' --from infra --to lab --class router-advertisement

# Frames as they come: what is said of them is in their bytes.
syn=$(frame --proto tcp --dport 22)
[[ $syn == 02000000000202000000000108004500002800010000* && ${#syn} -eq 120 ]]
verdict $? "a frame of TCP" "$syn"
decides 0 '^allow.*rule    1:' "${web[@]}" --frame "$syn"
decides 4 '^deny.*unparsed' "${web[@]}" --frame "${syn:0:70}"
decides 4 '^deny.*no-rule' "${web[@]}" --frame "${syn/0016/0017}"
arp=$(frame --ethertype arp --from-address 192.0.2.9)
[[ $arp == ffffffffffff020000000001080600010800060400010200000000 || $arp == ffffffffffff0200000000010806000108000604000102000000000* ]]
verdict $? "a frame of ARP" "$arp"
sums() {
	local kind
	for kind in '--proto tcp' '--proto udp' '--proto icmp --icmp echo-request' \
		'--proto icmpv6 --icmp echo-request' '--proto udp --to-address ::1' \
		'--proto dccp' '--proto tcp --fragment first'; do
		# shellcheck disable=SC2086
		frame $kind
	done | python3 -c '
import sys
def fold(data, more=0):
    total = more + sum(int.from_bytes(data[i:i + 2].ljust(2, b"\0"), "big")
                       for i in range(0, len(data), 2))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return total
for line in sys.stdin:
    f = bytes.fromhex(line)
    if f[12:14] == b"\x08\0":
        assert fold(f[14:34]) == 0xffff, line
        end, at, proto, ends = 14 + int.from_bytes(f[16:18], "big"), 34, f[23], f[26:34]
    else:
        end, at, proto, ends = 54 + int.from_bytes(f[18:20], "big"), 54, f[20], f[22:54]
    pseudo = 0 if proto == 1 else fold(ends) + proto + end - at
    assert fold(f[at:end], pseudo) == 0xffff, line'
}
check "checksums are right" sums

# What can't be asked.
decides 1 'frame is bytes in hexadecimal' "${web[@]}" --frame 00
decides 1 'frame is bytes in hexadecimal' "${web[@]}" --frame "${syn}0"
decides 1 'frame is bytes in hexadecimal' "${web[@]}" --frame "${syn}0g"
decides 1 'frame is bytes in hexadecimal' "${web[@]}" --frame "$(printf '00%.0s' {1..1025})"
decides 1 'frame says all of the frame' "${web[@]}" --frame "$syn" --proto tcp
decides 1 'class says what the frame would' "${web[@]}" --class other --proto tcp
decides 1 'not of the same version of IP' "${web[@]}" --from-address ::1 --to-address 192.0.2.1
decides 1 'not of the same version of IP' "${web[@]}" --from-address ::1 --ethertype ipv4
decides 1 'proto is of the other version' "${web[@]}" --from-address ::1 --proto icmp
decides 1 'icmp is of the other version' "${web[@]}" --from-address ::1 --icmp fragmentation-needed
decides 1 'icmp wants proto icmp' "${web[@]}" --proto tcp --icmp 8
decides 1 'tcp-flags want proto tcp' "${web[@]}" --proto udp --tcp-flags syn
decides 1 'tcp-flags is flags that are set' "${web[@]}" --proto tcp --tcp-flags syn/ack
decides 1 'only ipv4 and ipv6 have a proto' "${web[@]}" --ethertype lldp --proto tcp
decides 1 'only ipv4 and ipv6 have a proto' "${web[@]}" --ethertype arp --fragment first
decides 1 'fragment is whole, first or later' "${web[@]}" --fragment second
decides 1 'from-address is an address' "${web[@]}" --from-address 192.0.2.0/24
decides 1 'sport and dport want a proto that has ports' "${web[@]}" --proto icmp --dport 3

# The same from a file.
good="version: 1
tests:
  - {from: web, to: db, proto: tcp, dport: 22, expect: allow}
  - {from: web, to: db, proto: tcp, dport: 22, from-address: 198.51.100.1, expect: deny, reason: rule-deny}
  - {from: web, to: db, proto: tcp, dport: 22, tcp-flags: \"syn,ack\", expect: deny, reason: no-rule}
  - {from: web, to: db, proto: tcp, fragment: later, to-address: 192.0.2.77, expect: deny, reason: unparsed}
  - {from: lab, to: lab, expect: deny, reason: isolated}
  - {from: db, to: web, icmp: 3/4, expect: would-drop, reason: no-rule}
  - {from: infra, to: web, class: dhcp-reply, expect: allow}
  - {from: web, to: db, frame: \"$syn\", expect: allow}"
says_of() {
	"$vsegctl" test --policy "$policy" --file - <<<"$1" 2>&1
}
out=$(says_of "$good")
[[ $? -eq 0 && $out == "8 expectations of $policy, 0 not met" ]]
verdict $? "expectations of frames" "$out"
check "the schema takes them" by_schema "$good"
while IFS='|' read -r from to regex; do
	bad=${good/"$from"/"$to"}
	out=$(says_of "$bad")
	[[ $? -eq 1 && $out =~ $regex ]]
	verdict $? "expectations: $to" "$out"
	! by_schema "$bad" >/dev/null
	verdict $? "the schema refuses: $to"
done <<END
class: dhcp-reply|class: dhcp-reply, proto: udp|9:5: class says what the frame would
proto: tcp, dport: 22, tcp-flags|dport: 22, tcp-flags|5:5: sport and dport want
reason: unparsed|reason: guard-mac|6:[0-9]+: expected a reason: none, .*isolated
icmp: 3/4|icmp: 3-4|8:[0-9]+: expected a type of ICMP
fragment: later|fragment: last|6:[0-9]+: expected whole, first or later
frame: "$syn"|frame: "00"|10:[0-9]+: expected bytes in hexadecimal
frame: "$syn"|proto: udp, frame: "$syn"|10:5: frame says all of the frame
END
