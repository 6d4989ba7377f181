# SPDX-License-Identifier: GPL-2.0
"""What rules ask, and what guards know, as attributes of requests."""

import socket

from vsegnl import ENUMS, SETS, attr, u32

FIELDS = ENUMS["match-field"]
MAC = bytes.fromhex("0200000000c1")


def prefix(text):
    """Bytes of the address, and its length, of 10.0.0.0/8 or fd00::/8."""
    address, _, length = text.partition("/")
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    return socket.inet_pton(family, address), u32(int(length))


def asks(**fields):
    """The matches of a rule: a number, a range, or a prefix for each field."""
    which, found = SETS["match"], b""
    for name, value in fields.items():
        match = [attr(which["field"], u32(FIELDS[name.replace("_", "-")]))]
        if isinstance(value, str):
            address, length = prefix(value)
            match += [attr(which["address"], address),
                      attr(which["prefix"], length)]
        else:
            first, last = value if isinstance(value, tuple) else (value, value)
            match += [attr(which["first"], u32(first)),
                      attr(which["last"], u32(last))]
        found += attr(SETS["rule"]["match"], match)
    return found


def guard(which, mac=MAC, prefixes=("10.0.0.0/24", "fd00::/64")):
    """What the guard of a port or of a selector knows of its guest."""
    names, found = SETS["guard"], [attr(SETS["guard"]["mac"], mac)]
    for address, length in map(prefix, prefixes):
        found.append(attr(names["prefix"], [
            attr(SETS["prefix"]["address"], address),
            attr(SETS["prefix"]["length"], length)]))
    return attr(SETS[which]["guard"], found)
