#!/bin/bash
# With the module: rules, services and guards, by words and by files.
#
# Everything happens in a network namespace of its own, as in live.sh.

if [[ ! ${LIVE_INSIDE-} && -d /sys/module/vseg && $EUID -eq 0 ]]; then
	export LIVE_INSIDE=1
	exec unshare --net --mount bash "$0"
fi

# shellcheck source=tests/cli/lib.sh
. "${BASH_SOURCE[0]%/*}/lib.sh"

if [[ ! $present || ! ${LIVE_INSIDE-} ]]; then
	skip "all" "no module, or not root"
	exit
fi

# shellcheck source=tests/cli/live.inc
. "${BASH_SOURCE[0]%/*}/live.inc"

# --- edits one by one ---
says 0 '^$' bridge add br0 mode enforce
says 0 '^$' domain add web id 100 permit dhcp-server,router
says 0 '^$' domain add db id 101
says 0 $'\nweb +100 +0 +0 +dhcp-server,router' domain
says 0 '^$' domain set web permit none
is "permits" '[]' query '.[0].guard_permit' domain show web
says 0 '^$' port bind p0 web mac 02:00:00:00:00:00 address 192.0.2.7,2001:db8::/32 permit router
says 0 '^$' port bind p1 db
says 0 $'\np0 .* mac 02:00:00:00:00:00 address 192.0.2.7,2001:db8::/32 permit router' port
is "a guard in JSON" '[["router"],["02:00:00:00:00:00"],[["192.0.2.7",32],["2001:db8::",32]]]' \
	query '.[0].guard | [.permit, .mac, [.prefix[] | [.address, .length]]]' port show p0
says 0 '  1 guest port without known MAC addresses' status
is "guests without" 1 query .guests_without_mac status
says 0 '^$' port bind p1 db permit all
is "one that isn't guarded isn't missed" 0 query .guests_without_mac status
says 2 '^vsegctl: port bind: .+ \(attribute guard\.mac\)$' port bind p1 db mac 01:00:00:00:00:01

says 0 '^$' cell set web db rules services dhcp monitor
says 0 $'\nweb +db +rules +monitor .* dhcp +0' cell show web db
says 0 '^$' rule add web db service ssh name ssh
says 0 '^$' rule add web db icmp echo-request comment why
says 0 '^$' rule add web db index 0 deny from 198.51.100.0/24,fd00::/8 log
says 0 $'\nweb +db +0 +0 +0 +0 +deny from 198.51.100.0/24,fd00::/8 log\nweb +db +1 .*allow protocol tcp port 22 name ssh\nweb +db +2 .*allow protocol icmp icmp echo-request  # why\nweb +db +3 .*icmpv6' rule show web db
is "one edit that makes two rules is one commit" 4 query length rule show
is "rules in JSON" '["deny",["log"],"deny from 198.51.100.0/24,fd00::/8 log"]' \
	query '.[0] | [.action, .flags, .text]' rule
says 0 '^$' rule del web db 0
is "a rule less" 'allow protocol tcp port 22 name ssh' query '.[0].text' rule show web db
says 2 '^vsegctl: rule del: .+ \(attribute index\)$' rule del web db 9
says 2 '^vsegctl: rule add: .+ \(attribute index\)$' rule add web db index 9 any
says 2 '^vsegctl: rule add: ' rule add db web any
says 2 '^vsegctl: cell set: .+ \(attribute flags\)$' cell set web db allow isolate
says 2 '^vsegctl: rule show: ' rule show web nope
says 0 'SOURCE' rule show web db
says 0 '^$' rule add web db protocol sctp state keep name kept
says 0 '^$' rule add web db port 80 stateless name plain
is "flags of rules" '[["ssh",["state"]],["kept",["state","keep"]],["plain",[]]]' \
	query '[.[] | select(.name) | [.name, .flags]]' rule show web db
is "in words" '["allow protocol tcp port 22 name ssh","allow protocol sctp name kept state keep","allow port 80 name plain stateless"]' \
	query '[.[] | select(.name) | .text]' rule show web db
is "settings of state at first" '[false,65536,32768,65535]' \
	query '.settings | [.state_pickup, .state_limit, .state_zone_first, .state_zone_last]' status
