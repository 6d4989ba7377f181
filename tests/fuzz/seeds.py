#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Inputs for the fuzzers of the command, made from the netlink specification.

usage: seeds.py decoder|words|frame DIR

Each command of vsegctl meets the answers that the specification promises:
replies, dumps of several objects, dumps that a change ran into, events, and
refusals with every kind of extended acknowledgement.
"""

import os
import random
import struct
import sys

import messages
import spec

FAMILY, ERROR, DONE = 0x20, 2, 3
MULTI, INTERRUPTED, CAPPED, TLVS = 2, 0x10, 0x100, 0x200
NESTED = 0x8000
WORDS = ("web", "db", "br0", "vnet0", "host", "any", "x" * 31, "a\"b\\c",
         "\N{LATIN SMALL LETTER E WITH ACUTE}", "\x1b[2J", "")

# What each command asks for, in this order; "*" is a dump.
SHOWS = {
    "status": ["status-get", "settings-get", "*port-get"],
    "stats": ["status-get", "*pair-get"],
    "stats show": ["status-get", "*pair-get"],
    "stats port": ["*port-get"],
    "stats port vnet0": ["port-get"],
    "stats domain": ["*domain-get"],
    "stats bridge": ["*bridge-get"],
    "stats bridge br0": ["bridge-get"],
    "stats cell": ["*cell-get"],
    "bridge show": ["*bridge-get"],
    "domain show": ["*domain-get"],
    "domain show web": ["domain-get"],
    "port show": ["*port-get"],
    "port show vnet0": ["port-get"],
    "selector show": ["*selector-get"],
    "cell": ["*cell-get"],
    "rule": ["*rule-get"],
    "zone": ["*zone-get"],
    "zone show": ["*zone-get"],
    "rule show web db": ["*rule-get"],
    "policy cells": ["*cell-get"],
    "policy cells web": ["*cell-get"],
    "policy cells web db": ["cell-get"],
    "confirm": ["confirm"],
    "confirm 3": ["confirm"],
    "rollback": ["rollback"],
    "log": ["*log-get"],
    "off": ["off"],
    "test --from port:vnet0 --to port:vnet1":
        ["status-get", "*domain-get", "*port-get", "decide"],
    "complete domains": ["*domain-get"],
    "complete bridges": ["*bridge-get"],
    "complete ports": ["*port-get"],
}
# The status says by chance that no policy is in force.
SHOWS.update({f"test --from port:t --to port:u --vlan {vlan}":
              ["status-get", "*domain-get", "*port-get", "decide"] for vlan in range(1, 9)})
EDITS = {
    "bridge add br0 mode monitor": "bridge-add",
    "bridge set br0 mode enforce": "bridge-set",
    "bridge del br0": "bridge-del",
    "domain add web id 16": "domain-add",
    "domain add web permit dhcp-server,router": "domain-add",
    "domain set web permit all": "domain-set",
    "domain del web": "domain-del",
    "port bind vnet0 web mac 52:54:00:12:34:56 address 10.0.0.1,::1":
        "port-bind",
    "port bind vnet0 web": "port-bind",
    "port bind up0 trunk default d vlan 1 a vlan 2-9 b": "port-bind",
    "port unbind vnet0": "port-unbind",
    "selector add mac 52:54:00:12:34:56 web": "selector-add",
    "selector add glob tap* trunk default d vlan 1 a": "selector-add",
    "selector del group 7": "selector-del",
    "cell set web db rules services dhcp,mdns monitor": "cell-set",
    "cell set web web allow isolate": "cell-set",
    "rule add web db index 3 deny from 10.0.0.0/8,fd00::/8 name n log":
        "rule-add",
    "rule add web db protocol tcp port 22,80-90 tcp-flags syn/syn,ack":
        "rule-add",
    "rule add web db ethertype arp,llc,0x9999 vlan 1-9 comment c": "rule-add",
    "rule add web db icmp 3/4,echo-request protocol icmp fragment whole":
        "rule-add",
    "rule add web db service ssh,https state keep name s": "rule-add",
    "rule add web db any state": "rule-add",
    "rule add web db port 80 stateless": "rule-add",
    "cell del web db": "cell-del",
    "rule del web db 3": "rule-del",
    "rule del web db all": "rule-del",
    "policy allow web db": "cell-set",
    "policy deny web any monitor": "cell-set",
    "policy del web db": "cell-del",
    "policy set unmanaged drop flood-events on": "settings-set",
    "policy set address-resolution off bridge-control on": "settings-set",
    "policy set state-pickup on state-limit 5 state-zones 7-9": "settings-set",
    "policy set mark-mask 0xffff0000": "settings-set",
}


POLICY = b"""# every key
version: 1
domains: {web: 100, db: 101, mgmt: {id: 102, permit: router, intra: isolate}}
bridges: {br0: enforce, "vm*": monitor}
services: {pg: tcp 5432, www: [tcp 80, "udp 443,8000-8080"]}
prefixes: {office: [192.0.2.0/24, "2001:db8::/32"], one: 10.0.0.1}
ports:
  - {name: web0, domain: web, guard: {mac: "52:54:00:12:34:56", permit: all}}
  - {glob: "tap101i*", domain: web, guard: {address: [10.0.0.1, "::1"]}}
  - {mac: "52:54:00:12:34:56", domain: db}
  - {alias: "guest 7", domain: db}
  - {group: 7, domain: db}
  - name: eno1
    trunk: {default: mgmt, vlans: {10: web, 20-29: db}}
