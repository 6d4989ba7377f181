#!/bin/bash
# Rules, services and questions that can't be are refused, each with words and the place.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

hv_up
bridge_up br0
policy <<'END'
bridge add br0
domain add web
domain add db
cell set web db rules
cell set db web allow
END
script <<'END'
from check import *
from vsegnl import CONSTS, ENUMS, Genl
genl = Genl()
before = vsegnl.state(genl)
CELL = {"src": "web", "dst": "db"}
FIELD = ENUMS["match-field"]

def rule(want, says, at=None, missing=None, **values):
    refused(genl, want, "rule-add", says, at, missing, **{**CELL, **values})

def match(says, field, want="EINVAL", **values):
    """A match that is refused: among others, so that it is the second."""
    good = attrs("match", field=FIELD["protocol"], first=6)
    bad = attrs("match", field=FIELD[field], **values)
    refused(genl, want, "rule-add", says, action=1, match=([good], [bad]),
            **CELL)

rule("EINVAL", "action of the rule missing", missing="action")
rule("EINVAL", "a rule allows or denies", "action", action=2)
rule("ERANGE", "", "action", action=3)
rule("EINVAL", "", "flags", action=1, flags=8)
rule("ENOENT", "no rule before this place", "index", action=1, index=1)
rule("EINVAL", "control characters", "name", action=1, name="a\tb")
rule("EINVAL", "control characters", "comment", action=1, comment="\x1b[2J")
rule("EINVAL", "", "name", action=1, name="n" * 64)
rule("EINVAL", "", "comment", action=1, comment="n" * 256)
rule("EINVAL", "given twice", data=None, action=1, name=("a", "b"))
refused(genl, "EINVAL", "rule-add", "isn't rules", "src", src="db", dst="web",
        action=1)
refused(genl, "ENOENT", "rule-add", "no such cell", "src", src="web",
        dst="any", action=1)
refused(genl, "ENOENT", "rule-add", "no domain of this name", "dst", src="web",
        dst="nobody", action=1)
refused(genl, "EINVAL", "rule-del", "source or destination", missing="src")
refused(genl, "ENOENT", "rule-del", "no rule at this place", "index", index=0,
        **CELL)

match("no value of this field is that large", "protocol", first=256)
match("no value of this field is that large", "source-port", first=65536)
match("no value of this field is that large", "destination-port", first=1,
      last=65536)
match("no value of this field is that large", "vlan", first=4095)
match("no value of this field is that large", "ethertype", first=1 << 31)
match("no value of this field is that large", "icmp", first=65536)
match("no value of this field is that large", "fragment", first=3)
match("before the first", "destination-port", first=80, last=79)
match("missing", "destination-port")
match("missing", "destination-port", last=80)
match("isn't made of that", "destination-port", first=80, mask=1)
match("isn't made of that", "destination-port", first=80, prefix=8)
match("isn't made of that", "protocol", first=6, address=b"\x0a\0\0\0")
match("isn't made of that", "tcp-flags", first=2, last=3, mask=2)
match("a mask of 0", "tcp-flags", first=0, mask=0)
match("isn't looked at", "tcp-flags", first=2, mask=1)
match("missing", "source")
match("isn't made of that", "source", first=1)
match("4 bytes or 16", "source", address=b"\x0a" * 5)
match("", "source", "ERANGE", address=b"\x0a" * 3)
match("", "source", "ERANGE", address=b"\x0a" * 17)
match("32 bits", "source", address=b"\x0a\0\0\0", prefix=33)
match("", "source", "ERANGE", address=b"\x0a" * 16, prefix=129)
match("behind its prefix", "destination", address=b"\x0a\0\0\1", prefix=8)
match("behind its prefix", "destination", address=b"\xfd" + b"\0" * 14 + b"\1",
      prefix=127)
match("given twice", "protocol", first=(u32(6), u32(17)))
refused(genl, "EINVAL", "rule-add", "missing", action=1,
        match=[attrs("match", first=6)], **CELL)
one = attrs("match", field=FIELD["protocol"], first=6)
refused(genl, "ENOSPC", "rule-add", "1024 is the most", action=1,
        match=tuple([one] for _ in range(CONSTS["max-matches"] + 1)), **CELL)

refused(genl, "EINVAL", "cell-set", "", "services", services=16, action=1,
        **CELL)
