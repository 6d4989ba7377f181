# SPDX-License-Identifier: GPL-2.0
"""Bridges that are deleted, made again, renamed, managed or not, in between
each other and under noise.

cb1 and cb2 are managed, cb3 is a name that gets managed at times.  n1 and n2
are their ports that noise comes from.
"""

import os

from edits import bind, bridge, unbind
from stage import Worker

HOMES = {"cb1": "n1", "cb2": "n2"}


class Bridges(Worker):
    """One of them: it knows what its bridges are called."""

    def step(self):
        name = self.random.choice(sorted(HOMES))
        what = self.random.choice([self.again, self.rename, self.swap,
                                   self.twin, self.twin, self.bind_all,
                                   self.mode])
        with self.racing():
            what(name)
        self.mend(name)

    @staticmethod
    def exists(name):
        return os.path.exists("/sys/class/net/" + name)

    def mend(self, name):
        """As it was: a bridge of this name, managed, with its port."""
        with self.racing():
            if not self.exists(name):
                self.rtnl.add_bridge(name)
            if not self.exists(f"{name}/brif/{HOMES[name]}"):
                self.rtnl.set(HOMES[name], master=name)
        for other in ("cb3", "cbx"):
            with self.racing():
                if self.exists(other):
                    self.rtnl.delete(other)
        with self.racing():
            managed = [one["name"] for one in self.genl().dump("bridge-get")]
            requests = [bridge("del", "cb3")] * ("cb3" in managed)
            requests += [bridge("add", name, False)] * (name not in managed)
            if requests:
                self.put(requests)

    def again(self, name):
        """Deleted and made again under its name, under everybody's feet."""
        self.rtnl.delete(name)
        if self.random.random() < 0.3:
            self.put([bridge("set", name, self.random.randrange(2))])
        self.rtnl.add_bridge(name)
        self.rtnl.set(HOMES[name], master=name)
        self.counts["bridges_again"] += 1

    def rename(self, name):
        """Away, and back: its ports are unlabelled then."""
        self.rtnl.set(name, name="cbx")
        if self.random.random() < 0.5:
            self.rtnl.set("cbx", name=name)
        self.counts["bridge_renames"] += 1

    def swap(self, _):
        """cb1 is cb2 now, and cb2 is cb1."""
        self.rtnl.set("cb1", name="cbx")
        self.rtnl.set("cb2", name="cb1")
        self.rtnl.set("cbx", name="cb2")
        for home, port in HOMES.items():
            self.rtnl.set(port, master=home)
        self.counts["bridge_renames"] += 3

    def twin(self, name):
        """A commit takes the bridge away, a rename brings it back before the
        commit is settled: the kernel has it twice for a while."""
        with self.racing():
            self.put([bridge("add", "cb3", self.random.randrange(2))])
        self.put([bridge("del", name)], nowait=True)
        self.rtnl.set(name, name="cb3")
        self.counts["twins"] += 1
        if self.random.random() < 0.3:
            # Or not: then it is there once.
            self.put([])
        after = self.random.choice([
            lambda: self.rtnl.delete("cb3"),
            lambda: self.rtnl.set(HOMES[name], master=""),
            lambda: self.rtnl.set("cb3", name="cbx"),
            lambda: self.rtnl.set("cb3", name=name),
            lambda: self.put([bind(HOMES[name], "noise")]),
            lambda: self.genl().dump("port-get")])
        after()

    def bind_all(self, name):
        requests = [bind(HOMES[name], "noise")]
        if self.random.random() < 0.3:
            requests += [unbind(HOMES[name])]
        self.put(requests, self.random.random() < 0.5)

    def mode(self, name):
        self.put([bridge("set", name, self.random.randrange(2))],
                 self.random.random() < 0.5)
