#!/bin/bash
# shellcheck disable=SC2319  # verdict takes the status of the condition before it
# Rules, services and guards in policy files and by words: what is taken, what
# it means, and what is refused and where.

# shellcheck source=tests/cli/lib.sh
. "${BASH_SOURCE[0]%/*}/lib.sh"

schema=$top/Documentation/policy.schema.json
base='version: 1
domains:
  web: 100
  db: {id: 101, permit: [dhcp-server, router], intra: isolate}
  lab: {id: 102, permit: all}
services: {postgres: tcp 5432, www: [tcp 80, "tcp 443", "udp 443,8443"]}
prefixes: {office: [192.0.2.0/24, "2001:db8::/32"], one: 198.51.100.7}
ports:
  - {name: web0, domain: web, guard: {mac: "52:54:00:12:34:56", address: [192.0.2.7, "2001:db8::7"]}}
  - {name: db0, domain: db, guard: {permit: [spanning-tree]}}
cells:
  - web -> db:
      rules:
        - {allow: {service: postgres}}
        - {allow: {protocol: icmp, icmp: [echo-request, 3/4]}, name: ping, log: true}
        - {deny: {from: office, to: one}, comment: "not \"them\""}
        - {allow: {ethertype: [arp, 0x88cc], vlan: 10-20}}
        - {allow: {protocol: tcp, port: [22, 8000-8080], tcp-flags: "syn/syn,ack"}}
        - {allow: {ip: 6, fragment: [first, later]}}
        - {allow: any}
        - {allow: {protocol: udp, port: 53}, state: false}
        - {allow: {protocol: sctp}, state: true, revoke: keep}
      services: [dhcp, mdns]
      mode: monitor
  - web <-> lab: {services: ra}
  - web -> web: {action: allow, isolate: true, services: mdns}
settings: {guard: false, state-pickup: true, state-limit: 5000, state-zones: 100-199, mark-mask: 0xffff0000}'

