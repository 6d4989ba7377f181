#!/bin/bash
# Who changed the policy: in the kernel's memory, and in its audit log.
# kernels: one
# shellcheck source=lib.sh
NAMESPACE=init
. "${0%/*}/../lib.sh"

# The kernel's own log may leave records out, since it limits their rate; who
# listens as an audit daemon would gets all of them.
listen() {
	exec python3 -S - "$1" <<'END'
import socket
import sys

NETLINK_AUDIT, READLOG, SOL_NETLINK, ADD_MEMBERSHIP = 9, 1, 270, 1
sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_AUDIT)
sock.bind((0, 0))
sock.setsockopt(SOL_NETLINK, ADD_MEMBERSHIP, READLOG)
with open(sys.argv[1], "w", encoding="utf-8", buffering=1) as file:
    while True:
        text = sock.recv(65536)[16:].decode(errors="replace")
        if "table=vseg" in text:
            print("table" + text.rstrip("\0").partition("table")[2], file=file)
END
}

# recorded N: as many generations are.
recorded() {
	[[ $(wc -l <"$lab_dir/audit") -ge $1 ]]
}

hv_up
lab_start
audited=$(grep -o 'audit=1' /proc/cmdline) || :
if [[ $audited ]]; then
	listen "$lab_dir/audit" &
	listener=$!
	soon 20 test -e "$lab_dir/audit"
fi
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
is "log" "$(vsegctl -j log | jq -c '[.[] | [.generation, .op, .changes, .comm]]')" \
	'[[1,"commit",1,"vsegctl"],[2,"commit",3,"vsegctl"],[3,"commit",1,"a \"b"],[4,"rollback",0,"vsegctl"],[5,"off",0,"vsegctl"]]'
is "user" "$(vsegctl -j log | jq -c 'map(.uid) | unique')" '[0]'
# What nobody confirmed goes back, and that is the kernel's own.
expired() {
	vsegctl -j log | jq -e '.[-1].op == "expired"'
}
printf 'version: 1\ndomains: {web: 100}\n' >"$lab_dir/policy.yaml"
works vsegctl apply "$lab_dir/policy.yaml" --confirm 1
soon 20 expired
is "by nobody" "$(vsegctl -j log | jq -c '.[-1] | [.generation, has("pid"), has("comm")]')" \
	'[7,false,false]'
# It remembers the latest ones.
script <<'END'
from vsegnl import *
genl = Genl()
for number in range(70):
    genl.call("domain-add", attr(SETS["domain"]["name"], f"d{number}"))
END
is "remembered" "$(vsegctl -j log | jq -c '[length, .[-1].generation - .[0].generation]')" '[64,63]'
works vsegctl off

[[ $audited ]] || skip "the kernel runs without audit=1"
soon 20 recorded 7
record() {
	sed -n "$1p" "$lab_dir/audit"
}
like "audit of a commit" "$(record 2)" \
	'^table=vseg:[0-9]+ family=7 entries=3 op=vseg_commit gen=2 auid=[0-9]+ uid=0 pid=[0-9]+ comm="vsegctl"'
like "audit of a strange name" "$(record 3)" 'op=vseg_commit gen=3 .*comm=61202262$'
like "audit of a rollback" "$(record 4)" 'op=vseg_rollback gen=4 '
like "audit of off" "$(record 5)" 'op=vseg_off gen=5 '
like "audit of what wants to be confirmed" "$(record 6)" 'op=vseg_commit gen=6 confirm=1 .*uid=0 '
like "audit of what nobody did" "$(record 7)" \
	'op=vseg_expired gen=7 auid=4294967295 uid=0 pid=0 comm="kernel"$'
kill "$listener"
