#!/bin/bash
# A commit that nobody confirms is taken back by the kernel, whoever died.
# kernels: one
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

inactive() {
	[[ $(vsegctl -j status | jq .active) == false ]]
}

expired() {
	vsegctl -j log | jq -e '.[-1].op == "expired"'
}

lab_up
taps a0 b0 c0
cat >"$lab_dir/first" <<'END'
version: 1
domains: {web: 100, db: 101}
bridges: {br0: enforce}
ports:
  - {name: a0, domain: web}
  - {name: b0, domain: db}
cells:
  - web -> db: allow
END
sed 's/web -> db: allow/web -> db: deny/; s/db: 101/db: 101, new: 102/' \
	"$lab_dir/first" >"$lab_dir/second"

works vsegctl apply "$lab_dir/first"
expect a0 b0 udp : b0=pass
lab listen config

# Confirmed in time: it stays.
works vsegctl apply "$lab_dir/second" --confirm 60
event config event=commit generation=2
like "status" "$(vsegctl status)" 'generation 2 waits for vsegctl confirm'
expect a0 b0 udp : b0=cell-deny
refused 'another generation' vsegctl confirm 1
works vsegctl confirm 2
event config event=confirm generation=2
refused 'no commit waits' vsegctl confirm
works vsegctl apply "$lab_dir/first"
event config event=commit generation=3

# While it waits, ports are bound, and nothing else is changed.
works vsegctl apply "$lab_dir/second" --confirm 8
event config event=commit generation=4
refused 'waits for its confirmation' vsegctl policy allow db web
refused 'waits for its confirmation' vsegctl apply "$lab_dir/first"
works vsegctl port bind c0 new
event config event=commit generation=5
is "bound" "$(vsegctl -j port show c0 | jq -r '.[0].domain')" new
expect a0 b0 udp : b0=cell-deny

# Nobody does: the policy before is back, but for what it doesn't know.
soon 30 expired
event config event=rollback
expect a0 b0 udp : b0=pass
is "a domain that is gone" "$(vsegctl -j port show c0 | jq -r '.[0].kind')" unlabelled
is "the last" "$(vsegctl -j log | jq -c '.[-1] | [.op, has("pid")]')" '["expired",false]'
refused 'no commit waits' vsegctl confirm
works vsegctl apply "$lab_dir/first"

# Before there was a policy, there was none.
works vsegctl off
works vsegctl apply "$lab_dir/first" --confirm 1
expect a0 b0 udp : b0=pass
soon 10 inactive
expect b0 a0 udp : a0=through

# Only of a policy: a port that is bound would stay.
works vsegctl apply "$lab_dir/first"
script <<'END'
from vsegnl import *
genl = Genl()
T = SETS["txn"]
cookie = genl.call("begin")[0]["cookie"]
genl.call("port-bind", [attr(SETS["port"]["cookie"], u64(cookie)),
                        attr(SETS["port"]["ifname"], "c0"),
                        attr(SETS["port"]["domain"], "web")])
try:
    genl.call("commit", [attr(T["cookie"], u64(cookie)),
                         attr(T["confirm"], u32(5))])
except Refused as why:
    if "bind ports apart" not in why.msg:
        raise
else:
    raise Failed("a bind waits for its confirmation")
END
