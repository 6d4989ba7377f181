# SPDX-License-Identifier: GPL-2.0
"""What the module tells, kept as the messages that came: to compare it takes
no decoding, which would take most of the time of a try.
"""

import json

import vsegnl
from vsegnl import COMMANDS, SETS, attrs_of, decode

WHAT = ("status", "settings", "domain", "bridge", "port", "cell", "rule",
        "selector")
# What counts, and what is numbered by chance.
MOVING = {"stats", "host-stats", "generation", "packets", "bytes",
          "would-packets", "would-bytes", "ifindex", "bridge-ifindex",
          "events", "events-lost", "events-limited", "pairs",
          "pairs-evicted", "pairs-evicted-packets", "internal-dropped",
          "unmanaged-dropped", "lockdown-dropped", "warnings",
          "rollback-generation"}
# Freed a moment after what used it, and what time does.  Flows end by themselves,
# and are told of once a policy with stateful rules was prepared.
LATE = {SETS["status"][name] for name in SETS["status"] if name in (
    "cell-memory", "confirm-left", "zones") or name.startswith("flows")}
MOVES = {which: {SETS[which][name] for name in MOVING & set(SETS[which])}
         for which in WHAT}
MOVES["status"] |= LATE


def _attrs(body, leave_out):
    return tuple((number, payload) for number, payload, _ in attrs_of(body)
                 if number not in leave_out)


def _bodies(genl, which):
    dump = which not in ("status", "settings")
    while True:
        found = genl.raw(genl.family, COMMANDS[which + "-get"], dump=dump)
        if not genl.interrupted:
            return found


def policy(genl):
    """Everything that makes a policy, and nothing that moves."""
    return {which: sorted(_attrs(body, MOVES[which])
                          for body in _bodies(genl, which))
            for which in WHAT}


def status(genl):
    """Generation, totals, and how much there is of everything."""
    body, = _bodies(genl, "status")
    return _attrs(body, LATE)


def totals(genl):
    """Frames passed and dropped so far."""
    stats = dict(status(genl))[SETS["status"]["stats"]]
    found = dict(_attrs(stats, ()))
    return tuple(int.from_bytes(found[SETS["stats"][name]], "little")
                 for name in ("rx-packets", "rx-dropped"))


def changes(old, new):
    """Lines about what differs between two policies, for a reader."""
    lines = []
    for which in WHAT:
        texts = [{json.dumps(named(which, item), sort_keys=True)
                  for item in told[which]} for told in (old, new)]
        lines += [f"- {which} {text}" for text in sorted(texts[0] - texts[1])]
        lines += [f"+ {which} {text}" for text in sorted(texts[1] - texts[0])]
    return lines[:20]


def named(which, item):
    return decode(which, b"".join(vsegnl.attr(number, payload)
                                  for number, payload in item))
