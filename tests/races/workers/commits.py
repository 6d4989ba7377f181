# SPDX-License-Identifier: GPL-2.0
"""Commits that change what the checked ends may do, one after the other.

Each is written down with the times around it, see judge.c.  At times the policy
is taken out of force, the module maybe reloaded, and a fresh policy committed.
"""

import contextlib
import errno
import os
import subprocess
import time

import policies
from edits import (begin, bind, bridge, cell_set, commit, domain, edits, send)
from stage import TRIES, Worker, Wrong
from vsegnl import Refused

# What the other workers find: their bridges and domains.  Nobody reaches quiet.
FRAME = ([domain("add", name) for name in policies.DOMAINS] +
         [domain("add", "quiet"), domain("add", "noise")] +
         [bridge("add", name, False)
          for name in ("br0", "br1", "cb0", "cb1", "cb2", "cbv")] +
         [bind("n0", "noise"),
          cell_set(("noise", "quiet"), policies.DENY),
          cell_set(("host", "quiet"), policies.DENY)])

# Between two times without a policy, in s.
OFF_EVERY = 10


class Commits(Worker):
    """The only one that touches what the checked ends depend on."""

    pause = 0.05

    def __init__(self, stage, number):
        super().__init__(stage, number)
        self.policy = None
        self.macs = {end.name: bytes.fromhex(end.mac.replace(":", ""))
                     for end in stage.ends}
        self.off_at = time.monotonic() + OFF_EVERY / 2
        # pylint: disable=consider-using-with
        self.log = open(os.path.join(stage.path, "policies"), "w",
                        encoding="ascii")
        self.write(0, 0, None)

    def write(self, before, after, policy):
        """One policy for the judge; None lets everything pass."""
        masks = (policy.masks(self.stage.ends) if policy
                 else [0xffffffff] * len(policies.KINDS) *
                 (1 + 2 * len(self.stage.ends)) +
                 [0] * len(policies.KINDS) * len(self.stage.ends))
        print(before, after, *(f"{mask:x}" for mask in masks), file=self.log)

    def change_to(self, new, requests):
        """In force, whatever else is committed meanwhile."""
        for _ in range(TRIES):
            if self.commit(new, requests):
                return
        # A large one on a busy machine: others keep coming first.
        with self.stage.alone():
            while not self.commit(new, requests):
                pass

    def commit(self, new, requests):
        """Once; false where another commit came first."""
        while True:
            try:
                cookie = begin(self.genl())
            except Refused as refused:
                # Others have all transactions open.
                if refused.errno != errno.EBUSY:
                    raise
                time.sleep(0.01)
                continue
            try:
                send(self.genl(), cookie, requests)
                nowait = self.random.random() < 0.3
                before = time.monotonic_ns()
                commit(self.genl(), cookie, nowait)
                after = time.monotonic_ns()
            except Refused as refused:
                if refused.errno != errno.ESTALE:
                    raise
                self.counts["stale"] += 1
                return False
            self.write(before, after, new)
            self.policy = new
            self.counts["commits"] += 1
            self.counts["nowait"] += nowait
            self.count(requests)
            return True

    def count(self, requests):
        """Edits that came into force, of those that are new in them."""
        commands = [command for command, _ in requests]
        for name in ("rule-add", "rule-del", "domain-set"):
            self.counts[name.replace("-", "_")] += commands.count(name)

    def fresh(self):
        first = policies.Policy()
        new = policies.successor(first, self.random)
        new.managed["br1"] = True
        frame = FRAME
        if new.monitored:
            frame = FRAME + [bridge("set", "br1", True)]
        first.monitored = new.monitored
        self.change_to(new, frame + edits(first, new, self.macs))

    def off(self):
        before = time.monotonic_ns()
        self.genl().call("off")
        self.write(before, time.monotonic_ns(), None)
        self.policy = None
        self.counts["offs"] += 1

    def reload(self):
        self.forget_genl()

        def gone():
            return not subprocess.run(["rmmod", "vseg"], check=False,
                                      stderr=subprocess.DEVNULL).returncode
        # A namespace that is being taken apart has a policy for a moment yet, and
        # a dump holds the module as well.
        self.wait(60, gone, "the module is gone")
        subprocess.run(["insmod", self.stage.module], check=True)
        self.counts["reloads"] += 1

    def step(self):
        if not self.policy:
            with self.stage.closed():
                self.fresh()
        elif time.monotonic() > self.off_at:
            with self.stage.closed():
                self.off()
                if self.random.random() < 0.6:
                    self.reload()
                self.fresh()
            self.off_at = time.monotonic() + OFF_EVERY
        else:
            self.change()

    def change(self):
        new = policies.successor(self.policy, self.random)
        renew = []
        if self.random.random() < 0.2:
            renew = [self.random.choice(policies.DOMAINS)]
            self.counts["renewed"] += 1
        self.change_to(new, edits(self.policy, new, self.macs, renew))

    def racing(self):
        """Nothing that it asks for may be refused."""
        return contextlib.nullcontext()

    def finish(self):
        self.log.close()
        if not self.policy:
            raise Wrong("the last policy was never committed")
