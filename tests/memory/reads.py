# SPDX-License-Identifier: GPL-2.0
"""What only looks: requests, dumps, subscriptions, files in /sys."""

import ctypes
import os
import tempfile

import check
import vsegnl
from ends import LIBC
from fault import working
from scene import ALLOW, soon
from sweep import Operation
from vsegnl import Failed

# name: (least of ours, command, attributes or None for a dump)
READS = {
    "status-get": (1, "status-get", {}),
    "settings-get": (1, "settings-get", {}),
    "domain-get": (1, "domain-get", {"name": "web"}),
    "bridge-get": (1, "bridge-get", {"name": "br0"}),
    "port-get": (1, "port-get", {"ifname": "t"}),
    "cell-get": (2, "cell-get", {"src": "web", "dst": "db"}),
    "domain-dump": (1, "domain-get", None),
    "bridge-dump": (0, "bridge-get", None),
    "port-dump": (0, "port-get", None),
    "cell-dump": (1, "cell-get", None),
    "pair-dump": (0, "pair-get", None),
    "selector-dump": (0, "selector-get", None),
    "rule-dump": (1, "rule-get", None),
    "log-dump": (0, "log-get", None),
    "decide": (1, "decide", {"src": "web", "dst": "db"}),
}


class Read(Operation):
    """Either all of the answer comes, or an error."""

    modes = ("ours", "core")

    def __init__(self, name, least, command, values):
        super().__init__(name)
        self.least, self.command, self.values = least, command, values
        self.want = None

    def prepare(self, scene):
        # What a failed dump left on its way belongs to its socket.
        scene.reopen()
        if self.want is None:
            self.want = self.look(scene)

    def lost(self, scene):
        scene.reopen()

    def look(self, scene):
        which = vsegnl.set_of(self.command)
        found = scene.nl().call(self.command,
                                check.attrs(which, **self.values or {}),
                                dump=self.values is None)
        for item in found:
            for key in ("first-ms", "last-ms", "cell-memory"):
                item.pop(key, None)
        return found

    def act(self, scene):
        self.got = self.look(scene)

    def done(self, scene):
        # The probes in between were counted: what is told apart is whether
        # all of it is there.
        if [sorted(one) for one in self.got] != [
                sorted(one) for one in self.want]:
            raise Failed(f"the answer is {self.got}, not like {self.want}")


class Subscribe(Operation):
    """Join a group of notifications: the module isn't even asked."""

    modes, least = ("any",), 1

    def __init__(self, group):
        super().__init__("subscribe-" + group)
        self.group, self.reader = group, None

    def prepare(self, scene):
        self.reader = vsegnl.Genl()

    def act(self, scene):
        self.reader.sock.setsockopt(
            vsegnl.SOL_NETLINK, vsegnl.NETLINK_ADD_MEMBERSHIP,
            self.reader.groups[self.group])

    def refused(self, scene):
        self.act(scene)
        self.done(scene)

    def done(self, scene):
        """What happens next is told."""
        if self.group == "config":
            scene.ask("settings-set", flood_events=0)
            soon("an event", self.reader.events)
        else:
            soon("an event", lambda: self.dropped(scene))
        self.reader.close()

    def dropped(self, scene):
        """Drops are told from the next tick on."""
        scene.send("b", "a")
        return self.reader.events()


class Sysfs(Operation):
    """Files of a port, a domain and a cell: a right value or an error."""

    modes, least = ("any",), 20
    FILES = ("class/net/a/vseg/rx_packets", "class/net/br0/vseg/mode",
             "class/net/t/vseg/domain", "kernel/vseg/totals/generation",
             "kernel/vseg/domains/web/id", "kernel/vseg/cells/web:db/action")

    def setup(self, scene):
        """What /sys shows is the namespace that mounted it."""
        self.root = tempfile.mkdtemp(prefix="vseg-sys.")
        if LIBC.mount(b"sysfs", self.root.encode(), b"sysfs", 0, None):
            raise OSError(ctypes.get_errno(), "mount sysfs")
        soon("files in /sys", lambda: self.there(*self.FILES))

    def there(self, *names):
        return all(os.path.exists(f"{self.root}/{name}") for name in names)

    def act(self, scene):
        self.got = []
        for name in self.FILES:
            file = os.open(f"{self.root}/{name}", os.O_RDONLY)
            try:
                self.got.append(os.read(file, 100).decode().strip())
            finally:
                os.close(file)

    def teardown(self, scene):
        LIBC.umount2(self.root.encode(), 2)
        os.rmdir(self.root)

    def done(self, scene):
        if self.got[1] != "enforce" or self.got[5] != "allow" or (
                not self.got[4].isdigit()):
            raise Failed(f"wrong values: {self.got}")


class SysfsTree(Sysfs):
    """The directories that a worker makes after a commit: what fails is made
    a little later.
    """

    modes, least, tells = ("workers",), 8, True
    NEW = ("kernel/vseg/domains/new/id", "kernel/vseg/cells/new:db/packets")

    def act(self, scene):
        scene.edits(("domain-add", {"name": "new"}),
                    ("cell-set", {"src": "new", "dst": "db",
                                  "action": ALLOW}))

    def work(self, scene, fired):
        soon("the worker is through", lambda: (
            fired() or self.there(*self.NEW)) and not working("vseg"))

    def done(self, scene):
        soon("files in /sys", lambda: self.there(*self.NEW))

    def undo(self, scene):
        scene.edits(("cell-del", {"src": "new", "dst": "db"}),
                    ("domain-del", {"name": "new"}))
        soon("no files in /sys", lambda: not self.there(self.NEW[0]))


def operations():
    for name, what in READS.items():
        yield Read(name, *what)
    yield Subscribe("config")
    yield Subscribe("drops")
    yield Sysfs("sysfs-read")
    yield SysfsTree("sysfs-tree")
