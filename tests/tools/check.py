# SPDX-License-Identifier: GPL-2.0
"""Checks for the tests that speak netlink themselves.

A script calls them one after the other; done() at its end tells by the exit
status.  See lib.sh's `script`.
"""

import errno
import os
import sys

import vsegnl
from vsegnl import SETS, attr, u8, u32, u64

WIDTH = {"cookie": u64, "generation": u64, "flags": u32, "id": u32,
         "mode": u32, "kind": u32, "trust": u32, "ifindex": u32,
         "action": u32, "type": u32, "group": u32, "confirm": u32,
         "class": u32, "first": u32, "last": u32, "unmanaged": u32,
         "index": u32, "field": u32, "mask": u32, "prefix": u32,
         "services": u32, "vlan": u32, "vid": u32, "mark-mask": u32,
         "state-pickup": u8, "state-limit": u32, "state-zone-first": u32,
         "state-zone-last": u32,
         "address-resolution": u8, "bridge-control": u8, "flood-events": u8,
         "guard": u8, "guard-permit": u32, "permit": u32, "length": u32}
COUNT = {"checks": 0, "failures": 0}


def name_of(error):
    """ENOENT and the like."""
    return {95: "EOPNOTSUPP"}.get(error.errno) or errno.errorcode.get(
        error.errno, str(error.errno))


def fail(text):
    COUNT["failures"] += 1
    frame, line = sys._getframe(1), 0  # pylint: disable=protected-access
    while frame:
        if frame.f_code.co_filename == "<stdin>":
            line = frame.f_lineno
            break
        frame = frame.f_back
    print(f"FAIL script line {line}: {text}", flush=True)


def ok(condition, text):
    COUNT["checks"] += 1
    if not condition:
        fail(text)
    return condition


def equal(text, have, want):
    return ok(have == want, f"{text} is {have!r}, expected {want!r}")


def done():
    if not COUNT["checks"]:
        fail("nothing was checked")
    sys.exit(1 if COUNT["failures"] else 0)


def attrs(which, **values):
    """Attributes of a set by name: numbers, text, lists for nests, or tuples of
    these for what is given several times."""
    data = b""
    for name, value in values.items():
        name = name.replace("_", "-")
        if isinstance(value, int):
            value = WIDTH[name](value)
        for one in value if isinstance(value, tuple) else (value,):
            data += attr(SETS[which][name], one)
    return data


def ask(genl, command, **values):
    """One request; the first reply, or {}."""
    which = vsegnl.set_of(command)
    replies = genl.call(command, attrs(which, **values))
    return replies[0] if replies else {}


def refused(genl, want, command, says="", at=None, missing=None, data=None,
            **values):
    """The request fails: with this errno, with words, and they point at the
    attribute `at` (a name, or (name, which one of several))."""
    which = vsegnl.set_of(command)
    if data is None:
        data = attrs(which, **values)
    label = f"{command} {values or data.hex()}"
    try:
        genl.call(command, data)
    except vsegnl.Refused as error:
        name = name_of(error)
        ok(name == want, f"{label}: {name} ({error.msg}), expected {want}")
        ok(error.msg, f"{label}: {name} without words")
        ok(says in error.msg, f"{label}: says {error.msg!r}, expected {says!r}")
        if at is not None:
            name, turn = at if isinstance(at, tuple) else (at, 0)
            where = [offset + 20 for number, _, offset in vsegnl.attrs_of(data)
                     if number == SETS[which][name]]
            ok(where and error.attr == where[turn],
               f"{label}: points at {error.attr}, {name} is at {where}")
        if missing is not None:
            ok(error.missing == SETS[which][missing],
               f"{label}: tells that {error.missing} is missing, expected "
               f"{SETS[which][missing]} ({missing})")
        return error
    ok(False, f"{label}: went through, expected {want}")
    return None


def same_state(genl, before, text):
    """Nothing has changed."""
    now = vsegnl.state(genl)
    old = before.splitlines()
    changes = [f"+ {line.strip()}" for line in now.splitlines()
               if line not in old][:10]
    return ok(now == before, f"{text}: the state changed: {changes}")


def die_hard():
    """End at once, as by kill -9: no Python clean-up, no close by us."""
    os.kill(os.getpid(), 9)
