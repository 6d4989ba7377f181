#!/bin/bash
# What a policy that is not in force makes of a frame, and files of expectations:
# decided here, without the module.

# shellcheck source=tests/cli/lib.sh
. "${BASH_SOURCE[0]%/*}/lib.sh"

schema=$top/Documentation/expect.schema.json
policy=$scratch/policy.yaml
cat >"$policy" <<'END'
version: 1
domains: {web: 100, db: 101, mgmt: 102, lab: 103}
bridges: {br0: enforce}
ports:
  - {name: web0, domain: web}
  - {glob: "tap1*", domain: web}
  - {glob: "tap10*", domain: db}
  - {glob: "tap10[0-4]i0", domain: lab}
  - name: eno1
    trunk: {default: mgmt, vlans: {10: web, 20-29: db}}
  - name: eno2
    trunk: {vlans: {10: web}}
cells:
  - web -> db: allow
  - db -> mgmt: {action: deny, mode: monitor}
  - mgmt -> any: allow
  - any -> lab: deny
  - web -> host: {action: allow, log: true}
  - lab -> lab: deny
  - any -> any: {action: deny, log: true}
END

# decides STATUS REGEX WORDS...: about a frame, by the policy.
decides() {
	local want=$1 regex=$2
	shift 2
	says "$want" "$regex" test --policy "$policy" "$@"
}

