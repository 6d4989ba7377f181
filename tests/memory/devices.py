# SPDX-License-Identifier: GPL-2.0
"""Bridges and ports come, go, and change their names under a policy."""

import os

import links
from scene import enter, soon
from sweep import Operation
from vsegnl import Failed

BR9 = ("bridge-add", {"name": "br9"})


class Device(Operation):
    """Something that the module's notifier hears of.  A veto that the core
    tells itself has no words of ours.
    """

    words, tells = False, True
    edits = ()

    def setup(self, scene):
        if self.edits:
            scene.edits(*self.edits)
        self.make(scene)

    def make(self, scene):
        """Devices that the tries are about."""

    def prepare(self, scene):
        scene.links.know()


class BridgeAppears(Device):
    """A bridge is made that the policy names: managed, or not made at all."""

    edits, least = (BR9,), 6

    def act(self, scene):
        scene.links.bridge("br9", up=False)

    def undo(self, scene):
        scene.links.delete("br9")

    def refused(self, scene):
        if links.exists("br9"):
            raise Failed("there is a bridge br9, and it isn't managed")


class BridgeGoes(Device):
    """It is deleted: nothing may stop that."""

    modes = ("ours", "any")
    edits, least, may_refuse = (BR9,), 0, False

    def make(self, scene):
        scene.links.bridge("br9", up=False)

    def act(self, scene):
        scene.links.delete("br9")

    def undo(self, scene):
        self.make(scene)


class BridgeRenamed(Device):
    """A bridge takes a name that the policy names."""

    edits, least = (BR9,), 10

    def make(self, scene):
        scene.links.bridge("old9", up=False)

    def act(self, scene):
        scene.links.rename("old9", "br9")

    def undo(self, scene):
        scene.links.rename("br9", "old9")

    def refused(self, scene):
        if links.exists("br9") or not links.exists("old9"):
            raise Failed("the bridge has the new name, and isn't managed")


class BridgeLeft(BridgeRenamed):
    """It gives its name up: nothing may stop that."""

    least, may_refuse = 0, False

    def make(self, scene):
        super().make(scene)
        BridgeRenamed.act(self, scene)

    def act(self, scene):
        scene.links.rename("br9", "old9")

    def undo(self, scene):
        scene.links.rename("old9", "br9")

    def refused(self, scene):
        if not links.exists("br9"):
            raise Failed("the bridge has the new name")


class PortJoins(Device):
    """Joining a managed bridge is refused where the port can't be followed."""

    modes, least, words = ("ours", "any"), 30, True

    def make(self, scene):
        scene.links.add("p9", "dummy")

    def act(self, scene):
        scene.links.master("p9", "br0")

    def done(self, scene):
        self.known(scene)

    def undo(self, scene):
        scene.links.master("p9", None)

    def refused(self, scene):
        if scene.links.master_of("p9"):
            raise Failed("the port is in the bridge")

    @staticmethod
    def known(scene, name="p9"):
        """A worker reads the VLANs of a port that has joined."""
        soon("the port's VLAN is known", lambda: "untagged-vlan" in
             scene.ask("port-get", ifname=name))


class PortLeaves(PortJoins):
    """Leaving can't be refused; the label dies."""

    least, may_refuse = 0, False
    bind = ("port-bind", {"ifname": "p9", "domain": "web"})

    def make(self, scene):
        PortJoins.make(self, scene)
        PortLeaves.undo(self, scene)

    def act(self, scene):
        scene.links.master("p9", None)

    def done(self, scene):
        """It has no VLAN any more."""

    def undo(self, scene):
        scene.links.master("p9", "br0")
        self.known(scene)
        scene.edits(self.bind)

    def refused(self, scene):
        if scene.links.master_of("p9") != "br0":
            raise Failed("the port has left the bridge")


class PortMoves(PortJoins):
    """From one managed bridge to another in one request."""

    modes, edits, least, halfway = ("ours",), (BR9,), 30, True

    def make(self, scene):
        super().make(scene)
        scene.links.bridge("br9")
        PortMoves.undo(self, scene)

    def act(self, scene):
        scene.links.master("p9", "br9")

    def done(self, scene):
        """No trunk port is there: nobody asks for VLANs."""

    def undo(self, scene):
        scene.links.master("p9", "br0")
        self.known(scene)

    def refused(self, scene):
        """The core has taken it out of the first bridge by then."""
        if scene.links.master_of("p9") == "br9":
            raise Failed("the port is in the second bridge")
        scene.links.master("p9", "br0")


class PortRenamed(PortJoins):
    """A port keeps its label whatever its name."""

    least, may_refuse, tells = 0, False, False
    edits = ()

    def make(self, scene):
        super().make(scene)
        scene.links.master("p9", "br0")

        self.known(scene)

    def act(self, scene):
        scene.links.rename("p9", "p9new")

    def done(self, scene):
        self.known(scene, "p9new")

    def undo(self, scene):
        scene.links.rename("p9new", "p9")

    def refused(self, scene):
        if not links.exists("p9"):
            raise Failed("the port has the new name")


class PortExpelled(PortLeaves):
    """A port is moved to another namespace."""

    modes = ("ours",)

    def setup(self, scene):
        enter(None)
        self.other = links.netns()
        enter(scene.netns)
        super().setup(scene)

    def act(self, scene):
        scene.links.move("p9", self.other)

    def undo(self, scene):
        enter(self.other)
        try:
            there = links.Links()
            there.move("p9", scene.netns)
            there.close()
        finally:
            enter(scene.netns)
        scene.links.set("p9", up=True)
        super().undo(scene)

    def teardown(self, scene):
        os.close(self.other)


def operations():
    yield BridgeAppears("bridge-appears")
    yield BridgeGoes("bridge-goes")
    yield BridgeRenamed("bridge-renamed")
    yield BridgeLeft("bridge-left")
    yield PortJoins("port-joins")
    yield PortLeaves("port-leaves")
    yield PortMoves("port-moves")
    yield PortRenamed("port-renamed")
    yield PortExpelled("port-expelled")