refused(genl, "ERANGE", "cell-set", "", "action", action=3, **CELL)
refused(genl, "EINVAL", "cell-set", "isolates guests", "flags", action=1,
        flags=8, **CELL)
refused(genl, "EINVAL", "decide", "give the frame's bytes", **CELL)
refused(genl, "EINVAL", "decide", "give one of both", "class", frame=b"\0" * 60,
        **CELL, **{"class": 1})
refused(genl, "ERANGE", "decide", "", "frame", frame=b"\0" * 13, **CELL)
refused(genl, "ERANGE", "decide", "", "frame", frame=b"\0" * 1025, **CELL)
same_state(genl, before, "after all of that")

# What can be, is shown as it was given.
given = [
    attrs("match", field=FIELD["source"], address=b"\x0a\1\0\0", prefix=16),
    attrs("match", field=FIELD["destination"],
          address=b"\xfd" + b"\0" * 15, prefix=8),
    attrs("match", field=FIELD["destination-port"], first=80, last=90),
    attrs("match", field=FIELD["tcp-flags"], first=2, mask=18),
]
ask(genl, "rule-add", action=0, flags=1, name="grüße", comment="x y",
    match=tuple([one] for one in given), **CELL)
have = genl.dump("rule-get")[0]
equal("matches", have["match"], [
    {"field": "source", "address": "10.1.0.0", "prefix": 16},
    {"field": "destination", "address": "fd00::", "prefix": 8},
    {"field": "destination-port", "first": 80, "last": 90},
    {"field": "tcp-flags", "first": 2, "mask": 18}])
equal("name", have["name"], "grüße".encode().decode(errors="backslashreplace"))
equal("what else", [have[key] for key in ("action", "flags", "comment",
                                          "index", "packets")],
      ["deny", 1, "x y", 0, 0])

# A rule as long as one may be, among others: nothing is lost, none is cut.
ask(genl, "rule-add", action=1, match=tuple(
    [attrs("match", field=FIELD["destination"],
           address=b"\xfd" + bytes(13) + bytes([n >> 8, n & 255]))]
    for n in range(CONSTS["max-matches"])), **CELL)
cookie = ask(genl, "begin")["cookie"]
for n in range(3000):
    ask(genl, "rule-add", cookie=cookie, action=n % 2, name=f"r{n}",
        match=[attrs("match", field=FIELD["destination-port"], first=n)],
        **CELL)
ask(genl, "commit", cookie=cookie)
rules = genl.dump("rule-get")
equal("rules", len(rules), 3002)
equal("order", [one["index"] for one in rules], list(range(3002)))
equal("long", len(rules[1]["match"]), CONSTS["max-matches"])
equal("names", [one["name"] for one in rules[2:]],
      [f"r{n}" for n in range(3000)])
equal("of one cell", len(genl.call("rule-get", attrs("rule", **CELL),
                                   dump=True)), 3002)
equal("of another", len(genl.call("rule-get", attrs("rule", src="db",
                                                    dst="web"), dump=True)), 0)
cookie = ask(genl, "begin")["cookie"]
for n in range(4096 - 3002):
    ask(genl, "rule-add", cookie=cookie, action=1, **CELL)
rule("ENOSPC", "4096 is the most", action=1, cookie=cookie)
ask(genl, "abort", cookie=cookie)

# Questions: by the frame's bytes, of what is in force or of a transaction.
def decides(port, want, **values):
    udp = bytes(12) + b"\x08\0" + bytes.fromhex(
        "4500001c00000000401100000a0000010a000002") + (
            (1000).to_bytes(2, "big") + port.to_bytes(2, "big") + b"\0\x08\0\0")
    have = ask(genl, "decide", frame=udp, **CELL, **values)
    for key, value in want.items():
        equal(f"port {port}, {key}", have.get(key), value)
decides(7, {"reason": "none", "rule": 9, "rule-name": "r7", "action": "rules"})
decides(8, {"reason": "rule-deny", "rule": 10, "rule-name": "r8"})
decides(4000, {"reason": "no-rule", "rule": None})
cookie = ask(genl, "begin")["cookie"]
ask(genl, "rule-add", cookie=cookie, action=1, index=0, name="all", **CELL)
decides(8, {"reason": "none", "rule": 0, "rule-name": "all"}, cookie=cookie)
decides(8, {"reason": "rule-deny"})
ask(genl, "abort", cookie=cookie)
done()
END
works vsegctl rule del web db all
is "rules" "$(vsegctl -j rule show web db | jq length)" 0
