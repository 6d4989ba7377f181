#!/usr/bin/python3 -S
# SPDX-License-Identifier: GPL-2.0
"""Every request of the family, with every attribute made wrong in every way.

usage: malformed.py SEED.  Wants a bridge br0 and its port p0.  Each wrong request must be refused
with an errno that fits, in words, pointing at the attribute; and after all of
them the module tells just what it told before.
"""

import random
import struct
import sys

import check
import vsegnl
from vsegnl import CONSTS, ENUMS, SETS, attr, u8, u32, u64

NAME = "name-max"
# What each request takes: attribute -> (kind, a right value), required ones
# first named with a star.
REQUESTS = {
    "status-get": {},
    "begin": {},
    "commit": {"*cookie": ("cookie", 1), "flags": ("txn-flags", 1),
               "confirm": ("confirm", 9)},
    "abort": {"*cookie": ("cookie", 1)},
    "off": {},
    "confirm": {"generation": ("generation", 1)},
    "rollback": {},
    "settings-get": {},
    "settings-set": {"cookie": ("cookie", 1),
                     "address-resolution": ("bool", 1),
                     "bridge-control": ("bool", 1),
                     "unmanaged": ("unmanaged", 0),
                     "flood-events": ("bool", 0),
                     "guard": ("bool", 1),
                     "state-pickup": ("bool", 0),
                     "state-limit": ("state-limit", 1000),
                     "state-zone-first": ("zone", 40000),
                     "state-zone-last": ("zone", 50000),
                     "mark-mask": ("mask", 0xff0000)},
    "domain-get": {"*name": (NAME, "web")},
    "domain-add": {"cookie": ("cookie", 1), "*name": (NAME, "new"),
                   "id": ("id", 4000), "guard-permit": ("guard-permit", 2)},
    "domain-set": {"cookie": ("cookie", 1), "*name": (NAME, "web"),
                   "*guard-permit": ("guard-permit", 2)},
    "domain-del": {"cookie": ("cookie", 1), "*name": (NAME, "web")},
    "bridge-get": {"*name": ("dev", "br0")},
    "bridge-add": {"cookie": ("cookie", 1), "*name": ("dev", "br1"),
                   "mode": ("bridge-mode", 0)},
    "bridge-set": {"cookie": ("cookie", 1), "*name": ("dev", "br0"),
                   "*mode": ("bridge-mode", 1)},
    "bridge-del": {"cookie": ("cookie", 1), "*name": ("dev", "br0")},
    "port-get": {"*ifname": ("dev", "p0")},
    "port-bind": {"cookie": ("cookie", 1), "*ifname": ("dev", "p0"),
                  "kind": ("port-kind", 1), "trust": ("port-trust", 0),
                  "*domain": (NAME, "db")},
    "port-unbind": {"cookie": ("cookie", 1), "*ifname": ("dev", "p0")},
    "cell-get": {"*src": (NAME, "web"), "*dst": (NAME, "db")},
    "cell-set": {"cookie": ("cookie", 1), "*src": (NAME, "db"),
                 "*dst": (NAME, "web"), "*action": ("action", 0),
                 "flags": ("cell-flags", 1), "services": ("service", 1)},
    "cell-del": {"cookie": ("cookie", 1), "*src": (NAME, "web"),
                 "*dst": (NAME, "db")},
    "selector-add": {"cookie": ("cookie", 1), "*type": ("selector-type", 1),
                     "*pattern": ("dev", "x0"), "kind": ("port-kind", 1),
                     "trust": ("port-trust", 0), "*domain": (NAME, "db")},
    "selector-del": {"cookie": ("cookie", 1), "*type": ("selector-type", 1),
                     "*pattern": ("dev", "x0")},
    "decide": {"cookie": ("cookie", 1), "*src": (NAME, "web"),
               "*dst": (NAME, "db"), "vlan": ("vid", 10),
               "class": ("frame-class", 0)},
}
LENGTH = {"cookie": u64, "generation": u64, "bool": u8}
LIMITS = {NAME: CONSTS["name-max"], "dev": 15}
WRONG = {"EINVAL", "ERANGE", "EOPNOTSUPP"}
NOT_THERE = {"EINVAL", "ERANGE", "ENOENT", "ENODEV"}


def payload(kind, value):
    if kind in LIMITS:
        return value.encode() + b"\0"
    return LENGTH.get(kind, u32)(value)