cells:
  - web -> db: allow
  - db <-> mgmt: {action: deny, mode: monitor}
  - any -> host: {action: allow, log: true}
  - web <-> mgmt:
      rules:
        - {allow: {service: [pg, www], from: office}, name: n, log: true}
        - {allow: {icmp: [echo-request, fragmentation-needed]}, comment: "c"}
        - {deny: {protocol: [tcp, 99], vlan: 1-9, ip: 4, to: one}}
        - {allow: {protocol: tcp, tcp-flags: "syn/syn,ack", port: [1, 5-9]}}
        - {deny: {ethertype: [arp, llc, 0x9999]}}
        - {deny: {source-port: 3}}
        - {allow: {fragment: [first, later]}}
        - {allow: any, state: true, revoke: keep}
        - {allow: {port: 7}, state: false, revoke: immediate}
      services: [dhcp, ra]
      mode: monitor
  - db -> db: {action: allow, isolate: yes, services: mdns}
settings: {guard: no, unmanaged: drop, address-resolution: yes, flood-events: off,
  state-pickup: on, state-limit: 5, state-zones: 7-9, mark-mask: 0xff00}
"""


HEAD = b"""{"version":1,"port":"p","bridge":"br0","domain":"web","flows":%d}
"""
FLOWS = (
    b"""{"from":"web","to":"db","protocol":6,"source":"10.0.0.1",\
"destination":"10.0.0.2","source_port":4000,"destination_port":22,\
"timeout":400,"replied":true,"assured":true,"keep":false,\
"tcp_state":"established","tcp_scale":7,"tcp_flags":35}
""",
    b"""{"from":"db","to":"web","vlan":7,"protocol":58,"source":"fd00::1",\
"destination":"fd00::2","icmp_id":9,"icmp_type":128,"icmp_code":0,\
"timeout":30,"keep":true}
""",
    b"""{"from":"web","to":"db","protocol":132,"source":"10.0.0.1",\
"destination":"10.0.0.2","timeout":5,"sctp_state":3,"sctp_tag":4294967295}
""")


def attribute(number, data):
    """One attribute, with its padding."""
    return (struct.pack("=HH", 4 + len(data), number) + data +
            bytes(-len(data) % 4))


def message(kind, data, flags=0, seq=0):
    """One netlink message, with its padding."""
    return (struct.pack("=IHHII", 16 + len(data), kind, flags, seq, 0) + data +
            bytes(-len(data) % 4))


def record(data):
    """A datagram in a script of fake.c."""
    return struct.pack("<H", len(data)) + data


class Maker:
    """Valid messages, any of them."""

    def __init__(self, known):
        self.spec, self.rnd, self.fixed = known, random.Random(1), {}

    def payload(self, attr):
        """Any right value of an attribute."""
        rnd, kind = self.rnd, attr["type"]
        if kind == "nest":
            return self.attributes(attr["nested-attributes"])
        if kind == "string":
            longest = self.spec.const(
                attr.get("checks", {}).get("max-len", 31))
            return rnd.choice(WORDS).encode()[:longest] + b"\0"
        if kind == "binary":
            exact = attr.get("checks", {}).get("exact-len")
            return rnd.randbytes(exact or rnd.choice((4, 16)))
        top = self.spec.top(attr)
        if kind == "flag":
            return b""
        if kind == "u8":
            return bytes([rnd.randint(0, top or 1)])
        if kind == "u64" or kind == "uint" and rnd.randrange(2):
            return struct.pack("=Q", rnd.getrandbits(rnd.choice((7, 40, 64))))
        if top is not None:
            return struct.pack("=I", rnd.randint(0, top))
        return struct.pack("=I", rnd.getrandbits(rnd.choice((3, 11, 32))))

    def entry(self, enum, name):
        """The value that an enumeration has a name for."""
        names = [one["name"] for one in self.spec.enums[enum]["entries"]]
        return struct.pack("=I", names.index(name))

    def attributes(self, which, names=None):
        """Attributes of a set: those named, or all but the padding."""
        data, fixed = b"", self.fixed.get(which, {})
        for name, attr in self.spec.sets[which].items():
            if attr["type"] == "pad" or names and name not in names:
                continue
            nested = NESTED if attr["type"] == "nest" else 0
            for _ in range(2 if attr.get("multi-attr") else 1):
                data += attribute(attr["number"] | nested,
                                  fixed.get(name) or self.payload(attr))
        return data

    def object(self, name, mode="do", flags=0):
        """The answer of an operation, or an event."""
        op = self.spec.ops[name]
        head = struct.pack("=BBH", op["number"], 1, 0)
        names = self.spec.reply(op, mode)
        return message(FAMILY, head + self.attributes(op["attribute-set"],
                                                      names), flags)

    def answer(self, name, interrupted=False):
        """All that comes after a request that went well."""
        if not name.startswith("*"):
            reply = self.spec.reply(self.spec.ops[name])
            return ((self.object(name) if reply else b"") +
                    message(ERROR, bytes(20), CAPPED))
        flags = MULTI | (INTERRUPTED if interrupted else 0)
        return (self.object(name[1:], "dump", flags) +
                self.object(name[1:], "dump", flags) +
                message(DONE, bytes(4), flags))

    def refusal(self, kind, number, tlvs, whole=b""):
        """A refusal or a warning, with the kernel's words."""
        data = struct.pack("=i", -number)
        if kind == ERROR:
            data += struct.pack("=IHHII", 16 + len(whole), FAMILY, 5, 0, 0)
        flags = TLVS | (0 if whole else CAPPED)
        return message(kind, data + whole + b"".join(tlvs), flags)


