#!/bin/bash
# shellcheck disable=SC2319  # verdict takes the status of the condition before it
# Flows from a file into connection tracking and back, and files that are none.

# shellcheck source=tests/cli/lib.sh
. "${BASH_SOURCE[0]%/*}/lib.sh"

base='{"version":1,"port":"vnet0","bridge":"br0","domain":"web","flows":4}
{"from":"web","to":"db","protocol":6,"source":"10.0.0.1","destination":"10.0.0.2","source_port":4000,"destination_port":22,"timeout":400,"replied":true,"assured":true,"keep":false,"tcp_state":"established","tcp_scale":7,"tcp_scale_back":9,"tcp_flags":35,"tcp_flags_back":35}
{"from":"web","to":"db","vlan":7,"protocol":17,"source":"fd00::1","destination":"fd00::2","source_port":4000,"destination_port":53,"timeout":30,"replied":true,"assured":false,"keep":true}
{"from":"db","to":"web","protocol":1,"source":"10.0.0.2","destination":"10.0.0.1","icmp_id":7,"icmp_type":8,"icmp_code":0,"timeout":30,"replied":false,"assured":false,"keep":false}
{"from":"web","to":"db","protocol":58,"source":"fd00::1","destination":"fd00::2","icmp_id":9,"icmp_type":128,"icmp_code":0,"timeout":30,"replied":true,"assured":false,"keep":false}'

# flows STATUS REGEX TEXT: a file of TEXT for import.
flows() {
	local out status
	printf '%s\n' "$3" >"$scratch/flows"
	out=$("$vsegctl" state import "$scratch/flows" --port vnet9 2>&1)
	status=$?
	[[ $status -eq $1 && $out =~ $2 ]]
	verdict $? "import: $2" "status $status, not like '$2': $out"
}

# broken WHAT WITH REGEX: the file with a mistake.
broken() {
	[[ $base == *"$1"* ]] || verdict 1 "'$1' isn't in the base"
	flows 1 "^vsegctl: $scratch/flows:$3" "${base/"$1"/"$2"}"
}

says 1 'expected --port DEV' state export
says 1 'expected --port DEV' state
says 1 'expected --port DEV' state import
says 1 'expected DEV' state export --port
says 1 '--port is given twice' state export --port a --port b
says 1 'expected ADDRESS' state export --port a --address
says 1 'expected an address' state export --port a --address 10.0.0.1,web
says 1 "option '-o' requires an argument" state export --port a -o
says 1 'expected --port, --all, --address or -o, not "x"' state export x
says 1 'expected --port or --all, not "b"' state import a b --port p
says 1 '--all does.*t go with --port' state export --all --port p
says 1 '--all does.*t go with --port' state import --port p --all
says 1 '--all does.*t go with --address' state export --all --address 10.0.0.1
says 1 'nosuchfile: No such file' state import "$scratch/nosuchfile" --port p
says 1 'standard input: empty' state import --port p </dev/null

broken '"version":1' '"version":2' '1: version 2 is none that this program knows, 1 is'
broken '"version":1,' '' '1: it begins with no "version"'
broken '"flows":4' '"flows":5' ' 4 flows, and 5 were written: the file is cut off'
broken '"flows":4' '"flow":4' '1: unknown key "flow"'
broken '{"from":"web","to":"db","vlan"' '["from","vlan"' '3: expected an object of JSON'
broken '"timeout":400,' '' '2: a flow lacks one of from, to'
broken '"source_port":4000,' '' '2: a flow lacks its ports or state'
broken '"tcp_state":"established",' '' '2: a flow lacks its ports or state'
broken '"icmp_id":7,' '' '4: a flow lacks its icmp_id'
broken '"established"' '"open"' '2: "tcp_state": expected a state of TCP.*, not open'
broken '"source":"10.0.0.1"' '"source":"fd00::1"' '2: no flow is of IPv4 and of IPv6'
broken '"source":"10.0.0.1"' '"source":"10.0.0"' '2: "source": expected an address, not 10.0.0'
broken '"source_port":4000' '"source_port":65536' '2: "source_port": expected a number'
broken '"vlan":7' '"vlan":4095' '3: "vlan": expected a number'
broken '"timeout":400' '"timeout":-1' '2: "timeout": expected a number'
broken '"timeout":400' '"timeout":"400"' '2: "timeout": expected a number'
broken '"keep":true' '"keep":1' '3: "keep": expected true or false, not 1'
broken '"from":"web"' '"from":""' '2: "from": expected a name'
broken '"from":"web"' "\"from\":\"$(printf 'x%.0s' {1..32})\"" '2: "from": expected a name'
broken '"keep":true' '"keep":true,"colour":1' '3: unknown key "colour"'
flows 1 "flows:2: the line is cut off, or too long" \
	"${base%%$'\n'*}"$'\n'"$(printf '{"from":"%05000d"}' 1)"
flows 1 "flows:1: " 'version: 1'
flows 1 "flows:1: expected an object of JSON" '[]'

if [[ $present ]]; then
	skip "without the module" "it is loaded"
else
	flows 3 'module not loaded' "$base"
	says 3 'module not loaded' state export --port p --address 10.0.0.0/8,fd00::1
fi

# The kernel takes each of them, once, and gives the same back.
ct_test=${NL_TEST%/*}/ct-test
if [[ ! ${NL_TEST-} || ! -x $ct_test ]] ||
	! unshare --net test -e /proc/sys/net/netfilter 2>/dev/null; then
	skip "connection tracking" "no ct-test, or not root"
	exit
fi
printf '%s\n' "$base" >"$scratch/flows"
unshare --net "$ct_test" "$scratch/flows" 33000 0x640065 >"$scratch/got" 2>"$scratch/err"
verdict $? "flows are made, and not twice" "$(<"$scratch/err")"
python3 - "$scratch/flows" "$scratch/got" <<'END'
import json, sys
want = [json.loads(l) for l in open(sys.argv[1])][1:]
got = [json.loads(l) for l in open(sys.argv[2])]
key = lambda f: (f["protocol"], f["source"])
assert len(want) == len(got), got
for w, g in zip(sorted(want, key=key), sorted(got, key=key)):
    assert (g.pop("zone"), g.pop("mark")) == (33000, 0x640065), g
    assert 0 <= w["timeout"] - g.pop("timeout") < 20, (w, g)
    for name in ("from", "to", "vlan", "timeout"):
        w.pop(name, None)
    if g["protocol"] == 6:      # windows aren't looked at
        w["tcp_flags"] |= 8
        w["tcp_flags_back"] |= 8
    # There are labels only where something asks for them: the module does.
    assert w.pop("keep") or not g["keep"]
    g.pop("keep")
    assert w == g, (w, g)
END
verdict $? "what is there is what was given"