def wrong_payloads(kind, value):
    """(what, bytes, errnos) of values that no request may take."""
    right = payload(kind, value)
    yield "empty", b"", WRONG
    if kind in LIMITS:
        limit = LIMITS[kind]
        yield "an empty name", b"\0", NOT_THERE
        yield "too long", b"x" * (limit + 1) + b"\0", WRONG
        yield "much too long", b"x" * 4000, WRONG
        yield "no end", b"x" * (limit + 1), WRONG
        yield "a zero inside", right[:2] + b"\0" + right[2:], NOT_THERE
        if kind == NAME:
            for text in (b"9lives", b"-x", b"a b", b"a/b", b"a:b", b"\xff\xfe",
                         b"\xc3\xa4", b"a\n", b".", b"..", b"a%s", b"_x",
                         b"unlabelled", b"none", b"all", b"default"):
                yield f"the name {text!r}", text + b"\0", NOT_THERE
        else:
            for text in (b".", b"..", b"a/b", b"a b", b"a\n"):
                yield f"the name {text!r}", text + b"\0", NOT_THERE
        return
    yield "too short", right[:-1], WRONG
    yield "too long", right + b"\0\0\0\0", WRONG
    yield "a byte too long", right + b"\0", WRONG
    if kind == "bool":
        values = (2, 255)
    elif kind == "id":
        values = (0, 1, 2, 3, 15, 65536, 2 ** 31, 2 ** 32 - 1)
    elif kind == "txn-flags":
        values = (4, 8, 0x80000000, 2 ** 32 - 1)
    elif kind == "guard-permit":
        values = (64, 128, 0x80000000, 2 ** 32 - 1)
    elif kind == "service":
        values = (16, 128, 0x80000000, 2 ** 32 - 1)
    elif kind == "cell-flags":
        values = (8, 16, 0x80000000, 2 ** 32 - 1)
    elif kind == "confirm":
        values = (0, CONSTS["confirm-max"] + 1, 2 ** 32 - 1)
    elif kind == "state-limit":
        values = (0, CONSTS["state-limit-max"] + 1, 2 ** 32 - 1)
    elif kind == "zone":
        values = (0, CONSTS["zone-max"] + 1, 2 ** 32 - 1)
    elif kind == "mask":
        values = (5, 0xff00ff, 0x80000001)
    elif kind in ENUMS:
        top = max(ENUMS[kind].values())
        values = (top + 1, 255, 2 ** 31, 2 ** 32 - 1)
    else:
        return
    for value in values:
        yield f"value {value}", LENGTH.get(kind, u32)(value), WRONG


def build(which, takes, change=None, leave_out=()):
    """The request's attributes; change maps a name to (bytes, flags)."""
    parts = []
    for starred, (kind, value) in takes.items():
        name = starred.lstrip("*")
        if name == "cookie" and not starred.startswith("*"):
            continue
        if name in leave_out:
            continue
        data, flags = (change or {}).get(name, (payload(kind, value), 0))
        parts.append(attr(SETS[which][name], data, flags))
    return parts


