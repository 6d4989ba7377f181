# SPDX-License-Identifier: GPL-2.0
"""Generic netlink by hand, for the tests: no library, no check on the way out.

The numbers come from the uAPI header beside the spec, so that a message names
what the module under test was built with.
"""

import functools
import json
import os
import re
import socket
import struct

HEADER = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                      "../../include/uapi/linux/vseg.h")

NETLINK_GENERIC = 16
NLM_F_REQUEST, NLM_F_ACK, NLM_F_DUMP = 1, 4, 0x300
NLM_F_DUMP_INTR = 0x10
NLM_F_CAPPED, NLM_F_ACK_TLVS = 0x100, 0x200
NLMSG_ERROR, NLMSG_DONE = 2, 3
SOL_NETLINK = 270
NETLINK_ADD_MEMBERSHIP, NETLINK_BROADCAST_ERROR = 1, 4
NETLINK_EXT_ACK = 11
NLA_F_NESTED, NLA_F_NET_BYTEORDER = 0x8000, 0x4000
ERR_MSG, ERR_OFFS, ERR_COOKIE, ERR_POLICY, ERR_MISS_TYPE, ERR_MISS_NEST = range(
    1, 7)


def read_header(path=HEADER):
    """Attribute numbers by set, commands, and enums, from the uAPI header."""
    with open(path, encoding="ascii") as file:
        text = re.sub(r"/\*.*?\*/", "", file.read(), flags=re.S)
    sets, commands, enums, consts = {}, {}, {}, {}
    for name, value in re.findall(r"#define\s+VSEG_(\w+)\s+(\d+)\s", text):
        consts[name.lower().replace("_", "-")] = int(value)
    for tag, body in re.findall(r"enum\s*(\w*)\s*\{(.*?)\}", text, flags=re.S):
        value, values = 0, {}
        for item in body.split(","):
            item = item.strip()
            if not item:
                continue
            name, _, given = (part.strip() for part in item.partition("="))
            if name.startswith("__") or given.startswith("(") or (
                    name.endswith("_MASK") and
                    not name.startswith("VSEG_A_")):
                continue
            value = int(given, 0) if given else value
            values[name] = value
            value += 1
        for name, number in values.items():
            word = name.lower().replace("_", "-")
            if name.startswith("VSEG_A_"):
                which, _, attr = word[7:].partition("-")
                sets.setdefault(which, {})[attr] = number
            elif name.startswith("VSEG_CMD_"):
                commands[word[9:]] = number
            elif tag:
                short = word[len(tag) + 1:]
                enums.setdefault(tag[5:].replace("_", "-"), {})[short] = number
    return sets, commands, enums, consts


SETS, COMMANDS, ENUMS, CONSTS = read_header()

STRINGS = {"version", "name", "domain", "bridge", "ifname", "src", "dst",
           "in-ifname", "out-ifname", "selector", "pattern", "entry",
           "comm", "cell-src", "cell-dst", "comment", "rule-name", "peer"}
NESTS = {("status", "stats"): "stats", ("domain", "stats"): "stats",
         ("bridge", "stats"): "stats", ("bridge", "host-stats"): "stats",
         ("port", "stats"): "stats", ("stats", "reason"): "reason",
         ("port", "vlan"): "vlan", ("selector", "vlan"): "vlan",
         ("port", "guard"): "guard", ("selector", "guard"): "guard",
         ("guard", "prefix"): "prefix", ("rule", "match"): "match"}
MULTI = {("stats", "reason"), ("port", "vlan"), ("selector", "vlan"),
         ("guard", "prefix"), ("guard", "mac"), ("rule", "match")}
BYTES = {"src-mac", "dst-mac", "ip-src", "ip-dst", "mac", "address"}
FLAGS = {"would", "vlan-ambiguous"}
# Enums to print by name: (set, attribute), or the attribute in every set.
SHOWN = {"kind": "port-kind", "match": "port-match", "mode": "bridge-mode",
         "action": "action", "unmanaged": "unmanaged", "hook": "hook",
         "reason": "reason", "event": "config-event", "trust": "port-trust",
         "in-match": "port-match", "out-match": "port-match", "op": "log-op",
         "type": "selector-type", "class": "frame-class",
         "field": "match-field"}


class Failed(Exception):
    """What a test expected did not happen."""


class Refused(OSError):
    """The kernel's answer was an error: errno, message, attribute."""

    def __init__(self, errno, msg, attr, missing, nest=None):
        super().__init__(errno, msg or os.strerror(errno))
        self.msg, self.attr, self.missing, self.nest = msg, attr, missing, nest