says 0 '^$' policy set state-pickup on state-limit 100 state-zones 40000-40009
says 0 'state-pickup on, state-limit 100, state-zones 40000-40009' status
is "settings of state" '[true,100,40000,40009]' \
	query '.settings | [.state_pickup, .state_limit, .state_zone_first, .state_zone_last]' status
is "flows in JSON, without any" '[0,0,0,0,0]' \
	query '[.flows, .flows_refused, .flows_evicted, .flows_picked_up, .zones]' status
is "a greatest number of them" true query '.flows_max > 1000' status
is "no zones" 0 query length zone
says 0 '^ZONE +BRIDGE +VLAN +DOMAIN +PEER$' zone show
says 2 '^vsegctl: state export: no guard knows which addresses the guest of p1 has' state export --port p1
says 2 '^vsegctl: state export: ' state export --port nope
says 0 '^$' policy set guard off
says 0 'flood-events off, guard off' status
says 0 '^$' off

# --- a policy as a file ---
cat >"$scratch/policy.yaml" <<'END'
version: 1
domains: {web: {id: 100, permit: router}, db: {id: 101, intra: isolate}}
bridges: {br0: enforce}
services: {postgres: tcp 5432}
prefixes: {office: [192.0.2.0/24, "2001:db8::/32"]}
ports:
  - {name: p0, domain: web, guard: {address: [192.0.2.7], mac: "02:00:00:00:00:00"}}
  - {mac: "02:00:00:00:00:01", domain: db}
  - {name: p1, domain: db, guard: {permit: [all]}}
cells:
  - web -> db:
      rules:
        - {deny: {from: office, protocol: udp}, name: not-the-office}
        - {allow: {service: [postgres, domain]}, log: true}
        - {allow: {icmp: echo-request}, comment: "ping"}
        - {allow: {protocol: tcp, tcp-flags: "syn/syn,ack", port: [22, 8000-8080]}}
        - {allow: {ethertype: [arp, llc], vlan: 0-10}}
        - {allow: {ip: 6, fragment: [first, later]}}
        - {deny: any}
      services: [dhcp, mdns]
  - db <-> host: {rules: [{allow: {source-port: 53}}]}
END
says 0 $'\\+ rule 0 of web -> db: deny protocol udp from 192.0.2.0/24,2001:db8::/32 name not-the-office' \
	apply "$scratch/policy.yaml" --check
says 0 'generation [0-9]+ is in force' apply "$scratch/policy.yaml"
is "applied again" '[false,0]' query '[.committed, (.changes | length)]' apply "$scratch/policy.yaml"
check "as a file it is the same" bash -c \
	"'$vsegctl' policy show | '$vsegctl' apply - | grep -q '^nothing to change'"
check "and as the file itself" diff <("$vsegctl" policy show) \
	<("$vsegctl" policy show "$scratch/policy.yaml")

# change SED WANTED...: what apply says of the file with a change, and does.
change() {
	local out want
	sed "$1" "$scratch/policy.yaml" >"$scratch/new.yaml"
	shift
	out=$("$vsegctl" apply "$scratch/new.yaml" | grep '^[-+!]')
	want=$(printf '%s\n' "$@")
	[[ $out == "$want" ]]
	verdict $? "apply says: $1" "wanted: $want
got: $out"
	check "and did it" diff <("$vsegctl" policy show) \
		<("$vsegctl" policy show "$scratch/new.yaml")
	cp "$scratch/new.yaml" "$scratch/policy.yaml"
}
change '/service: \[postgres/s/, domain//' \
	'- rule 2 of web -> db: allow protocol udp port 53 log' \
	'- rule 1 of web -> db: allow protocol tcp port 53,5432 log' \
	'+ rule 1 of web -> db: allow protocol tcp port 5432 log'
change '/not-the-office/{h;d};/deny: any/{p;x}' \
	'! rule 7 of web -> db: deny protocol udp from 192.0.2.0/24,2001:db8::/32 name not-the-office, was rule 0'
change '/- {deny: any}/s/any/{ethertype: rarp}/' \
	'- rule 6 of web -> db: deny any' \
	'+ rule 6 of web -> db: deny ethertype rarp'