class Matrix:
    """Sends what is wrong and checks the answer."""

    def __init__(self):
        self.genl = vsegnl.Genl()
        self.genl.sock.settimeout(10)
        self.before = ""
        self.restore()

    def wrong(self, command, label, data, errnos, at=None, missing=None,
              words=True, **more):
        """This must be refused; `at` is the offset of what is wrong."""
        label = f"{command}, {label}"
        try:
            self.genl.call(command, data, **more)
        except vsegnl.Refused as error:
            name = check.name_of(error)
            check.ok(name in errnos, f"{label}: {name} ({error.msg}), "
                                     f"expected {'/'.join(sorted(errnos))}")
            if words:
                check.ok(error.msg != check.os.strerror(error.errno)
                         and error.msg, f"{label}: {name} without words")
            if at is not None:
                check.ok(error.attr == at, f"{label}: {error.msg!r} points at "
                                           f"{error.attr}, expected {at}")
            if missing is not None:
                check.ok(error.missing in missing, f"{label}: {error.msg!r} "
                         f"misses {error.missing}, expected {missing}")
        except TimeoutError:
            check.ok(False, f"{label}: no answer")
        else:
            check.ok(False, f"{label}: went through")
            self.restore()

    def restore(self):
        """What should have been refused was done: back to where we were."""
        ask = check.ask
        ask(self.genl, "off")
        cookie = ask(self.genl, "begin")["cookie"]
        ask(self.genl, "bridge-add", cookie=cookie, name="br0")
        for name in ("web", "db"):
            ask(self.genl, "domain-add", cookie=cookie, name=name)
        ask(self.genl, "cell-set", cookie=cookie, src="web", dst="db",
            action=1)
        ask(self.genl, "port-bind", cookie=cookie, ifname="p0", domain="web")
        ask(self.genl, "commit", cookie=cookie)
        self.before = vsegnl.state(self.genl)

    def attributes(self, command, takes):
        """Each attribute missing, doubled, and with each wrong value."""
        which = vsegnl.set_of(command)
        for starred, (kind, value) in takes.items():
            name = starred.lstrip("*")
            number = SETS[which][name]
            shown = dict(takes)
            if name == "cookie" and not starred.startswith("*"):
                shown = {"*cookie": takes["cookie"],
                         **{k: v for k, v in takes.items() if k != "cookie"}}
            parts = build(which, shown)
            names = [key.lstrip("*") for key in shown
                     if key.startswith("*") or key != "cookie"]
            offset = 20 + sum(map(len, parts[:names.index(name)]))
            if starred.startswith("*"):
                missing = {number}
                if name == "ifname":
                    missing.add(SETS[which]["ifindex"])
                self.wrong(command, f"without {name}",
                           build(which, shown, leave_out={name}), {"EINVAL"},
                           missing=missing)
            again = attr(number, payload(kind, value))
            self.wrong(command, f"{name} twice", parts + [again], {"EINVAL"},
                       at=20 + sum(map(len, parts)))
            for what, data, errnos in wrong_payloads(kind, value):
                # What is built in can be asked for.
                if command in ("domain-get", "decide") and (
                        data == b"unlabelled\0"):
                    continue
                self.wrong(command, f"{name}: {what}",
                           build(which, shown, {name: (data, 0)}), errnos,
                           at=offset)
            self.wrong(command, f"{name} as a nest",
                       build(which, shown, {name: (
                           payload(kind, value), vsegnl.NLA_F_NESTED)}),
                       {"EINVAL"}, at=offset)

    def strangers(self, command, takes):
        """Attributes that the request does not take, or that do not exist."""
        which = vsegnl.set_of(command)
        parts = build(which, takes)
        end = 20 + sum(map(len, parts))
        known = {name.lstrip("*") for name in takes}
        if which == "port":
            known |= {"ifindex", "vlan", "domain"}
        for name, number in SETS[which].items():
            if name in known or name == "pad":
                continue
            self.wrong(command, f"with {name}, which it does not take",
                       parts + [attr(number, u32(1))], WRONG, at=end)
        for number in (0, max(SETS[which].values()) + 1, 100, 0x3FFF):
            self.wrong(command, f"with attribute {number}",
                       parts + [attr(number, u32(1))], {"EINVAL"}, at=end)

    def bytes(self, command, takes):
        """Ends that fit no attribute."""
        which = vsegnl.set_of(command)
        whole = b"".join(build(which, takes))
        self.wrong(command, "three bytes too many", whole + b"\1\2\3",
                   {"EINVAL"})
        self.wrong(command, "an attribute longer than the message",
                   whole + struct.pack("=HH", 100, 1), {"EINVAL"})
        self.wrong(command, "an attribute shorter than its header",
                   whole + struct.pack("=HH", 3, 1), {"EINVAL"})
        self.wrong(command, "reserved bits", whole, {"EINVAL"}, words=False,
                   reserved=1)

    def vlans(self):
        """The VLAN map of a trunk."""
        vlan, port = SETS["vlan"], SETS["port"]
        base = [attr(port["ifname"], "p0"), attr(port["kind"], u32(2))]
        start = 20 + sum(map(len, base))
        first, last = attr(vlan["first"], u32(5)), attr(vlan["last"], u32(9))
        domain = attr(vlan["domain"], "db")

        def one(*parts, flags=vsegnl.NLA_F_NESTED):
            return attr(port["vlan"], b"".join(parts), flags)

        def bad(label, *maps, errnos=frozenset({"EINVAL", "ERANGE"}), **more):
            self.wrong("port-bind", "trunk, " + label, base + list(maps),
                       errnos, **more)
        bad("no nest flag", one(first, domain, flags=0), at=start)
        bad("empty map", one(), missing={vlan["first"], vlan["domain"]})
        bad("without first", one(last, domain), missing={vlan["first"]})
        bad("without domain", one(first, last), missing={vlan["domain"]})
        bad("first twice", one(first, domain, first))
        bad("last twice", one(first, last, domain, last))
        bad("domain twice", one(first, domain, domain))
        bad("backwards", one(attr(vlan["first"], u32(9)),
                             attr(vlan["last"], u32(5)), domain))
        for number in (4095, 4096, 2 ** 32 - 1):
            bad(f"first {number}", one(attr(vlan["first"], u32(number)),
                                       domain))
            bad(f"last {number}", one(first, attr(vlan["last"], u32(number)),
                                      domain))
        bad("an unknown attribute", one(first, domain, attr(9, u32(1))))
        bad("bytes behind", one(first, domain, b"\1\2"))
        bad("a domain that is not there",
            one(first, attr(vlan["domain"], "nil")), errnos={"ENOENT"})
        for name in ("any", "host", "unlabelled", "routed", "9", ""):
            bad(f"domain {name!r}", one(first, attr(vlan["domain"], name)),
                errnos=NOT_THERE)
        bad("two ranges that overlap", one(first, last, domain),
            one(attr(vlan["first"], u32(9)), domain),
            errnos={"EINVAL", "EEXIST"})
        self.wrong("port-bind", "a guest with a VLAN map",
                   [base[0], attr(port["domain"], "db"), one(first, domain)],
                   {"EINVAL"})
        for kind in ("unlabelled", "host", "fabric"):
            self.wrong("port-bind", f"kind {kind}",
                       [base[0], attr(port["kind"], u32(
                           ENUMS["port-kind"][kind])),
                        attr(port["domain"], "db")],
                       {"EINVAL", "EOPNOTSUPP"}, at=start - 8)
        self.wrong("port-bind", "a trust that is for later",
                   base + [attr(port["trust"], u32(1)), one(first, domain)],
                   {"EINVAL", "EOPNOTSUPP"}, at=start)

    def ports(self):
        """Ports by index, and by two names at once."""
        port = SETS["port"]
        domain = attr(port["domain"], "db")
        for index in (0, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF):
            for command, tail in (("port-bind", [domain]), ("port-unbind", []),
                                  ("port-get", [])):
                self.wrong(command, f"ifindex {index}",
                           [attr(port["ifindex"], u32(index))] + tail,
                           NOT_THERE, at=20)
        self.wrong("port-bind", "an index and another's name",
                   [attr(port["ifindex"], u32(1)), attr(port["ifname"], "p0"),
                    domain], {"EINVAL", "ENODEV"})
        for name in ("lo", "br0", "nil"):
            self.wrong("port-bind", f"{name}, which is no port",
                       [attr(port["ifname"], name), domain],
                       {"EINVAL", "ENODEV", "EOPNOTSUPP"}, at=20)

    def messages(self):
        """What is wrong with the message as a whole."""
        for number in (0, 100, 255):
            try:
                self.genl.raw(self.genl.family, number)
                check.ok(False, f"command {number}: went through")
            except vsegnl.Refused as error:
                check.equal(f"errno of command {number}", error.errno,
                            check.errno.EOPNOTSUPP)
        for command in ("drop-ntf", "config-ntf", "pair-get", "selector-get",
                        "log-get"):
            self.wrong(command, "as a request", b"", {"EOPNOTSUPP"},
                       words=False)
        for command in ("begin", "commit", "off", "domain-add", "cell-set",
                        "status-get", "settings-get", "confirm", "rollback",
                        "selector-add", "decide"):
            self.wrong(command, "as a dump", b"", {"EOPNOTSUPP"}, words=False,
                       dump=True)
        # A family header that is cut short.
        seq = self.genl.send(self.genl.family, b"", vsegnl.NLM_F_REQUEST |
                             vsegnl.NLM_F_ACK)
        try:
            self.genl.answers(seq)
            check.ok(False, "a message without a family header: went through")
        except vsegnl.Refused as error:
            check.equal("errno without a family header", error.errno,
                        check.errno.EINVAL)
        # A length beyond the end: not even an answer is due.
        self.genl.sock.send(struct.pack("=IHHII", 400, self.genl.family, 5,
                                        99, 0) + b"\x09\x01\0\0")
        # The version of the request is not what decides.
        for version in (0, 2, 255):
            try:
                self.genl.call("status-get", version=version)
                check.ok(True, "")
            except vsegnl.Refused as error:
                check.ok(error.errno == check.errno.EINVAL and error.msg,
                         f"family version {version}: {error}")

    def noise(self, rnd, count):
        """Right requests with bytes changed: whatever comes, comes in time."""
        commands = [name for name in REQUESTS if name != "off"]
        for _ in range(count):
            command = rnd.choice(commands)
            which = vsegnl.set_of(command)
            data = bytearray(b"".join(build(which, REQUESTS[command])))
            for _ in range(rnd.randrange(1, 4)):
                what = rnd.randrange(3)
                at = rnd.randrange(len(data) + 1)
                if what == 0:
                    data[at:at] = rnd.randbytes(rnd.randrange(1, 9))
                elif what == 1:
                    del data[at:at + rnd.randrange(1, 9)]
                elif data:
                    data[at % len(data)] = rnd.randrange(256)
            try:
                self.genl.call(command, bytes(data))
            except vsegnl.Refused:
                pass
        check.ok(self.genl.call("status-get"), "the module still answers")


def main():
    matrix = Matrix()
    for command, takes in REQUESTS.items():
        matrix.attributes(command, takes)
        matrix.strangers(command, takes)
        matrix.bytes(command, takes)
        check.same_state(matrix.genl, matrix.before, command)
    matrix.vlans()
    matrix.ports()
    matrix.messages()
    check.same_state(matrix.genl, matrix.before, "all of it")
    print(f"{check.COUNT['checks']} checks")
    matrix.noise(random.Random(int(sys.argv[1])), 1500)
    check.done()


main()