def attr(number, payload=b"", flags=0):
    """One attribute; payload may be bytes, text, or a list of attributes."""
    if isinstance(payload, str):
        payload = payload.encode() + b"\0"
    if isinstance(payload, (list, tuple)):
        payload, flags = b"".join(payload), flags | NLA_F_NESTED
    return (struct.pack("=HH", 4 + len(payload), number | flags) + payload +
            b"\0" * (-len(payload) % 4))


def u8(value):
    return struct.pack("=B", value)


def u32(value):
    return struct.pack("=I", value)


def u64(value):
    return struct.pack("=Q", value)


_HEAD = struct.Struct("=HH").unpack_from


def attrs_of(data):
    """(number without flags, payload, offset) of each attribute."""
    at = 0
    while at + 4 <= len(data):
        size, number = _HEAD(data, at)
        if size < 4:
            break
        yield number & 0x3FFF, data[at + 4:at + size], at
        at += (size + 3) & ~3


def _text(payload):
    return payload.rstrip(b"\0").decode(errors="backslashreplace")


def _address(payload):
    return socket.inet_ntop(
        socket.AF_INET if len(payload) == 4 else socket.AF_INET6, payload)


def _hex(payload):
    return payload.hex(":")


def _number(payload):
    return int.from_bytes(payload, "little")


def _flag(payload):
    return _number(payload) if payload else True


def _word(names):
    """Reads a number by its name in an enum, where it has one."""
    words = {number: word for word, number in reversed(ENUMS[names].items())}
    return lambda payload: words.get(_number(payload), _number(payload))


def _reader(which, name):
    """What makes a value of an attribute's bytes."""
    if (which, name) in NESTS:
        inner = NESTS[which, name]
        return lambda payload: decode(inner, payload)
    if name in FLAGS:
        return _flag
    if name in STRINGS:
        return _text
    if name in BYTES:
        return (_address if name.startswith("ip-") or name == "address"
                else _hex)
    return _word(SHOWN[name]) if name in SHOWN else _number


@functools.cache
def _readers(which, only):
    """By number: name, reader, and whether there may be many; None where nobody
    wants it.  Made once: to decode counters is most of what a test does."""
    return {number: (name, _reader(which, name), (which, name) in MULTI)
            if name in (only or SETS[which]) and name != "pad" else None
            for name, number in SETS[which].items()}


_UNKNOWN = "", _number, False


def decode(which, data, only=()):
    """A message of attribute set `which` as a dictionary; with `only` these
    attributes of it."""
    readers, result = _readers(which, only), {}
    at, last = 0, len(data) - 4
    while at <= last:
        size, number = _HEAD(data, at)
        if size < 4:
            break
        found = readers.get(number & 0x3FFF, _UNKNOWN)
        if found:
            name, read, multi = found
            value = read(data[at + 4:at + size])
            name = name or f"#{number & 0x3FFF}"
            if multi:
                result.setdefault(name, []).append(value)
            else:
                result[name] = value
        at += (size + 3) & ~3
    return result