change 's/services: \[dhcp, mdns\]/services: [dhcp]/' \
	'! cell web -> db: rules, services dhcp, was rules, services dhcp,mdns'
change 's/permit: router/permit: [router, dhcp-server]/' \
	'! domain web: permit dhcp-server,router, was router'
change 's/intra: isolate/intra: allow/' '- cell db -> db (allow, isolate)'
change 's/permit: \[all\]/permit: [router]/' \
	'- port name p1 (db, guard)' '+ port name p1 (db, guard)'

# Counters live through commits, where a rule only moves.
ip_udp() {
	python3 - <<'END'
import socket
s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
s.bind(("q0", 0))
ip = bytes.fromhex("4500001c000100004011000a" "c0000207" "c0000202")
ip = ip[:10] + b"\0\0" + ip[12:]
total = sum(int.from_bytes(ip[i:i + 2], "big") for i in range(0, 20, 2))
total = (total & 0xffff) + (total >> 16)
ip = ip[:10] + (~total & 0xffff).to_bytes(2, "big") + ip[12:]
udp = bytes.fromhex("c0000035000800000000")[:8]
s.send(bytes.fromhex("020000000001" "020000000000" "0800") + ip + udp + bytes(18))
END
}
rule_packets() {
	query '[.[] | select(.name == "not-the-office").packets] | add' rule show web db
}
ip_udp
counted() {
	[[ $(rule_packets) == 1 ]]
}
check "the rule counted" wait_for counted
change '/not-the-office/d
/^      rules:/a \        - {deny: {from: office, protocol: udp}, name: not-the-office}' \
	'! rule 0 of web -> db: deny protocol udp from 192.0.2.0/24,2001:db8::/32 name not-the-office, was rule 7'
is "it still has" 1 rule_packets

# What the kernel makes of a frame is what the command makes of the same policy.
agree() {
	local a b
	a=$("$vsegctl" -j test "$@" | jq -c '[.verdict, .reason, .pass, .rule, .rule_name]')
	b=$("$vsegctl" -j test "$@" --policy "$scratch/policy.yaml" | jq -c '[.verdict, .reason, .pass, .rule, .rule_name]')
	[[ $a && $a == "$b" ]]
	verdict $? "test $*" "the kernel: $a
the command: $b"
}
agree --from web --to db --proto tcp --dport 5432
agree --from web --to db --proto udp --dport 53 --from-address 192.0.2.9
agree --from web --to db --proto udp --dport 53 --from-address 2001:db8::9
agree --from web --to db --icmp echo-request
agree --from web --to db --icmp echo-request --from-address ::1
agree --from web --to db --ethertype arp
agree --from web --to db --ethertype ipv6 --fragment later
agree --from web --to db --proto tcp --fragment later
agree --from db --to web --class dhcp-reply
agree --from db --to host --proto tcp --sport 53
agree --from p0 --to db --proto tcp --dport 22
says 4 'guard-mac' test --from p0 --to db --frame "$(printf '04%.0s' {1..20})"
says 4 'guard-address' test --from p0 --to db --proto udp --from-address 192.0.2.8
says 2 'rules decide here' test --from web --to db
says 0 '^$' off

# --- flows ---
cat >"$scratch/flows.yaml" <<'END'
version: 1
domains: {web: 100, db: 101}
bridges: {br0: enforce}
ports:
  - {name: p0, domain: web, guard: {address: [192.0.2.7], mac: "02:00:00:00:00:00"}}
  - {name: p1, domain: db}
cells:
  - web -> db:
      rules:
        - {allow: {protocol: udp, port: 53}}
        - {allow: {protocol: tcp, port: 80}, state: false}
        - {allow: {protocol: tcp, port: 443}, revoke: keep}
        - {allow: {protocol: gre}, state: true}
settings: {state-zones: 40000-40009, state-limit: 100}
END
says 0 'generation [0-9]+ is in force' apply "$scratch/flows.yaml"
is "flows are applied again" '[false,0]' query '[.committed, (.changes | length)]' apply "$scratch/flows.yaml"
check "a policy with flows comes back" diff <("$vsegctl" policy show) \
	<("$vsegctl" policy show "$scratch/flows.yaml")