# json WANT EXPRESSION WORDS...: the same in JSON, which is d in Python.
json() {
	local want=$1 expression=$2 out
	shift 2
	out=$("$vsegctl" -j test --policy "$policy" "$@" 2>&1 | python3 -c '
import json, sys
d = json.load(sys.stdin)
print(json.dumps(eval(sys.argv[1])))' "$expression" 2>&1)
	[[ $out == "$want" ]]
	verdict $? "$expression of test $*" "$out, not $want"
}

# Verdict, cell, rule, reason; where they stand in the file; the exit status.
decides 0 "^allow: web -> db.*cell    web -> db: allow \($policy:14:5\).*the cell of this pair.*reason  none" --from web --to db
decides 4 "^deny: db -> web.*cell    any -> any: deny, log \($policy:20:5\).*the cell any -> any.*reason  cell-deny" --from db --to web
decides 0 '^would-drop: db -> mgmt.*deny, monitor' --from db --to mgmt
decides 0 '^allow: web -> web.*web -> web: allow, implicit.*inside a domain' --from web --to web
decides 4 '^deny: lab -> lab.*lab -> lab: deny .*the cell of this pair' --from lab --to lab
decides 4 '^deny: host -> web.*cell    none.*no cell speaks for this pair.*default-deny' --from host --to web
decides 4 '^deny: unlabelled -> web.*what is unlabelled.*unlabelled-src' --from unlabelled --to web
decides 4 '^deny: web -> unlabelled.*unlabelled-dst' --from web --to port:nowhere
# Of two cells with a wildcard, the one that denies.
decides 4 '^deny: mgmt -> lab.*any -> lab: deny' --from mgmt --to lab
decides 0 '^allow: mgmt -> web.*mgmt -> any: allow.*a cell with any' --from mgmt --to web

# What the built-in passes make of frames.
decides 4 '^deny: db -> web' --from db --to web --ethertype ipv4
for type in arp ARP rarp 0x0806 2054; do
	decides 0 '^allow: db -> web.*built-in pass: address resolution' \
		--from db --to web --ethertype "$type"
done
decides 0 'built-in pass: address' --from db --to web --class address-resolution
decides 4 '^deny: db -> lab' --from db --to lab --ethertype arp
decides 4 '^deny: web -> lab' --from web --to lab --class query
decides 0 'built-in pass: bridge control' --from eno1 --vlan 10 --to lab --class query
decides 4 '^deny: web -> lab' --from eno1 --vlan 10 --to lab --class bpdu
{
	cat "$policy"
	echo 'settings: {address-resolution: false, bridge-control: false}'
} >"$scratch/strict.yaml"
says 4 '^deny' test --policy "$scratch/strict.yaml" --from db --to web --ethertype arp
says 4 '^deny' test --policy "$scratch/strict.yaml" --from eno1 --vlan 10 --to lab --class query

# Ports, by their names.
decides 0 "^allow: web -> db.*from    port web0: web \(name web0, $policy:5:5\).*to      port tap109i1: db \(glob tap10\*, $policy:7:5\)" --from web0 --to tap109i1
json '"lab"' 'd["dst"]' --from web --to tap103i0
json '"glob"' 'd["out_match"]' --from web --to tap103i0
json '"mgmt"' 'd["src"]' --from eno1 --to web --vlan 5
json '"db"' 'd["src"]' --from eno1 --to web --vlan 29
json '"unlabelled"' 'd["src"]' --from eno2 --to web --vlan 29
json '"name"' 'd["in_match"]' --from eno2 --to web --vlan 29
json '["web", "other", 10, "allow"]' '[d[k] for k in ("dst", "class", "vlan", "action")]' --from web --to eno1 --vlan 10
json "\"$policy:9:5\"" 'd["from_at"]' --from eno1 --to web --vlan 10
decides 1 'at a trunk port the VLAN decides; say which' --from web --to eno1
# A word that is neither is no unlabelled port, unless it is said to be one.
decides 1 '"wbe" is no domain, and no name or pattern' --from wbe --to db
decides 1 '"any" is no domain' --from web --to any
decides 4 'port wbe: unlabelled \(none\)' --from port:wbe --to db
decides 1 'there is no domain "web0" in this policy' --from domain:web0 --to db
decides 1 'there is no domain "" in' --from domain: --to db
decides 1 "can't be the name of an interface" --from port: --to db
decides 1 "can't be the name of an interface" --from port:abcdefghijklmnop --to db
decides 1 'expected PORT, DOMAIN, port:NAME or domain:NAME, not "tap:x"' --from tap:x --to db
decides 1 'not "domain:' --from "domain:$(printf 'x%.0s' {1..40})" --to db

# One that only a pattern for every name makes a port may be a misspelt domain.
sed 's/tap1\*/*/' "$policy" >"$scratch/all.yaml"
all() {
	says "$1" "$2" test --policy "$scratch/all.yaml" "${@:3}"
}
all 0 'note    "wbe" is no domain, and a port only by the pattern "\*", which any name fits; to be sure say port:wbe' --from wbe --to db
all 0 '^allow: web -> web.*note    "dbb" is no domain' --from web --to dbb
all 0 '^[^"]*$' --from port:wbe --to db
all 0 '^[^"]*$' --from web --to tap109i0
cat >"$scratch/doubt.yaml" <<'END'
version: 1
tests:
  - {from: wbe, to: db, expect: allow}
  - {from: "port:wbe", to: db, expect: allow}
END
all 0 "^$scratch/doubt.yaml:3:5: note: \"wbe\" is no domain[^\"]+\"\\*\"[^\"]+2 expectations .*, 0 not met$" --file "$scratch/doubt.yaml"

# Patterns are the kernel's, not fnmatch()'s.
while read -r pattern name fits; do
	want='port .*: a \(glob'
	[[ $fits == yes ]] || want='port .*: unlabelled \(none'
	out=$("$vsegctl" test --policy - --from "port:$name" --to a 2>&1 <<-END
		version: 1
		domains: {a: 16}
		ports: [{glob: "$pattern", domain: a}]
	END
	)
	status=0
	[[ $out =~ $want ]] || status=1
	verdict $status "pattern $pattern and $name: $fits" "$out"
done <<'END'
tap tap yes
tap tap1 no
tap* tap yes
* x yes
*a*b* xaxbx yes
*a*b* xbxax no
*ab aab yes
*aab aaab yes
t?p tap yes
t?p tp no
t[a-c]p tbp yes
t[a-c]p tdp no
t[!a-c]p tdp yes
t[!a-c]p tbp no
t[]a]p t]p yes
t[a-]p t-p yes
t[!]]p t]p no
[[:alpha:]]x ax no
[[:alpha:]]x a]x yes
a**b ab yes
END

# What isn't looked at is said, and checked all the same.
for bad in '--vlan 4095' '--vlan x' '--ethertype foo' '--ethertype 0x5ff' \
	'--ethertype 800' '--ethertype 0x10000' '--ethertype 0x' '--class arp' \
	'--proto 256' '--proto foo' '--proto tcp --dport 65536' \
	'--proto tcp --sport no-such-service'; do
	# shellcheck disable=SC2086  # words
	decides 1 "test: --[a-z]+ is .*, not \"${bad##* }\"" --from web --to db $bad
