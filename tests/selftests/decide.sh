#!/bin/bash
# What the kernel says it would do is what it does.
# kernels: one
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

lab_up
taps a0 b0 u0
policy <<'END'
bridge add br0
domain add web
domain add db
domain add ops
selector add glob a* web
selector add name b0 db
selector add name up0 trunk default ops vlan 10-19 web
policy allow web any
policy deny web db
policy allow any ops
END
script <<'END'
from vsegnl import *
genl = Genl()
D = SETS["decision"]
def decide(want, cookie=None, **ends):
    data = [attr(D[key.replace("_", "-")], u32(value) if isinstance(value, int)
                 else value) for key, value in ends.items()]
    if cookie:
        data.append(attr(D["cookie"], u64(cookie)))
    have = genl.call("decide", data)[0]
    for key, value in want.items():
        if have.get(key.replace("_", "-")) != value:
            raise Failed(f"{ends}: {key} is {have.get(key)!r}, expected "
                         f"{value!r}: {have}")
def refused(text, **ends):
    try:
        decide({}, **ends)
    except Refused as why:
        if text not in why.msg:
            raise Failed(f"{why.msg}, expected {text}") from why
    else:
        raise Failed(f"{ends}: taken")
decide({"reason": "cell-deny", "cell_src": "web", "cell_dst": "db",
        "action": "deny"}, src="web", dst="db")
decide({"reason": "none", "cell_src": "web", "cell_dst": "any",
        "pass": 0}, src="web", dst="ops")
decide({"reason": "default-deny", "cell_src": None}, src="db", dst="web")
decide({"reason": "none", "pass": 1}, src="ops", dst="web", **{"class": 1})
decide({"reason": "default-deny"}, src="ops", dst="web")
decide({"src": "web", "dst": "db", "in_match": "glob", "out_match": "name",
        "reason": "cell-deny"}, in_ifname="a0", out_ifname="b0")
decide({"src": "unlabelled", "reason": "unlabelled-src", "in_match": "none"},
       in_ifname="u0", dst="db")
decide({"src": "web", "in_match": "glob"}, in_ifname="a-not-there", dst="db")
decide({"src": "web"}, in_ifname="up0", vlan=12, dst="db")
decide({"src": "ops"}, in_ifname="up0", vlan=20, dst="db")
refused("an end of the frame is missing", src="web")
refused("a domain or a port", src="web", in_ifname="a0", dst="db")
refused("no domain of this name", src="nobody", dst="db")
refused("the VLAN decides", in_ifname="up0", dst="db")

# By a transaction that isn't committed, and never is.
cookie = genl.call("begin")[0]["cookie"]
genl.call("cell-set", [attr(SETS["cell"]["cookie"], u64(cookie)),
                       attr(SETS["cell"]["src"], "web"),
                       attr(SETS["cell"]["dst"], "db"),
                       attr(SETS["cell"]["action"], u32(1))])
decide({"reason": "none"}, cookie, src="web", dst="db")
decide({"reason": "cell-deny"}, src="web", dst="db")
T = SETS["txn"]
reply = genl.call("commit", [attr(T["cookie"], u64(cookie)),
                             attr(T["flags"], u32(2))])[0]
if reply["generation"] != 1:
    raise Failed(f"a check made a generation: {reply}")
decide({"reason": "none"}, cookie, src="web", dst="db")
genl.call("abort", attr(T["cookie"], u64(cookie)))
END
expect a0 b0 udp : b0=cell-deny
sums
