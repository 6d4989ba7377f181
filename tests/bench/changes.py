#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Changes the policy over and over until it gets SIGTERM.

usage: changes.py SOURCE DEST [--nowait] [--rate N]
       changes.py --command COMMAND...

One cell is denied and allowed again, each time in a transaction of its own; or
the command runs.  Without a rate as often as it can.  /run/changing is there
from the first change on.  Prints at last how many changes there were, and the
most kilobytes that the kernel had for itself more than before.
"""

import os
import signal
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)) + "/../tools")
# pylint: disable=wrong-import-position
import cost  # noqa: E402
import vsegnl  # noqa: E402
from check import attrs  # noqa: E402

LOOK = 20    # changes between two looks at the memory


def by_command(words):
    def change(_number):
        subprocess.run(words, check=True)
    return change


def by_netlink(words):
    nowait = "--nowait" in words
    genl = vsegnl.Genl()
    flags = vsegnl.ENUMS["txn-flags"]["nowait"]

    def change(number):
        cookie = genl.call("begin")[0]["cookie"]
        genl.call("cell-set", attrs("cell", cookie=cookie, src=words[0],
                                    dst=words[1], action=number % 2))
        genl.call("commit", attrs("txn", cookie=cookie) + (
            vsegnl.attr(vsegnl.SETS["txn"]["flags"], vsegnl.u32(flags))
            if nowait else b""))
    return change


def main(words):
    def stop(*_):
        nonlocal going
        going = False

    going, number = True, 0
    change = by_command(words[1:]) if words[0] == "--command" else \
        by_netlink(words)
    step = 1 / int(words[words.index("--rate") + 1]) if "--rate" in words \
        else 0
    before = most = cost.kernel_memory()
    signal.signal(signal.SIGTERM, stop)
    due = time.monotonic()
    while going:
        change(number)
        if not number:
            with open("/run/changing", "w", encoding="ascii"):
                pass
        number += 1
        if number % LOOK == 0:
            most = max(most, cost.kernel_memory())
        due = max(due + step, time.monotonic() - 1)
        time.sleep(max(0, due - time.monotonic()) if step else 0)
    print(number, most - before)


if __name__ == "__main__":
    main(sys.argv[1:])
