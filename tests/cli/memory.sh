#!/bin/bash
# Nothing is leaked and nothing is read that isn't there.

# shellcheck source=tests/cli/lib.sh
. "${BASH_SOURCE[0]%/*}/lib.sh"

if ! command -v valgrind >/dev/null; then
	skip "all" "no valgrind"
	exit
fi

# clean STATUS WORDS...: the command ends so, under valgrind.
clean() {
	local want=$1 out status
	shift
	out=$(valgrind -q --error-exitcode=99 --leak-check=full \
		--show-leak-kinds=all --errors-for-leak-kinds=definite,indirect,possible \
		--child-silent-after-fork=yes "$vsegctl" "$@" 2>&1 </dev/null)
	status=$?
	[[ $status -eq $want ]]
	verdict $? "valgrind vsegctl $*" "status $status, not $want:
$out"
}

absent=3
[[ ! $present ]] || absent=0
clean 0 --help
clean 0 port --help
clean 0 complete objects
clean 1
clean 1 frob
clean 1 bridge frob
clean 1 status -o -zzzzzzzz -zzzzzzzz -zzzzzzzz
clean 1 domain add web id 3
clean 1 port bind up0 trunk vlan 1 a vlan 2 b vlan x c
clean 1 policy set unmanaged drop flood-events maybe
clean "$absent" status
printf 'domain add a\nport bind x trunk vlan 1 a vlan 2-3 b\nfrob\n' \
	>"$scratch/bad"
clean 1 -b "$scratch/bad"
cat >"$scratch/policy" <<'END'
version: 1
domains: {a: 16, b: 17}
ports: [{glob: "p*", domain: a}, {name: t, trunk: {default: a, vlans: {1-9: b}}}]
cells: [a -> b: allow, any -> any: {action: deny, mode: monitor}]
END
cat >"$scratch/expect" <<'END'
version: 1
tests: [{from: p1, to: t, vlan: 3, expect: deny, reason: cell-deny}]
END
clean 0 test --policy "$scratch/policy" --from p1 --to t --vlan 3
clean 4 test --policy "$scratch/policy" --from port:q --to a
clean 4 -j test --policy "$scratch/policy" --file "$scratch/expect"
clean 1 test --policy "$scratch/policy" --from p1 --to t
clean 1 test --policy "$scratch/expect" --file "$scratch/policy"
cat >"$scratch/rules" <<'END'
version: 1
domains: {a: 16, b: {id: 17, permit: router, intra: isolate}}
services: {pg: tcp 5432}
prefixes: {office: [10.0.0.0/8, "fd00::/8"]}
ports: [{name: p, domain: a, guard: {mac: "52:54:00:12:34:56", address: [10.0.0.1]}}]
cells:
  - a <-> b:
      rules:
        - {allow: {service: [pg, https], from: office}, name: n, comment: c}
        - {deny: {icmp: echo-request}, log: true}
      services: dhcp
END
sed 's/office}/nowhere}/' "$scratch/rules" >"$scratch/wrong"
clean 0 policy show "$scratch/rules"
clean 0 -j policy show "$scratch/rules"
clean 1 policy show "$scratch/wrong"
clean 4 test --policy "$scratch/rules" --from a --to b --icmp 8
clean 4 test --policy "$scratch/rules" --from b --to a --proto tcp --sport 5432
clean 1 rule add a b icmp echo-request port 3 name x comment y
clean 1 rule add a b any keep
clean 1 state export --port p --address 10.0.0.1,x
printf '{"version":1,"domain":"a","flows":1}\n{"from":"a","colour":1}\n' >"$scratch/flows"
clean 1 state import "$scratch/flows" --port p
clean 1 port bind p a mac 52:54:00:12:34:56 address 10.0.0.1/8
if [[ ! $present ]]; then
	printf 'domain add a\nport bind x trunk vlan 1 a vlan 2-3 b\n' \
		>"$scratch/good"
	clean 3 -b "$scratch/good"
	clean 3 port bind up0 trunk vlan 1 a vlan 2 b
	clean 3 rule add a b icmp echo-request name x comment y
	clean 3 port bind p a mac 52:54:00:12:34:56 address 10.0.0.0/8
	clean 3 monitor
fi
