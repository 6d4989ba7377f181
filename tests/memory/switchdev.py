# SPDX-License-Identifier: GPL-2.0
"""A port that hardware forwards for can't have a domain: no failing memory,
but no kernel of Debian's has the device that plays the hardware.
"""

import errno
import os
import socket

from fault import put
from scene import Scene, soon
from sweep import Operation
from vsegnl import Failed, Refused

BUS = "/sys/bus/netdevsim/"
NUMBER = 77


class Switchdev(Operation):
    """netdevsim's port is refused by itself and as the lower of another, with
    all that stands in the same transaction; it stays unlabelled.
    """

    def run(self, sweep):
        if not os.path.isdir(BUS):
            return None
        scene = Scene()
        try:
            before = socket.if_nameindex()
            put(BUS + "new_device", f"{NUMBER} 1")
            name = self.device(before)
            scene.links.master(name, "br0")
            scene.links.set(name, up=True)
            self.refuses(scene, name)
            self.silent(scene, name)
            scene.links.master(name, None)
            scene.links.vlan_device("upper", name, 5)
            scene.links.master("upper", "br0")
            self.refuses(scene, "upper")
        finally:
            if os.path.isdir(f"/sys/bus/netdevsim/devices/netdevsim{NUMBER}"):
                put(BUS + "del_device", NUMBER)
            scene.close()
        return {}

    @staticmethod
    def device(before):
        """The new one; it is made where it is asked for."""
        soon("the device of netdevsim",
             lambda: len(socket.if_nameindex()) > len(before))
        new, = set(socket.if_nameindex()) - set(before)
        return new[1]

    @staticmethod
    def refuses(scene, name):
        before = scene.view()
        for edits in ([], [("domain-add", {"name": "late"})]):
            try:
                scene.edits(*edits, ("port-bind", {"ifname": name,
                                                   "domain": "web"}))
            except Refused as error:
                if error.errno != errno.EOPNOTSUPP or (
                        "hardware forwards" not in error.msg):
                    raise Failed(f"{name}: {error}") from error
            else:
                raise Failed(f"{name} got a domain")
            if scene.view() != before:
                raise Failed(f"{name}: the refusal changed the policy")
        if scene.ask("port-get", ifname=name)["kind"] != "unlabelled":
            raise Failed(f"{name} isn't unlabelled")
        scene.probe()

    @staticmethod
    def silent(scene, name):
        """What goes there is dropped and counted."""
        drops = scene.ask("port-get", ifname=name)["stats"]["tx-dropped"]
        scene.end("a").send(b"\xff" * 6 + b"\2\0\0\0\0\1" + b"\x88\xb5" +
                            b"\0" * 46)
        stats = scene.ask("port-get", ifname=name)["stats"]
        if stats["tx-packets"] or stats["tx-dropped"] <= drops:
            raise Failed(f"{name} is told something: {stats}")


def operations():
    yield Switchdev("switchdev")
