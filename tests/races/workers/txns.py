# SPDX-License-Identifier: GPL-2.0
"""Transactions whose owner dies in the middle, or that are never committed."""

import os
import subprocess
import time

from check import attrs, die_hard
from edits import (begin, bind, bridge, cell_set, domain, guard_of, list_set,
                   send)
from policies import ALLOW, DENY
from stage import Worker
from vsegnl import Genl, Refused

TOOL = ("vsegctl", "-b", "-")


class Txns(Worker):
    """They write nothing that is ever in force, so they never wait: also while
    the module goes."""

    pause = 0.1

    def step(self):
        what = self.random.choice([self.killed, self.killed, self.many,
                                   self.stolen, self.tool])
        what()
        self.counts["txns_killed"] += 1

    def requests(self):
        name = f"t{self.random.randrange(1000)}"
        found = [domain("add", name), cell_set((name, "d0"), ALLOW),
                 *list_set((name, "d1"), (("low", ALLOW), ("sender", DENY)), None),
                 cell_set(("d0", "d1"), DENY),
                 bind("a", name, guard_of("foreign", None)),
                 domain("add", name + "x"), bridge("del", "cb0"),
                 bind("b", "d0"), domain("del", name + "x")]
        return found[:self.random.randrange(1, len(found) + 1)]

    def killed(self):
        """By a signal, with its edits made, or while it makes them."""
        self.forget_genl()
        child = os.fork()
        if not child:
            try:
                genl = Genl()
                cookie = begin(genl)
                for one in self.requests():
                    send(genl, cookie, [one])
            finally:
                die_hard()
        os.waitpid(child, 0)

    def many(self):
        """Several at once; some end by their socket, some by abort."""
        held = []
        try:
            for _ in range(self.random.randrange(1, 20)):
                genl = Genl()
                held.append(genl)
                cookie = begin(genl)
                send(genl, cookie, self.requests()[:2])
                if self.random.random() < 0.3:
                    genl.call("abort", attrs("txn", cookie=cookie))
        finally:
            for genl in held:
                genl.close()

    def stolen(self):
        """A cookie opens nothing on another socket."""
        mine, other = Genl(), Genl()
        try:
            cookie = begin(mine)
            try:
                send(other, cookie, [domain("add", "stolen")])
            except Refused:
                return
            # Nothing was said: then the module is gone, and mine is too.
        finally:
            mine.close()
            other.close()

    def tool(self):
        """The command, killed between two lines of its batch."""
        with subprocess.Popen(TOOL, stdin=subprocess.PIPE,
                              stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL) as child:
            child.stdin.write(b"domain add tool\npolicy allow tool d0\n")
            child.stdin.flush()
            # So long may it live; it needs some of that to begin.
            time.sleep(self.random.random() * 0.3)
            child.kill()