class Genl:
    """A generic netlink socket that says what the kernel said."""

    def __init__(self, family="vseg", groups=(), rcvbuf=0):
        self.sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW,
                                  NETLINK_GENERIC)
        if rcvbuf:
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, rcvbuf)
        self.sock.bind((0, 0))
        self.sock.setsockopt(SOL_NETLINK, NETLINK_EXT_ACK, 1)
        self.sock.settimeout(20)
        self.seq = 0
        self.interrupted = False
        self.family, self.groups, self.version = 0x10, {}, 1
        if family:
            self._resolve(family)
        for name in groups:
            # Lets the sender know what did not fit into our buffer.
            self.sock.setsockopt(SOL_NETLINK, NETLINK_BROADCAST_ERROR, 1)
            self.sock.setsockopt(SOL_NETLINK, NETLINK_ADD_MEMBERSHIP,
                                 self.groups[name])

    def close(self):
        self.sock.close()

    def fileno(self):
        return self.sock.fileno()

    def _resolve(self, name):
        replies = self.raw(0x10, 3, attr(2, name), version=2)
        for number, payload, _ in attrs_of(replies[0]):
            if number == 1:
                self.family = struct.unpack("=H", payload)[0]
            elif number == 7:
                for _, group, _ in attrs_of(payload):
                    parts = {key: value for key, value, _ in attrs_of(group)}
                    self.groups[parts[1].rstrip(b"\0").decode()] = (
                        struct.unpack("=I", parts[2])[0])

    def send(self, kind, data, flags):
        """Send a message with any body; return its sequence number."""
        self.seq += 1
        self.sock.send(struct.pack("=IHHII", 16 + len(data), kind, flags,
                                   self.seq, 0) + data)
        return self.seq

    def answers(self, seq, dump=False):
        """Bodies of the replies to `seq`, until its ACK or the dump's end."""
        bodies, self.interrupted = [], False
        while True:
            data, at = self.sock.recv(1 << 20), 0
            while at + 16 <= len(data):
                size, kind, flags, number, _ = struct.unpack_from(
                    "=IHHII", data, at)
                body = data[at + 16:at + size]
                at += (size + 3) & ~3
                if number != seq:
                    continue
                self.interrupted |= bool(flags & NLM_F_DUMP_INTR)
                if kind == NLMSG_ERROR or kind == NLMSG_DONE:
                    self._status(kind, flags, body)
                    if kind == NLMSG_DONE or not dump:
                        return bodies
                    continue
                bodies.append(body[4:])

    @staticmethod
    def _status(kind, flags, body):
        error = struct.unpack_from("=i", body)[0] if len(body) >= 4 else 0
        if error >= 0:
            return
        skip = 4
        if kind == NLMSG_ERROR:
            skip = 20
            if not flags & NLM_F_CAPPED:
                skip = 4 + struct.unpack_from("=I", body, 4)[0]
                skip = (skip + 3) & ~3
        found = {}
        if flags & NLM_F_ACK_TLVS or kind == NLMSG_DONE:
            found = {key: value for key, value, _ in attrs_of(body[skip:])}

        def number(key):
            return (struct.unpack("=I", found[key])[0]
                    if key in found else None)
        msg = found.get(ERR_MSG, b"").rstrip(b"\0").decode()
        raise Refused(-error, msg, number(ERR_OFFS), number(ERR_MISS_TYPE),
                      number(ERR_MISS_NEST))

    def raw(self, kind, command, data=b"", dump=False, version=None,
            reserved=0, flags=None):
        """Send one request with these bytes, or attributes, behind the header."""
        if isinstance(data, (list, tuple)):
            data = b"".join(data)
        if flags is None:
            flags = NLM_F_REQUEST | (NLM_F_DUMP if dump else NLM_F_ACK)
        head = struct.pack("=BBH", command,
                           self.version if version is None else version,
                           reserved)
        return self.answers(self.send(kind, head + data, flags), dump)

    def call(self, command, data=b"", dump=False, which=None, **more):
        """A request of our family; replies decoded as attribute set."""
        which = which or set_of(command)
        return [decode(which, body) for body in
                self.raw(self.family, COMMANDS[command], data, dump, **more)]

    def bodies(self, command, data=b""):
        """A dump, asked again while it was interrupted, not decoded yet."""
        for _ in range(100):
            result = self.raw(self.family, COMMANDS[command], data, dump=True)
            if not self.interrupted:
                return result
        raise RuntimeError(f"{command}: interrupted 100 times")

    def dump(self, command, data=b""):
        """The same, decoded."""
        which = set_of(command)
        return [decode(which, body) for body in self.bodies(command, data)]

    def events(self):
        """Notifications that wait, as (command name, dictionary)."""
        self.sock.setblocking(False)
        names = {number: name for name, number in COMMANDS.items()}
        found = []
        try:
            while True:
                try:
                    data = self.sock.recv(1 << 20)
                except BlockingIOError:
                    return found
                except OSError as error:
                    if error.errno != 105:
                        raise
                    found.append(("overrun", {}))
                    continue
                at = 0
                while at + 20 <= len(data):
                    size, kind = struct.unpack_from("=IH", data, at)
                    if kind == self.family:
                        name = names[data[at + 16]]
                        found.append((name, decode(
                            set_of(name), data[at + 20:at + size])))
                    at += (size + 3) & ~3
        finally:
            self.sock.settimeout(20)


def set_of(command):
    """The attribute set of a command."""
    first = command.split("-")[0]
    if first == "decide":
        return "decision"
    return first if first in SETS else "txn"


def state(genl):
    """Everything that the module tells, as one text, ages left aside; and the
    memory of cells, which a worker gives to those that are met."""
    whole = {"status": genl.call("status-get"),
             "settings": genl.call("settings-get")}
    for item in whole["status"]:
        item.pop("cell-memory", None)
    for name in ("domain", "bridge", "port", "cell", "rule", "pair",
                 "selector"):
        whole[name] = genl.dump(name + "-get")
        for item in whole[name]:
            item.pop("first-ms", None)
            item.pop("last-ms", None)
        whole[name].sort(key=lambda item: json.dumps(item, sort_keys=True))
    return json.dumps(whole, indent=1, sort_keys=True)
