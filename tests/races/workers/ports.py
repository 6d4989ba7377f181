# SPDX-License-Identifier: GPL-2.0
"""Ports that come and go, under the noise of n0 and of the checked ends.

None of them may get a frame: in br0 they are unlabelled, in cb0 at most quiet,
where nobody is allowed to.  A device counts what its bridge sends to it.
"""

from edits import bind, unbind
from stage import Worker, Wrong

ALIVE = 5


class Ports(Worker):
    """Several of them work at once, each with ports of its own."""

    def __init__(self, stage, number):
        super().__init__(stage, number)
        self.made, self.ports = 0, {}

    def add(self):
        self.made += 1
        name = f"p{self.number}-{self.made}"
        # In the bridge from its first moment, or later.
        bridge = self.random.choice(["cb0", "br0", None])
        epoch = self.stage.epoch
        self.rtnl.add(name, "dummy", master=bridge)
        self.ports[name] = [bridge, epoch]
        self.counts["ports"] += 1

    def check(self, name):
        """Nothing came, if a policy was in force all the time."""
        epoch = self.ports[name][1]
        path = f"/sys/class/net/{name}/statistics/tx_packets"
        with open(path, encoding="ascii") as file:
            got = int(file.read())
        if epoch % 2 or epoch != self.stage.epoch:
            return
        if got:
            raise Wrong(f"port {name} got {got} frames")
        self.counts["ports_checked"] += 1

    def delete(self, name):
        self.check(name)
        self.rtnl.delete(name)
        del self.ports[name]

    def move(self, name):
        bridge = self.random.choice(["cb0", "br0", ""])
        self.rtnl.set(name, master=bridge)
        self.ports[name][0] = bridge
        self.counts["moves"] += 1

    def rename(self, name):
        self.made += 1
        new = f"p{self.number}-{self.made}"
        self.rtnl.set(name, name=new)
        self.ports[new] = self.ports.pop(name)

    def label(self, name):
        """Only in cb0: who is quiet in br0 may be sent frames by the others."""
        if self.ports[name][0] != "cb0":
            return
        request = self.random.choice([
            bind(name, "quiet"), bind(name, "quiet"), unbind(name),
            bind(name, {0: "quiet", 10: "quiet"}), bind(name, {0: None})])
        with self.stage.writing():
            self.genl().call(*request)
        self.counts["relabels"] += 1

    def leave(self, name):
        """While it has two bindings: a commit that isn't settled, and then it
        is gone."""
        if self.ports[name][0] != "cb0":
            return
        with self.racing():
            self.put([bind(name, "quiet")], nowait=True)
        if self.random.random() < 0.5:
            self.delete(name)
        else:
            self.rtnl.set(name, master="")
            self.ports[name][0] = ""
        self.counts["leaves"] += 1

    def step(self):
        if len(self.ports) < 2 or (len(self.ports) < ALIVE and
                                   self.random.random() < 0.3):
            self.add()
            return
        name = self.random.choice(sorted(self.ports))
        what = self.random.choice([self.delete, self.move, self.rename,
                                   self.label, self.label, self.leave,
                                   self.leave])
        what(name)

    def finish(self):
        for name in list(self.ports):
            self.delete(name)
