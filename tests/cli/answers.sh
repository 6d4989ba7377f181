#!/bin/bash
# shellcheck disable=SC2319  # verdict takes the status of the condition before it
# The test of a frame says when its answers pass, and when it passes as one.

# shellcheck source=tests/cli/lib.sh
. "${BASH_SOURCE[0]%/*}/lib.sh"

cat >"$scratch/policy" <<'END'
version: 1
domains: {web: 100, db: 101, lab: 102, infra: {id: 103, intra: isolate}}
ports:
  - {name: w0, domain: web}
  - {name: d0, domain: db}
cells:
  - web -> db:
      rules:
        - {deny: {protocol: tcp, port: 23}}
        - {allow: {protocol: tcp, port: [22, 443]}}
        - {allow: {protocol: udp, port: 514}, state: false}
        - {allow: {protocol: udp}, name: all-udp}
        - {allow: {icmp: echo-request}}
        - {allow: {protocol: tcp, from: 10.9.0.0/16, port: 80}}
        - {allow: {protocol: gre}, state: true}
  - db -> web: {action: deny, mode: monitor}
  - lab -> any: {rules: [{allow: {protocol: tcp}}]}
END

# answers WANTED WORDS...: [do answers pass, cell and rule of what it answers].
answers() {
	local want=$1 out
	shift
	out=$("$vsegctl" -j test --policy "$scratch/policy" "$@" | python3 -c '
import json, sys
d = json.load(sys.stdin)
to = d.get("answer_to")
print(d["answers_pass"], *([to["cell_src"], to["cell_dst"], to["rule"]] if to else []))
notes = [n for n in d["notes"] if "as an answer to a flow" in n]
assert len(notes) == bool(to), notes')
	[[ $out == "$want" ]]
	verdict $? "test $*" "wanted: $want
got: $out"
}

# What a stateful rule lets through is answered; what another one does, isn't.
answers True --from web --to db --proto tcp --dport 22
answers True --from w0 --to d0 --proto tcp --dport 443
answers True --from web --to db --proto udp --dport 53
answers False --from web --to db --proto udp --dport 514
answers False --from web --to db --proto tcp --dport 23
answers False --from web --to db --proto tcp --dport 25
answers True --from web --to db --icmp echo-request
answers True --from web --to db --icmp 128 --proto icmpv6
answers True --from web --to db --proto gre
answers False --from web --to web --proto tcp --dport 22

# The answer, by what it would answer: its cell monitors, or there is none.
answers 'False web db 1' --from db --to web --proto tcp --sport 22
answers 'False web db 1' --from d0 --to w0 --proto tcp --sport 22 --dport 40000
answers 'False web db 1' --from db --to web --proto tcp --sport 22 --tcp-flags syn,ack
answers 'False web db 1' --from db --to web --proto tcp --sport 22 --tcp-flags rst
answers 'False web db 1' --from db --to web --proto tcp --sport 22 --from-address fd00::1
answers 'False web db 3' --from db --to web --proto udp --sport 53
answers 'False web db 4' --from db --to web --icmp echo-reply
answers 'False web db 5' --from db --to web --icmp 129 --proto icmpv6
answers 'False web db 7' --from db --to web --proto gre
answers 'False web db 6' --from db --to web --proto tcp --sport 80 --to-address 10.9.1.1
answers False --from db --to web --proto tcp --sport 80 --to-address 10.8.1.1
answers False --from db --to web --proto tcp --sport 80 --from-address 10.9.1.1
# By a cell with any, and to it.
answers 'False lab any 0' --from db --to lab --proto tcp --sport 5
answers False --from db --to lab --proto udp --sport 5

# What is none: it begins something, or what it would answer is denied or stateless.
answers False --from db --to web --proto tcp --dport 22
answers False --from db --to web --proto tcp --sport 23
answers False --from db --to web --proto udp --sport 514
answers False --from db --to web --icmp echo-request
answers False --from db --to web --proto 99
answers False --from db --to web --ethertype arp
answers False --from infra --to infra --proto tcp --dport 22
answers False --from infra --to web --proto tcp --sport 22
answers False --from db --to web --proto tcp --fragment later
answers 'False web db 1' --from db --to web --proto tcp --sport 22 --fragment first

# By all of its bytes, options of IP included; and cut off.
ether=0200000000010200000000020800
tcp=0016c00000000000000000005012ffff00000000
answers 'False web db 1' --from db --to web \
	--frame "${ether}450000280001000040060000c0000202c0000201$tcp"
answers 'False web db 1' --from db --to web \
	--frame "${ether}4600002c0001000040060000c0000202c000020101010101$tcp"
answers False --from db --to web --frame 020000000001020000000002080045000028
answers False --from db --to web --frame 02000000000102000000000208004f0000280001000040060000c0000202c0000201

says 0 $'  rule    1: allow protocol tcp port 22,443 .*\n  state   answers pass\n' \
	test --policy "$scratch/policy" --from web --to db --proto tcp --dport 22
says 0 '  note    it passes as an answer to a flow that rule 1 of web -> db allowed; whether there is one wasn.t asked' \
	test --policy "$scratch/policy" --from db --to web --proto tcp --sport 22
says 4 '  note    it passes as an answer to a flow that rule 0 of lab -> any' \
	test --policy "$scratch/policy" --from db --to lab --proto tcp --sport 22
