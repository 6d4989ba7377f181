# SPDX-License-Identifier: GPL-2.0
"""On the way of a frame: what is counted and told when there is no memory."""

import time

import rtnl
import told
import vsegnl
from events import TICK
from fault import put, working
from scene import PROBES, soon
from sweep import Operation
from vsegnl import Failed

PARAMETERS = "/sys/module/vseg/parameters/"


class Frame(Operation):
    """A frame on its way.  The module allocates nothing for it, so only what
    the kernel around it does can fail, and then the frame is lost; what is
    denied never arrives.
    """

    modes, least, most, may_refuse = ("ours", "any"), 0, 0, False

    def __init__(self, name, probe):
        super().__init__(name)
        self.source, self.dest, self.words, self.arrives = probe
        self.got = False

    def act(self, scene):
        self.got = scene.send(self.source, self.dest, self.words)

    def done(self, scene):
        if self.got and not self.arrives:
            raise Failed(f"the frame from {self.source} to {self.dest} "
                         "arrived")


class Told(Operation):
    """Work that a dropped frame leaves to a worker."""

    modes = ("workers",)

    def setup(self, scene):
        put(PARAMETERS + "event_rate", 1000000)
        put(PARAMETERS + "event_burst", 1000000)
        self.listener = vsegnl.Genl(groups=["drops"])
        # It hears of drops from the next tick on; before, nobody was told anything.
        time.sleep(TICK)
        self.untold = self.late(scene)

    @staticmethod
    def late(scene):
        """Drops that no event has been sent, lost or kept back for."""
        status = scene.ask("status-get")
        return told.totals(scene.nl())[1] - sum(
            status.get(name, 0)
            for name in ("events", "events-lost", "events-limited"))

    def counts(self, scene):
        status = scene.ask("status-get")
        return status.get("events", 0), status.get("events-lost", 0)

    def prepare(self, scene):
        """What the probes have left behind comes later on a busy machine."""
        soon("events of all drops before",
             lambda: self.late(scene) == self.untold)
        self.before = self.counts(scene)

    def act(self, scene):
        if scene.send("b", "a"):
            raise Failed("a denied frame arrived")

    def work(self, scene, fired):
        soon("an event, or its loss is counted",
             lambda: self.counts(scene) != self.before)
        soon("the worker is through", lambda: not working("vseg"))

    def done(self, scene):
        """An event is sent or counted as lost, and the reader knows."""
        soon("an event, or its loss is counted",
             lambda: self.counts(scene) != self.before)
        sent, lost = self.counts(scene)
        events = self.listener.events()
        if sent - self.before[0] + lost - self.before[1] != 1:
            raise Failed(f"one frame, and {sent} events sent, {lost} lost "
                         f"after {self.before}")
        if sent > self.before[0] and not events:
            raise Failed("the event was sent, and didn't come")

    def teardown(self, scene):
        self.listener.close()
        put(PARAMETERS + "event_rate", 10)
        put(PARAMETERS + "event_burst", 20)


class Vlan(Operation):
    """VLANs of a port change: what the policy says of the new ones counts,
    and until they are known the frame is dropped.
    """

    modes, least, may_refuse = ("workers", "any"), 1, False

    def prepare(self, scene):
        scene.links.know()

    def act(self, scene):
        scene.links.vlan("g", 20, flags=rtnl.VLAN_UNTAGGED)

    def passes(self, scene):
        return scene.send("t", "g", ("vlan=10",))

    def work(self, scene, fired):
        soon("the worker is through", lambda: (
            fired() or self.ambiguous(scene)) and not working("vseg"))

    def ambiguous(self, scene):
        return scene.ask("port-get", ifname="g").get("vlan-ambiguous")

    def done(self, scene):
        """10 is web and 20 is db, so nobody knows what comes untagged."""
        if self.passes(scene):
            raise Failed("a frame passes whose VLAN can't be told")
        soon("g is known to be ambiguous", lambda: self.ambiguous(scene))

    def undo(self, scene):
        scene.links.vlan("g", 20, add=False)
        soon("frames pass again", lambda: self.passes(scene))

    def refused(self, scene):
        soon("frames pass as before", lambda: self.passes(scene))


class VlanGone(Vlan):
    """The other way round: the port becomes clear again."""

    def setup(self, scene):
        Vlan.act(self, scene)
        Vlan.done(self, scene)

    probes = tuple(probe for probe in PROBES if probe[0] != "t")

    def act(self, scene):
        scene.links.vlan("g", 20, add=False)

    def work(self, scene, fired):
        soon("the worker is through", lambda: (
            fired() or not self.ambiguous(scene)) and not working("vseg"))

    def done(self, scene):
        soon("frames pass again", lambda: self.passes(scene))

    def undo(self, scene):
        scene.links.vlan("g", 20, flags=rtnl.VLAN_UNTAGGED)
        Vlan.done(self, scene)

    def refused(self, scene):
        if self.passes(scene):
            raise Failed("a frame passes whose VLAN can't be told")


def operations():
    for number, probe in enumerate(PROBES):
        yield Frame(f"frame-{probe[0]}-{probe[1]}", probe)
    yield Told("event")
    yield Vlan("vlan-add")
    yield VlanGone("vlan-del")