def words_of_refusals():
    """The attributes of an extended acknowledgement, in many ways."""
    text = attribute(1, b"there is no domain of this name\0")
    for offset in (0, 20, 28, 40, 44, 1000):
        yield [text, attribute(2, struct.pack("=I", offset))]
    for number in (1, 4, 9, 200):
        yield [text, attribute(5, struct.pack("=I", number))]
        yield [text, attribute(5, struct.pack("=I", number)),
               attribute(6, struct.pack("=I", 40))]
    yield [text, attribute(3, b"cookie"), attribute(4 | NESTED, bytes(12))]
    yield [attribute(1, b"no end"), attribute(2, b"\1")]


def scripts(maker):
    """(words, answers) for the decoder."""
    for words, asks in SHOWS.items():
        yield words, [maker.answer(ask) for ask in asks]
        # The first dump is taken again, the second try is whole.
        yield words, ([maker.answer(asks[0], True)] +
                      [maker.answer(ask) for ask in asks])
        for number, tlvs in ((1, []), (22, [attribute(1, b"no\0")])):
            kind = DONE if asks[0].startswith("*") else ERROR
            yield words, [maker.refusal(kind, number, tlvs)]
    # The policy is read between two looks at the same generation, and its rules
    # only where a cell has some.
    status = maker.answer("status-get")
    for action, asks in (("allow", []), ("rules", ["*rule-get"])):
        maker.fixed = {"cell": {"action": maker.entry("action", action),
                                "flags": bytes(4)}}
        yield "policy show", [status, *map(maker.answer, (
            "settings-get", "*domain-get", "*bridge-get", "*selector-get",
            "*cell-get", *asks)), status]
    maker.fixed = {"port": {"kind": maker.entry("port-kind", "guest"),
                            "domain": b"web\0"}}
    for words in ("state export --port vnet0",
                  "state export --port vnet0 --address 10.0.0.1,::/64"):
        yield words, list(map(maker.answer,
                              ("port-get", "*domain-get", "*zone-get")))
    yield "state export --all", list(map(maker.answer,
                                         ("*domain-get", "*zone-get")))
    maker.fixed = {}
    for words, ask in EDITS.items():
        yield words, [maker.answer(ask)]
        for number, tlvs in enumerate(words_of_refusals()):
            yield words, [maker.refusal(ERROR, number, tlvs,
                                        b"whole" * 4 if number % 2 else b"")]
    event = [maker.object("drop-ntf"), maker.object("config-ntf")]
    for words in ("monitor", "monitor drops count 3", "monitor config"):
        yield words, event * 2
        yield words, [event[0], None, event[1] + event[0],
                      maker.answer("status-get")]


