# SPDX-License-Identifier: GPL-2.0
"""Readers: dumps and requests, files in /sys, listeners, the command."""

import glob
import subprocess
import time

from stage import Worker, Wrong
from vsegnl import COMMANDS, Genl, attrs_of, SETS

DUMPS = ("port-get", "domain-get", "bridge-get", "cell-get", "pair-get",
         "rule-get", "selector-get")
TOOLS = (("vsegctl", "-j", "stats"), ("vsegctl", "port"),
         ("vsegctl", "-j", "status"), ("vsegctl", "monitor", "drops"),
         ("vsegctl", "monitor"), ("vsegctl", "-j", "monitor", "config"))


class Dumps(Worker):
    """Netlink dumps as fast as they come."""

    pause = 0.03

    def step(self):
        command = self.random.choice(DUMPS + DUMPS[:1] * 4)
        genl = self.genl()
        bodies = genl.raw(genl.family, COMMANDS[command], dump=True)
        self.counts["dumps"] += 1
        if genl.interrupted:
            self.counts["dumps_interrupted"] += 1
        elif command == "port-get":
            self.no_twins(bodies)
        if self.random.random() < 0.2:
            genl.call("status-get")
            genl.call("settings-get")

    @staticmethod
    def no_twins(bodies):
        """Of one generation: each port is in it once."""
        number = SETS["port"]["ifindex"]
        found = [payload for body in bodies
                 for key, payload, _ in attrs_of(body) if key == number]
        if len(found) != len(set(found)):
            raise Wrong("a port is twice in one dump")


class Files(Worker):
    """Files in /sys, also those that go while they are read."""

    pause = 0.1

    def step(self):
        paths = (glob.glob("/sys/class/net/*/vseg/*") +
                 glob.glob("/sys/kernel/vseg/totals/*") +
                 glob.glob("/sys/kernel/vseg/*/*/*"))
        held = None
        for path in self.random.sample(paths, min(len(paths), 60)):
            with self.racing():
                with open(path, "rb") as file:
                    file.read()
                self.counts["files"] += 1
                if not held:
                    # pylint: disable=consider-using-with
                    held = open(path, "rb")
        if held:
            # It may be gone by now.
            with self.racing():
                time.sleep(0.02)
                held.seek(0)
                held.read()
            held.close()


class Listens(Worker):
    """Listeners that come and go, some too slow to keep up."""

    pause = 0.2

    def step(self):
        if self.random.random() < 0.3:
            self.tool()
            return
        genl = Genl(groups=("config", "drops"),
                    rcvbuf=self.random.choice([0, 4096]))
        try:
            for _ in range(self.random.randrange(1, 6)):
                time.sleep(0.1 * self.random.random())
                events = genl.events()
                self.counts["events"] += len(events)
        finally:
            genl.close()

    def tool(self):
        """A command that may be killed before it ends; some never would."""
        with subprocess.Popen(self.random.choice(TOOLS),
                              stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL) as child:
            try:
                status = child.wait(3 * self.random.random())
                self.counts["tools"] += 1
                if status not in (0, 2, 3):
                    raise Wrong(f"{child.args} ended with {status}")
            except subprocess.TimeoutExpired:
                child.kill()