done
decides 1 'want a proto that has ports' --from web --to db --dport 80
decides 1 'want a proto that has ports' --from web --to db --proto icmp --dport 80
decides 1 'only ipv4 and ipv6 have a proto' --from web --to db --proto tcp --ethertype arp
decides 1 'class says what the frame would' --from web --to db --proto tcp --class bpdu
decides 1 'class says what ethertype would' --from web --to db --class other --ethertype arp
decides 1 'expected --from and --to, or --file' --from web
decides 1 'expected --from and --to, or --file'
decides 1 '--from is given twice' --from web --from db --to web
decides 1 'unknown option "--form"' --form web --to db
decides 1 'unknown option "web"' web db
decides 1 'expected a VLAN' --from web --to db --vlan
decides 1 '--file says all of the frames' --file "$policy" --from web

# What a name alone doesn't tell, and what monitor mode does.
sed 's/^cells:/  - {mac: "52:54:00:12:34:56", domain: db}\n  - {alias: x, domain: db}\n  - {group: 7, domain: db}\n&/; s/br0: enforce/br0: monitor/' \
	"$policy" >"$scratch/more.yaml"
says 0 'port web0 is known by its name alone; selectors by mac want' \
	test --policy "$scratch/more.yaml" --from web0 --to db
says 0 'port tap10 is known by its name alone; selectors by mac, alias want' \
	test --policy "$scratch/more.yaml" --from web --to tap10
says 4 'port x is known by its name alone; selectors by mac, alias, group want' \
	test --policy "$scratch/more.yaml" --from port:x --to db
says 4 'a bridge in monitor mode lets it pass' \
	test --policy "$scratch/more.yaml" --from db --to web
json '[]' 'd["notes"]' --from db --to web
json '[]' 'd["notes"]' --from web0 --to tap10

# Policies of several files, of a directory, and bad ones.
mkdir "$scratch/policy.d"
sed -n '1,3p' "$policy" >"$scratch/policy.d/a.yaml"
{ echo 'version: 1'; sed -n '4,$p' "$policy"; } >"$scratch/policy.d/b.yaml"
says 0 "^allow: web -> db.*$scratch/policy.d/b.yaml:12:5" \
	test --policy "$scratch/policy.d" --from web --to db
says 0 '^allow: web -> db' test --policy "$scratch/policy.d/b.yaml" \
	--from web --to db --policy "$scratch/policy.d/a.yaml"
says 1 'b.yaml:[0-9]+:5: there is no domain "[a-z]+" in this policy' \
	test --policy "$scratch/policy.d/b.yaml" --from web --to db
says 1 'No such file' test --policy "$scratch/none" --from web --to db
says 1 'expected FILE' test --from web --to db --policy
[[ $present ]] || says 3 'module not loaded' test --from web --to db
if command -v strace >/dev/null && strace -qq true 2>/dev/null; then
	strace -f -qq -e trace=socket,init_module,finit_module \
		-o "$scratch/trace" \
		"$vsegctl" test --policy "$policy" --from web --to db >/dev/null
	check "no socket is opened" test ! -s "$scratch/trace"
else
	skip "no socket is opened" "no strace"
fi

# A file of expectations: each that isn't met, with its place.
good='version: 1
tests:
  - {from: web, to: db, expect: allow}
  - {from: db, to: web, expect: deny, reason: cell-deny}
  - {from: db, to: mgmt, expect: would-drop}
  - {from: port:x, to: web, expect: deny, reason: unlabelled-src}
  - from: eno1
    to: lab
    vlan: 10
    class: query
    expect: allow
    reason: none
  - {from: db, to: web, ethertype: 0x0806, expect: allow}
  - {from: db, to: domain:web, ethertype: arp, expect: allow}
  - {from: web, to: db, proto: tcp, sport: 1024, dport: 443, expect: allow}'

# expects STATUS REGEX FILE: by the policy.
expects() {
	local out status
	out=$("$vsegctl" test --policy "$policy" --file - <<<"$3" 2>&1)
	status=$?
	[[ $status -eq $1 && $out =~ $2 ]]
	verdict $? "expectations: $2" "status $status, not $1; not like '$2': $out"
}

# but NAME FROM TO REGEX [whole]: the good one with one thing wrong; "whole"
# where it is about more than syntax.
but() {
	local bad=${good/"$2"/"$3"}
	[[ $good == *"$2"* ]] || verdict 1 "$1: '$2' isn't in the file"
	expects 1 "^vsegctl: standard input:$4" "$bad"
	[[ ! ${5-} ]] || return 0
	! by_schema "$bad" >/dev/null
	verdict $? "the schema refuses: $1"
}

