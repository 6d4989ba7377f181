#!/bin/bash
# Who changed the policy: in the kernel's memory, and in its audit log.
# shellcheck source=lib.sh
NAMESPACE=init
. "${0%/*}/../lib.sh"

hv_up
lab_start
works vsegctl domain add web
policy <<'END'
domain add db
bridge add br0
policy allow web db
END
cp "$(command -v vsegctl)" "$lab_dir/a \"b"
"$lab_dir/a \"b" policy deny web db
works vsegctl rollback
works vsegctl off
dmesg | grep -o 'table=vseg.*' >"$lab_dir/audit" || :
is "log" "$(vsegctl -j log | jq -c '[.[] | [.generation, .op, .changes, .comm]]')" \
	'[[1,"commit",1,"vsegctl"],[2,"commit",3,"vsegctl"],[3,"commit",1,"a \"b"],[4,"rollback",0,"vsegctl"],[5,"off",0,"vsegctl"]]'
is "user" "$(vsegctl -j log | jq -c 'map(.uid) | unique')" '[0]'
# It remembers the latest ones.
script <<'END'
from vsegnl import *
genl = Genl()
for number in range(70):
    genl.call("domain-add", attr(SETS["domain"]["name"], f"d{number}"))
END
is "remembered" "$(vsegctl -j log | jq -c '[length, .[-1].generation - .[0].generation]')" '[64,63]'
works vsegctl off

# The kernel writes audit records to its log where no daemon takes them.
grep -q 'audit=1' /proc/cmdline || skip "the kernel runs without audit=1"
like "audit of a commit" "$(tail -n 4 "$lab_dir/audit" | sed -n 1p)" \
	'table=vseg:[0-9]+ family=7 entries=3 op=vseg_commit gen=2 auid=[0-9]+ uid=0 pid=[0-9]+ comm="vsegctl"'
like "audit of a strange name" "$(tail -n 3 "$lab_dir/audit" | sed -n 1p)" 'comm=61202262$'
like "audit of a rollback" "$(tail -n 2 "$lab_dir/audit" | sed -n 1p)" 'op=vseg_rollback gen=4 '
like "audit of off" "$(tail -n 1 "$lab_dir/audit")" 'op=vseg_off gen=5 '