def decoder(maker):
    """Inputs of decoder.c."""
    for words, answers in scripts(maker):
        data = b"".join(record(one) if one is not None else b"\xff\xff\0"
                        for one in answers)
        for form in "jt":
            # The status is asked for before the first event comes.
            first = (record(maker.answer("status-get"))
                     if words.startswith("monitor") else b"")
            yield f"{form}{words}\n".encode() + first + data


def words(_maker):
    """Inputs of words.c."""
    lines = list(EDITS)
    for line in (*SHOWS, *EDITS, "monitor count 1 timeout 1", "help", "-V",
                 "init", "init -o policy.yaml", "upgrade", "upgrade save dir",
                 "--help", "help policy", "port help", "-j -n ns status",
                 "complete objects", "complete verbs port"):
        yield line.encode() + b"\n"
    yield ("-b -\n" + "\n".join(lines)).encode()
    yield ("-b file\n# a comment\n\n \t" + "\n".join(lines * 40)).encode()
    yield b"-b -\ndomain add a\nfrob\n"
    for line in (b"apply policy.yaml", b"apply - --check", b"-j apply - --diff",
                 b"apply a b --confirm 60 --force", b"apply --nowait -"):
        yield line + b"\n" + POLICY
    yield b"-b -\nport bind x trunk vlan 1 a vlan 2-3 b\nstatus\n"
    for line in (b"--from web --to db --vlan 3 --proto tcp --dport 22",
                 b"--from port:t --to domain:db --ethertype 0x0806 -j",
                 b"--from web --to db --icmp 8 --fragment first",
                 b"--from web --to db --frame " + b"00" * 60,
                 b"--from web --to db --proto tcp --tcp-flags syn "
                 b"--from-address ::1"):
        yield b"test --policy file " + line + b"""
version: 1
domains: {web: 100, db: 101}
ports: [{glob: "t*", domain: web}, {name: u, trunk: {vlans: {1-9: db}}}]
cells:
  - any -> host: {action: deny, mode: monitor}
  - web -> db: {rules: [{allow: {protocol: tcp, from: "::/0"}}, {deny: any}]}
"""
    yield b"policy show policy.yaml\n" + POLICY
    yield b"state export --port vnet0 --address 10.0.0.1,::/64 -o file\n"
    for flow in FLOWS:
        yield (b"state import file --port vnet0\n" + HEAD % 1 + flow)
    yield b"state import file --port vnet0\n" + HEAD % 0
    yield b"state import file --all\n" + HEAD % 1 + FLOWS[0]
    yield b"state import - --port vnet0\n" + HEAD % len(FLOWS) + b"".join(FLOWS)
    yield b"""test --file file
version: 1
tests: [{from: web, to: db, vlan: 3, expect: deny, reason: cell-deny},
 {from: web, to: db, proto: udp, dport: 53, from-address: 10.0.0.1,
  expect: allow}, {from: web, to: db, icmp: 3/4, fragment: first,
  expect: deny, reason: no-rule}]
"""


def frame(_maker):
    """Inputs of frame.c."""
    for message in messages.messages():
        yield b"\xff\xff" + message


def main():
    """Write each input to a file of its own."""
    kind, directory = sys.argv[1:]
    maker = Maker(spec.Spec())
    os.makedirs(directory, exist_ok=True)
    for number, data in enumerate(globals()[kind](maker)):
        with open(f"{directory}/{kind}.{number}", "wb") as file:
            file.write(data)


if __name__ == "__main__":
    main()