expects 0 "^8 expectations of $policy, 0 not met$" "$good"
check "the schema takes them" by_schema "$good"
expects 4 'standard input:3:5: web -> db: allow, none; expected deny.*8 expectations of .*, 1 not met' \
	"${good/db, expect: allow/db, expect: deny}"
expects 4 'standard input:4:5: db -> web: deny, cell-deny; expected deny, default-deny.*, 1 not met' \
	"${good/cell-deny/default-deny}"
expects 4 'standard input:5:5: db -> mgmt: would-drop, cell-deny; expected deny.*, 1 not met' \
	"${good/would-drop/deny}"
expects 4 'standard input:7:5: eno1 -> lab: deny, cell-deny; expected allow, none.*any -> lab: deny \('"$policy:17:5"'\)' \
	"${good/class: query/class: bpdu}"
out=$("$vsegctl" -j test --policy "$policy" --file - <<<"${good/db, expect: allow/db, expect: deny}" |
	python3 -c 'import json, sys; print([(e["line"], e["met"]) for e in json.load(sys.stdin)][:2])')
check "expectations in JSON" test "$out" = "[(3, False), (4, True)]"
check "a mistake leaves no half of JSON" test -z "$("$vsegctl" -j test \
	--policy "$policy" --file - <<<"$good
  - {from: nobody, to: db, expect: deny}" 2>/dev/null)"

but 'unknown key' 'vlan: 10' 'vlna: 10' '9:5: unknown key "vlna", expected one of: from, to'
but 'a key twice' 'vlan: 10' $'vlan: 10\n    vlan: 11' '10:5: "vlan" is given twice' whole
but 'no from' '{from: web, to: db, expect' '{to: db, expect' '3:5: an expectation lacks "from"'
but 'no expect' 'to: db, expect: allow' 'to: db' '3:5: an expectation lacks "expect"'
but 'expect' 'expect: would-drop' 'expect: drop' '5:34: expected allow, deny or would-drop, not "drop"'
but 'reason' 'cell-deny' 'cell' '4:47: expected a reason: none, default-deny'
but 'reason of a way' 'cell-deny' 'flood' '4:47: expected a reason: none, default-deny'
but 'VLAN' 'vlan: 10' 'vlan: 4095' '9:11: expected a VLAN, 0 to 4094, not "4095"'
but 'VLAN quoted' 'vlan: 10' 'vlan: "10"' '9:11: expected a VLAN'
but 'VLAN a list' 'vlan: 10' 'vlan: [10]' '9:11: expected a VLAN, 0 to 4094, not a list'
but 'class' 'class: query' 'class: arp' '10:12: expected other, address-resolution'
but 'ethertype' 'ethertype: 0x0806' 'ethertype: 0x05' '13:36: expected an EtherType'
but 'both' 'class: query' $'class: query\n    ethertype: ip' '7:5: class says what ethertype would'
but 'port without proto' 'proto: tcp, ' '' '15:5: sport and dport want a proto'
but 'port' '443' '65536' '15:57: expected a port'
but 'end' 'from: web, to: db, expect' 'from: "", to: db, expect' '3:12: expected PORT, DOMAIN'
but 'no such domain' '{from: web, to: db, expect' '{from: web, to: bd, expect' '3:5: test: "bd" is no domain' whole
but 'trunk without VLAN' $'    vlan: 10\n' '' '7:5: test: at a trunk port the VLAN decides' whole
but 'version' 'version: 1' 'version: 2' '1:10: expected the version'
but 'a second document' 'tests:' $'---\ntests:' '3:1: a second document' whole
expects 1 'standard input:1:1: a file of expectations lacks "tests"' 'version: 1'
expects 1 'standard input:2:8: expected a list of expectations' $'version: 1\ntests: []'
expects 1 'expected a list of expectations' $'version: 1\ntests:'
expects 1 'standard input:2:8: expected a list of expectations' $'version: 1\ntests: {}'
says 1 'empty; a file of expectations begins with' test --file /dev/null --policy "$policy"
says 1 'No such file' test --file "$scratch/none" --policy "$policy"
says 1 'given twice' test --file a --file b