says 0 $'state: false}\n.*revoke: keep}\n.*state: true}\n' policy show
says 0 $'\n  state-limit: 100\n  state-zones: 40000-40009$' policy show
says 0 $'  rule    0\n  state   answers pass\n' test --from web --to db --proto udp --dport 53
is "answers pass, in JSON" true query .answers_pass test --from web --to db --proto udp --dport 53
is "or not" false query .answers_pass test --from web --to db --proto tcp --dport 80
says 4 'note    it passes as an answer to a flow that rule 0 of web -> db allowed' \
	test --from db --to web --proto udp --sport 53
is "what it answers, in JSON" '["web","db",0]' \
	query '.answer_to | [.cell_src, .cell_dst, .rule]' test --from db --to web --proto udp --sport 53
is "no answer" null query .answer_to test --from db --to web --proto udp --dport 53
is "no answer to what is stateless" null query .answer_to test --from db --to web --proto tcp --sport 80

ip_udp
begun() {
	[[ $(query .flows status) == 1 ]]
}
check "a flow begins" wait_for begun
says 0 $'\n  flows       1 of [0-9]+ in 1 zone; 0 refused, 0 evicted, 0 picked up' status
says 0 $'\n *400[0-9]+  br0 +0  (web +db|db +web)' zone
is "its zone in JSON" '[[0,"br0"]]' query '[.[] | [.vid, .bridge]]' zone
says 0 '^1 flow of p0, domain web' state export --port p0 -o "$scratch/flows"
# shellcheck disable=SC2016  # jq's own
is "what is exported" '[1,"p0","br0","web",1,"web","db",17,"192.0.2.7","192.0.2.2",49152,53,false,false]' \
	jq -sc '.[0] as $h | .[1] as $f | [$h.version, $h.port, $h.bridge, $h.domain, $h.flows,
		$f.from, $f.to, $f.protocol, $f.source, $f.destination, $f.source_port,
		$f.destination_port, $f.replied, $f.keep]' "$scratch/flows"
is "by an address that is said" 1 bash -c \
	"'$vsegctl' state export --port p1 --address 192.0.2.0/24 | jq -s '.[0].flows'"
is "by another one" 0 bash -c \
	"'$vsegctl' state export --port p0 --address 192.0.2.8 | jq -s '.[0].flows'"
says 2 'no guard knows which addresses the guest of p1 has; say them with --address' \
	state export --port p1
says 0 '^0 flows imported, 1 there already, 0 failed' state import "$scratch/flows" --port p0
says 2 'state import: p1 is of domain db here, and these are flows of web' \
	state import "$scratch/flows" --port p1

# Of the whole host: what wasn't answered begins again by itself.
says 0 '^0 flows$' state export --all -o "$scratch/all"
says 0 '^0 flows imported, 0 there already, 0 failed' state import "$scratch/all" --all
says 2 'state import: these are flows of a host, not of one guest: --all' \
	state import "$scratch/all" --port p0
says 2 'state import: these are flows of one guest, not of a host: --port DEV' \
	state import "$scratch/flows" --all

# On the host that it goes to nobody has seen the flow.
says 0 '^$' off
says 0 'generation [0-9]+ is in force' apply "$scratch/flows.yaml"
is "no flows of an earlier policy" '[0,0]' query '[.flows, .zones]' status
says 0 '^1 flow imported, 0 there already, 0 failed' state import "$scratch/flows" --port p0
is "it is there" 1 bash -c "'$vsegctl' state export --port p0 | jq -s '.[0].flows'"
ip_udp
check "and is counted when it goes on" wait_for begun
is "one flow, not another" 1 bash -c "'$vsegctl' state export --port p0 | jq -s '.[0].flows'"
sed 's/"to":"db"/"to":"nobody"/' "$scratch/flows" >"$scratch/wrong"
says 2 'state import: UDP 192.0.2.7:49152 -> 192.0.2.2:53, web -> nobody: this policy lacks a domain of it' \
	state import "$scratch/wrong" --port p0
says 0 '^$' cell set web db allow
says 2 '^vsegctl: state import: ' state import "$scratch/flows" --port p0
says 0 '^$' off