# means RULE WANTED...: what a rule of a file is to the kernel, rule by rule.
means() {
	local rule=$1 out want
	shift
	out=$("$vsegctl" policy show - <<<"version: 1
domains: {a: 16, b: 17}
services: {postgres: tcp 5432, www: [tcp 80, tcp 443, udp 443], twice: [tcp 7, udp 7], mixed: [tcp 9, sctp 9]}
prefixes: {office: [192.0.2.0/24, \"2001:db8::/32\"], four: 10.0.0.0/8, six: \"fd00::/8\"}
cells: [{a -> b: {rules: [$rule]}}]" 2>&1 | sed -n 's/^        - //p')
	want=$(printf '%s\n' "$@")
	[[ $out == "$want" ]]
	verdict $? "$rule" "wanted: $want
got: $out"
}

# never RULE REGEX: a rule that can't be, in a file.
never() {
	local out status
	out=$("$vsegctl" policy show - <<<"version: 1
domains: {a: 16, b: 17}
prefixes: {four: 10.0.0.0/8, six: \"fd00::/8\"}
cells: [{a -> b: {rules: [$1]}}]" 2>&1)
	status=$?
	[[ $status -eq 1 && $out =~ ^'vsegctl: standard input:4:'[0-9]+': '.*$2 ]]
	verdict $? "never: $1" "status $status, not like '$2': $out"
}

# What is printed is read again as the same, whatever it was.
again() {
	"$vsegctl" policy show - <<<"$base" >"$scratch/first" &&
		"$vsegctl" policy show "$scratch/first" >"$scratch/second" &&
		diff "$scratch/first" "$scratch/second"
}
check "what is printed is the same policy" again
check "the schema takes what is printed" by_schema "$(<"$scratch/first")"
json_rules() {
	"$vsegctl" -j policy show - <<<"$base" | python3 -c '
import json, sys
p = json.load(sys.stdin)
assert len(p["rules"]) == 9, len(p["rules"])
assert p["rules"][1]["text"] == \
    "allow protocol icmp icmp fragmentation-needed,echo-request name ping log"
assert p["rules"][0]["match"][0] == {"field": "protocol", "first": 6, "last": 6}
assert p["selectors"][1]["guard"]["mac"] == ["52:54:00:12:34:56"]
assert p["settings"]["guard"] is False
assert p["settings"]["state_pickup"] is True
assert p["settings"]["state_limit"] == 5000
assert p["settings"]["state_zone_first"] == 100
assert p["settings"]["state_zone_last"] == 199
assert p["settings"]["mark_mask"] == 0xffff0000
state = [r["flags"] for r in p["rules"]]
assert state == [["state"], ["log", "state"], [], [], ["state"], [], [], [],
                 ["state", "keep"]], state
assert p["rules"][7]["text"] == "allow protocol udp port 53 stateless"
assert p["rules"][8]["text"] == "allow protocol sctp state keep"
assert {"isolate"} == {f for c in p["cells"] for f in c["flags"]} - {"monitor"}'
}
check "rules and guards in JSON" json_rules

# What words mean.
means '{allow: any}' '{allow: any}'
means '{deny: {service: ssh}}' '{deny: {protocol: tcp, port: 22}}'
means '{allow: {service: https}}' '{allow: {protocol: [tcp, udp], port: 443}}'
means '{allow: {service: twice}}' '{allow: {protocol: [tcp, udp], port: 7}}'
means '{allow: {service: www}}' '{allow: {protocol: tcp, port: [80, 443]}}' \
	'{allow: {protocol: udp, port: 443}}'
means '{allow: {service: www, protocol: udp}}' '{allow: {protocol: udp, port: 443}}'
means '{allow: {service: [ssh, "postgres,https"], ip: 4}}' \
	'{allow: {ethertype: ipv4, protocol: tcp, port: [22, 443, 5432]}}' \
	'{allow: {ethertype: ipv4, protocol: udp, port: 443}}'
means '{allow: {icmp: echo-request}, name: x}' \
	'{allow: {protocol: icmp, icmp: echo-request}, name: x}' \
	'{allow: {protocol: icmpv6, icmp: echo-request}, name: x}'
means '{allow: {icmp: echo-request, ip: 6}}' \
	'{allow: {ethertype: ipv6, protocol: icmpv6, icmp: echo-request}}'
means '{allow: {icmp: [packet-too-big, fragmentation-needed]}}' \
	'{allow: {protocol: icmp, icmp: fragmentation-needed}}' \
	'{allow: {protocol: icmpv6, icmp: packet-too-big}}'
means '{allow: {icmp: 128/0, protocol: icmpv6}}' \
	'{allow: {protocol: icmpv6, icmp: "128/0"}}'
means '{allow: {icmp: echo-reply, from: 192.0.2.1}}' \
	'{allow: {protocol: icmp, icmp: echo-reply, from: "192.0.2.1"}}'
means '{allow: {port: [80, 22, 81, "79,443-445", 444-450]}}' \
	'{allow: {port: [22, 79-81, 443-450]}}'
means '{allow: {protocol: [17, tcp, udp]}}' '{allow: {protocol: [tcp, udp]}}'
means '{deny: {from: office, to: [10.1.2.3, "::1"]}}' \
	'{deny: {from: ["192.0.2.0/24", "2001:db8::/32"], to: ["10.1.2.3", "::1"]}}'
means '{allow: {from: 0.0.0.0/0}}' '{allow: {from: "0.0.0.0/0"}}'
means '{allow: {ethertype: [llc, LLDP, 0x9999, ip]}}' \
	'{allow: {ethertype: [llc, ipv4, lldp, "0x9999"]}}'
means '{allow: {vlan: [0, 20-29, 30]}}' '{allow: {vlan: [0, 20-30]}}'
means '{allow: {protocol: tcp, tcp-flags: [none/all, "syn,ack/syn,ack,rst"]}}' \
	'{allow: {protocol: tcp, tcp-flags: ["none/all", "syn,ack/syn,rst,ack"]}}'
means '{allow: {fragment: "later,whole"}}' '{allow: {fragment: [whole, later]}}'
means '{allow: {protocol: [99, vrrp]}}' '{allow: {protocol: [99, vrrp]}}'

# Which rules are stateful is said only where it isn't by what they allow.
means '{allow: {protocol: tcp}, state: true}' '{allow: {protocol: tcp}}'
means '{allow: {protocol: tcp}, state: false}' '{allow: {protocol: tcp}, state: false}'
means '{allow: {protocol: [tcp, udp, icmp, icmpv6]}, state: true}' \
	'{allow: {protocol: [icmp, tcp, udp, icmpv6]}}'
means '{allow: {port: 80}, state: true}' '{allow: {port: 80}}'
means '{allow: {source-port: 80}, state: true}' '{allow: {source-port: 80}}'
means '{allow: {icmp: echo-request, ip: 4}, state: true}' \
	'{allow: {ethertype: ipv4, protocol: icmp, icmp: echo-request}}'
means '{allow: {service: ssh, tcp-flags: "syn/syn"}, state: true}' \
	'{allow: {protocol: tcp, port: 22, tcp-flags: "syn/syn"}}'
means '{allow: {protocol: [tcp, gre]}}' '{allow: {protocol: [tcp, gre]}}'
means '{allow: {protocol: [tcp, gre]}, state: false}' '{allow: {protocol: [tcp, gre]}}'
means '{allow: {protocol: [tcp, gre]}, state: true}' \
	'{allow: {protocol: [tcp, gre]}, state: true}'
means '{allow: {protocol: 6-17}, state: true}' '{allow: {protocol: 6-17}, state: true}'
means '{allow: {protocol: sctp, port: 80}, state: true}' \
	'{allow: {protocol: sctp, port: 80}, state: true}'
means '{allow: any, state: true}' '{allow: any, state: true}'
means '{allow: {ip: 4}, state: true}' '{allow: {ethertype: ipv4}, state: true}'
means '{allow: {protocol: udp, fragment: later}, state: true}' \
	'{allow: {protocol: udp, fragment: later}, state: true}'
means '{allow: {protocol: udp, fragment: [first, later]}, state: true}' \
	'{allow: {protocol: udp, fragment: [first, later]}}'
means '{deny: {protocol: tcp}, state: false}' '{deny: {protocol: tcp}}'
means '{deny: {protocol: tcp}, revoke: immediate}' '{deny: {protocol: tcp}}'
means '{allow: {protocol: tcp}, revoke: keep}' '{allow: {protocol: tcp}, revoke: keep}'
means '{allow: any, state: true, revoke: keep}' '{allow: any, state: true, revoke: keep}'
# One that stands for several: of those, the one that may have flows.
means '{allow: {service: mixed}, revoke: keep}' \
	'{allow: {protocol: tcp, port: 9}, revoke: keep}' \
	'{allow: {protocol: sctp, port: 9}}'
means '{allow: {service: mixed}, state: true, revoke: keep}' \
	'{allow: {protocol: [tcp, sctp], port: 9}, state: true, revoke: keep}'
never '{deny: {protocol: tcp}, state: true}' 'a rule denies begins no flow; state is for a rule that allows'
never '{deny: any, revoke: keep}' 'a rule denies begins no flow; keep is for a rule that allows'
never '{allow: {port: 1}, state: false, revoke: keep}' 'a stateless rule has no flows that it could keep'
never '{allow: any, revoke: keep}' 'stateless, and has no flows to keep, unless it says state'
never '{allow: {ethertype: arp}, state: true}' 'no flows but those of ipv4 and ipv6'
never '{allow: {ethertype: [lldp, llc]}, state: true}' 'no flows but those of ipv4 and ipv6'
never '{allow: {port: 1}, state: maybe}' 'expected true or false, not "maybe"'
never '{allow: {port: 1}, revoke: never}' 'expected immediate or keep, not "never"'

# What no frame can be, and what isn't what it should be.
never '{allow: {protocol: icmp, port: 22}}' 'protocol icmp has no port, only tcp'
never '{allow: {protocol: [tcp, icmp], port: 22}}' 'protocol icmp has no port'
never '{allow: {protocol: icmp, ip: 6}}' 'no frame fits: ethertype is of IPv6 and protocol of IPv4'
never '{allow: {from: four, to: six}}' 'no frame fits: from is of IPv4 and to of IPv6'
never '{allow: {from: "::1", ip: 4}}' 'ethertype is of IPv4 and from of IPv6'
never '{allow: {tcp-flags: "syn/syn"}}' 'tcp-flags want protocol tcp'
never '{allow: {protocol: udp, tcp-flags: "syn/syn"}}' 'protocol udp has no tcp-flags, only tcp'
never '{allow: {protocol: tcp, tcp-flags: syn}}' 'expected flags that are set, of flags'
never '{allow: {protocol: tcp, tcp-flags: "syn/ack"}}' 'expected flags that are set'
never '{allow: {ethertype: arp, protocol: tcp}}' 'ethertype arp has no protocol, only ipv4 and ipv6'
never '{allow: {ethertype: ipv4, ip: 4}}' 'ip says what ethertype would'
never '{allow: {service: ssh, port: 22}}' 'a service says the port'
never '{allow: {service: ssh, protocol: udp}}' 'the service is of another protocol'
never '{allow: {service: nosuch-service}}' 'the name of a service, not "nosuch-service", which neither'
never '{allow: {icmp: echo-request, protocol: tcp}}' 'protocol tcp has no icmp, only icmp and icmpv6'
never '{allow: {icmp: 3/4}}' 'a number of icmp means one thing in ICMP and another in ICMPv6'
never '{allow: {icmp: echo-request, port: 1}}' 'no frame has both icmp and port'
never '{allow: {icmp: packet-too-big, ip: 4}}' 'this icmp is of the other version'
never '{allow: {icmp: 256, protocol: icmp}}' 'expected a type of ICMP'
never '{allow: {fragment: later, port: 22}}' 'a later fragment has no port'
never '{allow: {from: 192.0.2.1/24}}' '"192.0.2.1/24" has bits behind its prefix; expected 192.0.2.0/24, or 192.0.2.1/32'
never '{allow: {from: "2001:db8::1/32"}}' 'expected 2001:db8::/32'
never '{allow: {from: 192.0.2.0/33}}' 'expected a length from 0 to 32'
never '{allow: {from: 192.0.2}}' 'expected an address'
never '{allow: {from: nowhere}}' 'there is no prefix list "nowhere" in this policy'
never '{allow: {port: 80-22}}' 'expected a port or a range of them'
never '{allow: {port: 65536}}' 'expected a port or a range of them'
never '{allow: {port: 0x50}}' 'expected a port or a range of them'
never '{allow: {vlan: 4095}}' 'expected a VLAN or a range'
never '{allow: {protocol: 256}}' 'expected an IP protocol'
never '{allow: {ethertype: 0x5ff}}' 'expected an EtherType'
never '{allow: {ip: 5}}' 'expected a version of IP'
never '{allow: {fragment: none}}' 'expected whole, first or later'
never '{allow: {port: ","}}' 'expected a port'

# Names may be said in a file that comes later.
mkdir "$scratch/d"
printf 'version: 1\ncells: [{a -> b: {rules: [{allow: {service: mine, from: here}}]}}]\n' >"$scratch/d/a.yaml"
printf 'version: 1\ndomains: {a: 16, b: 17}\nservices: {mine: tcp 7}\nprefixes: {here: 10.0.0.1}\n' >"$scratch/d/b.yaml"
says 0 'protocol: tcp, port: 7, from: "10.0.0.1"' policy show "$scratch/d"
printf 'version: 1\nservices: {mine: tcp 8}\n' >"$scratch/d/c.yaml"
says 1 'c.yaml:2:12: "mine" is given twice, first at .*b.yaml:3' policy show "$scratch/d"

# By words; the last word to have is the kernel's.
says 1 'expected what the rule looks at, or any' rule add web db
says 1 'expected what the rule looks at, or any' rule add web db allow log
says 1 'any stands alone' rule add web db any port 22
says 1 'a rule says allow or deny, once' rule add web db allow any deny
says 1 'not "frob"' rule add web db any frob
says 1 'protocol icmp has no port' rule add web db protocol icmp port 22
says 1 'there is no prefix list "office"' rule add web db from office
says 1 'index is a number from 0 to 4095' rule add web db index 4096 any
says 1 'a rule says state or stateless, once' rule add web db port 1 state stateless
says 1 'a rule says state or stateless, once' rule add web db port 1 state state
says 1 'rule add: .*denies begins no flow; state is for' rule add web db deny port 1 state
says 1 'rule add: .*denies begins no flow; keep is for' rule add web db deny port 1 keep
says 1 'rule add: a stateless rule has no flows' rule add web db port 1 stateless keep
says 1 'unless it says state' rule add web db any keep
says 1 'NAME has 1 to 63 bytes' rule add web db any name ''
says 1 'expected COMMENT' rule add web db any comment
says 1 'expected INDEX or all' rule del web db
says 1 'INDEX is a number' rule del web db first
says 1 'expected allow, deny or rules, not "pass"' cell set web db pass
says 1 'services is of: none, dhcp, dhcpv6, ra, mdns; not "dhcp,dns"' cell set web db deny services dhcp,dns
says 1 'expected services, isolate, monitor or log' cell set web db deny foo
says 1 'permit is of: none, all, dhcp-server' domain set web permit 'router,'
says 1 'expected permit WHAT' domain set web
says 1 'expected MAC, as' port bind p web mac 1:2
says 1 'bits behind its prefix' port bind p web address 10.0.0.1/8
says 1 'expected mac, address or permit' selector add name p web frob
says 1 'guard is on or off' policy set guard maybe
says 1 'state-pickup is on or off' policy set state-pickup maybe
says 1 'state-limit is a number from 1 to 1048576, not "0"' policy set state-limit 0
says 1 'state-limit is a number from 1 to 1048576' policy set state-limit 1048577
says 1 'state-zones are zones .*, not "9-8"' policy set state-zones 9-8
says 1 'state-zones are zones .*, not "0-8"' policy set state-zones 0-8
says 1 'state-zones are zones .*, not "1-65536"' policy set state-zones 1-65536
says 1 'expected FIRST-LAST' policy set state-zones
says 1 'each once, not "state-zones"' policy set state-zones 1-2 state-zones 3-4
says 1 'not "state-zone-first"' policy set state-zone-first 1
says 1 'mark-mask is a mask of bits side by side.*, not "0x5"' policy set mark-mask 0x5
says 1 'mark-mask is a mask' policy set mark-mask 255
says 1 'mark-mask is a mask' policy set mark-mask 0x1ffffffff
says 1 'mark-mask is a mask' policy set mark-mask 0x
says 1 'expected MASK' policy set mark-mask
says 1 'expected nothing more, not "x"' zone show x
says 1 'expected DST' rule show web

if [[ $present ]]; then
	skip "the rest" "the module is loaded; this is for a host without"
	exit
fi
says 3 'module not loaded' rule add web db index 3 deny service ssh,https from 10.0.0.0/8,::1 name n comment c log
says 3 'module not loaded' rule add web db icmp echo-request
says 3 'module not loaded' rule add web db port 22 state keep
says 3 'module not loaded' rule add web db any state name n
says 3 'module not loaded' rule add web db port 22 stateless
says 3 'module not loaded' policy set state-pickup on state-limit 1 state-zones 1-65535 mark-mask 0xff000000
says 3 'module not loaded' policy set mark-mask 0 state-zones 7
says 3 'module not loaded' zone
says 3 'module not loaded' rule del web db all
says 3 'module not loaded' cell set web web allow services dhcp,ra isolate
says 3 'module not loaded' cell set web web rules services none monitor
says 3 'module not loaded' domain add web id 16 permit dhcp-server,router
says 3 'module not loaded' port bind p web mac 02:00:00:00:00:01,02:00:00:00:00:02 address 10.0.0.1 permit all
says 3 'module not loaded' selector add name p web permit none
feeds 1 'standard input:2: .*rule add: tcp-flags want protocol tcp|-:2: rule add: tcp-flags want' \
	'cell set a b rules\nrule add a b tcp-flags syn/syn\n'

taken base "$base"
taken 'an empty list' $'version: 1\ndomains: {a: 16, b: 17}\ncells: [{a -> b: {rules: []}}]'
but 'unknown key of a rule' 'log: true}' 'lgo: true}' '15:[0-9]+: unknown key "lgo", expected one of: allow, deny, name'
but 'unknown key of a match' '{service: postgres}' '{servcie: postgres}' '14:20: unknown key "servcie", expected one of: ethertype, ip'
but 'a key of a match twice' 'to: one' 'from: one' '16:[0-9]+: "from" is given twice' whole
but 'unknown key of a guard' 'guard: {permit' 'guard: {permits' '10:[0-9]+: unknown key "permits", expected one of: mac, address, permit'
but 'unknown key of a domain' 'intra: isolate' 'inter: isolate' '4:[0-9]+: unknown key "inter"'
but 'intra' 'intra: isolate' 'intra: deny' '4:[0-9]+: expected allow or isolate'
but 'intra and a cell' 'web: 100' 'web: {id: 100, intra: isolate}' '[0-9]+:[0-9]+: the cell web -> web is given twice' whole
but 'no id' '{id: 102, permit: all}' '{permit: all}' '5:8: a domain lacks "id"'
but 'permit' '[dhcp-server, router]' '[dhcp-server, ruoter]' '4:[0-9]+: expected what a guest may send'
but 'permit twice' '[dhcp-server, router]' '[router, router]' '4:[0-9]+: "router" is given twice'
but 'both allow and deny' '{allow: any}' '{allow: any, deny: any}' '20:11: a rule has either allow or deny'
but 'neither' '{allow: any}' '{name: x}' '20:11: a rule has either allow or deny'
but 'an empty match' '{allow: any}' '{allow: {}}' '20:19: expected what the rule looks at'
but 'all' '{allow: any}' '{allow: all}' '20:19: expected what the rule looks at, as .* or any, not "all"'
but 'an empty list of words' '[22, 8000-8080]' '[]' '18:[0-9]+: expected a port or a range of them, .*not a list'
but 'undefined service' 'service: postgres' 'service: postgers' '14:[0-9]+: expected the name of a service, not "postgers"' whole
but 'undefined list' 'from: office' 'from: ofice' '16:[0-9]+: there is no prefix list "ofice"' whole
but 'bad list' '192.0.2.0/24, "' '192.0.2.1/24, "' '7:[0-9]+: "192.0.2.1/24" has bits behind its prefix' whole
but 'bad list element' 'one: 198.51.100.7' 'one: office' '7:[0-9]+: expected an address'
but 'bad service' 'tcp 5432' 'icmp 5432' '6:[0-9]+: expected a protocol that has ports' whole
but 'bad service ports' 'tcp 5432' 'tcp 5432-22' '6:[0-9]+: expected a protocol that has ports' whole
but 'service without ports' 'tcp 5432' 'tcp' '6:[0-9]+: expected a protocol that has ports'
but 'name of a list' 'one: 198' '1one: 198' '7:[0-9]+: "1one" can.t be a name here'
but 'action and rules' 'services: [dhcp, mdns]' 'action: allow' '13:7: a cell has either an action or rules'
but 'log of a list' 'mode: monitor' 'log: true' '12:5: log stands at each rule'
but 'named service' '[dhcp, mdns]' '[dhcp, dns]' '23:[0-9]+: expected a named service'
but 'isolate elsewhere' 'web -> web' 'lab -> web' '26:5: isolate is for an allow cell inside a domain' whole
but 'isolated deny' '{action: allow, isolate' '{action: deny, isolate' '26:5: isolate is for an allow cell' whole
but 'guard of a trunk' 'domain: db, guard' 'trunk: {}, guard' '10:5: a trunk has no guard'
but 'guard address' '52:54:00:12:34:56' '53:54:00:12:34:56' '9:[0-9]+: expected an address that a guest can have' whole
but 'guard prefix' '[192.0.2.7,' '[192.0.2.7/24,' '9:[0-9]+: "192.0.2.7/24" has bits behind' whole
but 'comment' '"not \"them\""' '"a\nb"' '16:[0-9]+: a control character in a comment' whole
but 'long name' 'name: ping' "name: $(printf 'x%.0s' {1..64})" '15:[0-9]+: 64 bytes long, 63 is the most'
but 'settings' 'guard: false' 'guard: none' '27:19: expected true or false'
but 'limit' 'state-limit: 5000' 'state-limit: 0' '27:[0-9]+: expected the most flows of one domain, 1 to 1048576, not "0"'
but 'zones the wrong way' '100-199' '199-100' '27:[0-9]+: expected zones of connection tracking, 1 to 65535.*, not "199-100"' whole
but 'zone 0' '100-199' '0-199' '27:[0-9]+: expected zones of connection tracking' whole
but 'zones' '100-199' '[100, 199]' '27:[0-9]+: expected zones of connection tracking.*, not a list'
but 'holes in a mask' '0xffff0000' '0xff00ff00' '27:[0-9]+: expected a mask of bits side by side.*, not "0xff00ff00"' whole
but 'a mask too long' '0xffff0000' '0x1ffff0000' '27:[0-9]+: expected a mask of bits'
but 'a mask' '0xffff0000' 'none' '27:[0-9]+: expected a mask of bits'
but 'pickup' 'state-pickup: true' 'state-pickup: 1' '27:[0-9]+: expected true or false'
but 'state of a rule' 'state: false' 'state: maybe' '21:[0-9]+: expected true or false'
but 'kept though stateless' 'state: true, revoke' 'state: false, revoke' '22:11: a stateless rule has no flows'
but 'stateful deny' '{allow: {protocol: udp, port: 53}, state: false}' '{deny: {protocol: udp}, state: true}' '21:11: what a rule denies begins no flow'
but 'kept deny' '{allow: {protocol: udp, port: 53}, state: false}' '{deny: {protocol: udp}, revoke: keep}' '21:11: what a rule denies begins no flow'

# Bounds: of rules in a cell, in all, and of what all of them ask.
many() {
	python3 - "$@" <<'END'
import sys
cells, rules, prefixes = map(int, sys.argv[1:])
print("version: 1\ndomains: {a: 16, b: 17}")
if prefixes:
    print("prefixes: {p: [%s]}" % ", ".join(
        "10.0.%d.%d" % (n / 256, n % 256) for n in range(prefixes)))
ends = ["a", "b", "host", "routed", "any"]
print("cells:")
for n in range(cells):
    print("  - %s -> %s:\n      rules:" % (ends[n // 5], ends[n % 5]))
    for m in range(rules):
        print("        - {allow: %s}" % ("{from: p}" if prefixes else
                                         "{protocol: tcp, port: %d}" % m))
END
}
bounded() {
	bash -c 'ulimit -v 700000; exec "$0" policy show - 2>&1 >"$1"' \
		"$vsegctl" "$scratch/shown"
}
out=$(many 1 4096 0 | bounded)
[[ $? -eq 0 && ! $out ]]
verdict $? "4096 rules of one cell" "$out"
out=$(many 1 4097 0 | bounded)
[[ $out == *'more than 4096 rules of one cell'* ]]
verdict $? "refused: 4097" "$out"
out=$(many 25 4096 1024 | bounded)
[[ $out == *'ask more than 1048576 things together'* ]]
verdict $? "refused: a bomb of prefixes" "$out"
out=$(many 2 1 1025 | bounded)
[[ $out == *'it asks 1025 things, 1024 are the most of one rule'* ]]
verdict $? "refused: 1025 prefixes in one rule" "$out"
