# SPDX-License-Identifier: GPL-2.0
"""Requests that change the policy: each edit alone and in a transaction, and
what makes and ends transactions.
"""

import errno

from matches import asks, guard
from scene import ALLOW, DENY, PROBES, TRUNK, Scene, vlans
from sweep import Operation
from vsegnl import CONSTS, ENUMS, Failed, Refused

MODES = ENUMS["bridge-mode"]
NOWAIT = ENUMS["txn-flags"]["nowait"]
CHECK = ENUMS["txn-flags"]["check"]
BR1 = ("bridge-add", {"name": "br1"})
BR2 = ("bridge-add", {"name": "br2"})
BIND_D = ("port-bind", {"ifname": "d", "domain": "web"})
DEL_BR1 = ("bridge-del", {"name": "br1"})
# Port c has no other domain.
NAME_C = {"type": ENUMS["selector-type"]["name"], "pattern": "c"}
SELECT_C = ("selector-add", {**NAME_C, "domain": "web"})
# What it sends arrives while it has one.
WITHOUT_C = tuple(probe for probe in PROBES if probe[0] != "c")
RULES = ENUMS["action"]["rules"]
LIST = {"src": "db", "dst": "web"}
MAKE_LIST = ("cell-set", {**LIST, "action": RULES})
FIRST = {**LIST, "index": 0}
TCP = ("rule-add", {**LIST, "action": ALLOW, "name": "tcp"},
       asks(protocol=6, source="10.0.0.0/24", destination_port=(80, 99)))
# name: (least failures alone, least in a transaction, edits before it, the
# edit, edits that take it back)
EDITS = {
    "domain-add": (6, 4, [], ("domain-add", {"name": "new"}),
                   [("domain-del", {"name": "new"})]),
    "domain-del": (4, 2, [("domain-add", {"name": "old", "id": 99})],
                   ("domain-del", {"name": "old"}),
                   [("domain-add", {"name": "old", "id": 99})]),
    "bridge-add": (8, 2, [], BR2, [("bridge-del", {"name": "br2"})]),
    "bridge-set": (4, 2, [BR1], ("bridge-set", {"name": "br1",
                                                "mode": MODES["monitor"]}),
                   [("bridge-set", {"name": "br1",
                                    "mode": MODES["enforce"]})]),
    "bridge-del": (4, 2, [BR1, BIND_D], DEL_BR1, [BR1, BIND_D]),
    "port-bind": (4, 1, [], ("port-bind", {"ifname": "c", "domain": "web"}),
                  [("port-unbind", {"ifname": "c"})]),
    "port-bind-trunk": (8, 2, [BR1], (
        "port-bind", {"ifname": "d", "kind": TRUNK, "domain": "db"},
        vlans((30, 30, "web"), (40, 45, "db"))),
                        [("port-unbind", {"ifname": "d"})]),
    "port-unbind": (4, 1, [BR1, BIND_D], ("port-unbind", {"ifname": "d"}),
                    [BIND_D]),
    "selector-add": (9, 4, [], SELECT_C, [("selector-del", NAME_C)]),
    "selector-del": (8, 3, [SELECT_C], ("selector-del", NAME_C), [SELECT_C]),
    "cell-set": (5, 3, [], ("cell-set", {"src": "any", "dst": "host",
                                         "action": DENY}),
                 [("cell-del", {"src": "any", "dst": "host"})]),
    "cell-del": (4, 2, [("cell-set", {"src": "host", "dst": "db",
                                      "action": DENY})],
                 ("cell-del", {"src": "host", "dst": "db"}),
                 [("cell-set", {"src": "host", "dst": "db", "action": DENY})]),
    "settings-set": (4, 2, [], ("settings-set", {"flood_events": 1}),
                     [("settings-set", {"flood_events": 0})]),
    "settings-guard": (9, 2, [("settings-set", {"guard": 0})],
                       ("settings-set", {"guard": 1}),
                       [("settings-set", {"guard": 0})]),
    "settings-state": (4, 2, [], (
        "settings-set", {"state-pickup": 1, "state-limit": 100,
                         "state-zone-first": 30000, "state-zone-last": 30009}),
                       [("settings-set", {
                           "state-pickup": 0,
                           "state-limit": CONSTS["state-limit-default"],
                           "state-zone-first": CONSTS["zone-first-default"],
                           "state-zone-last": CONSTS["zone-last-default"]})]),
    "settings-mark": (8, 2, [], ("settings-set", {"mark-mask": 0xff00}),
                      [("settings-set", {"mark-mask": 0})]),
    "domain-set": (4, 2, [], ("domain-set", {"name": "web",
                                             "guard-permit": 2}),
                   [("domain-set", {"name": "web", "guard-permit": 0})]),
    "port-bind-guard": (6, 2, [], ("port-bind", {"ifname": "c", "domain": "web"},
                                   guard("port")),
                        [("port-unbind", {"ifname": "c"})]),
    "selector-add-guard": (10, 4, [], (*SELECT_C, guard("selector")),
                           [("selector-del", NAME_C)]),
    "cell-services": (5, 3, [], ("cell-set", {"src": "web", "dst": "host",
                                              "action": DENY, "services": 3}),
                      [("cell-del", {"src": "web", "dst": "host"})]),
    "cell-rules": (6, 4, [], MAKE_LIST, [("cell-del", LIST)]),
    "rule-add": (10, 4, [MAKE_LIST], TCP, [("rule-del", FIRST)]),
    "rule-del": (4, 2, [MAKE_LIST, TCP], ("rule-del", FIRST), [TCP]),
}


class Edit(Operation):
    """An edit that is a transaction of its own."""

    tells = True

    def __init__(self, name):
        super().__init__(name)
        if name in ("domain-add", "port-bind-trunk"):
            self.modes = ("ours", "core")
        if name == "selector-del":
            self.probes = WITHOUT_C
        self.least, _, self.before, self.edit, self.back = EDITS[name]

    def setup(self, scene):
        if self.before:
            scene.edits(*self.before)

    def act(self, scene):
        command, values, *data = self.edit
        scene.ask(command, *data, **values)

    def undo(self, scene):
        scene.edits(*self.back)


class EditInside(Edit):
    """The same inside a transaction, which a refusal leaves as it was."""

    tells = False

    def __init__(self, name):
        super().__init__(name)
        self.name, self.least = name + "-txn", EDITS[name][1]
        self.cookie, self.after = 0, None

    def prepare(self, scene):
        scene.reopen()
        self.cookie = scene.ask("begin")["cookie"]

    def act(self, scene):
        command, values, *data = self.edit
        scene.ask(command, *data, cookie=self.cookie, **values)

    def refused(self, scene):
        """The edit can be made again, and comes into force then."""
        try:
            self.act(scene)
        except Refused as error:
            # Its answer was lost, not the edit.
            if error.errno not in (errno.EEXIST, errno.ENOENT):
                raise Failed(f"the transaction took harm: {error}") from error
        self.done(scene)
        self.undo(scene)

    def done(self, scene):
        scene.ask("commit", cookie=self.cookie)
        after = scene.view()
        self.after = self.after or after
        if after != self.after:
            raise Failed("another policy came into force")


class Commit(Operation):
    """A commit of everything that there is to commit."""

    least, tells, flags = 100, True, {}
    cookie = 0
    EDITS = (BR1, ("domain-add", {"name": "x"}), ("domain-add", {"name": "y"}),
             ("port-bind", {"ifname": "c", "domain": "x"}, guard("port")),
             ("port-bind", {"ifname": "d", "domain": "y"}),
             ("port-bind", {"ifname": "e", "kind": TRUNK},
              vlans((5, 5, "x"), (6, 9, "y"), (10, 4094, "web"))),
             ("cell-set", {"src": "x", "dst": "any", "action": ALLOW}),
             ("cell-set", {"src": "x", "dst": "y", "action": RULES}),
             ("rule-add", {"src": "x", "dst": "y", "action": ALLOW},
              asks(ethertype=0x800, source_port=(1, 9),
                   destination="10.0.0.0/8")),
             ("rule-add", {"src": "x", "dst": "y", "action": DENY},
              asks(source="fd00::/8", icmp=0x8000)),
             ("settings-set", {"flood_events": 1}))
    BACK = (("settings-set", {"flood_events": 0}),
            ("cell-del", {"src": "x", "dst": "any"}),
            ("cell-del", {"src": "x", "dst": "y"}),
            ("port-unbind", {"ifname": "c"}), DEL_BR1,
            ("domain-del", {"name": "x"}), ("domain-del", {"name": "y"}))

    def prepare(self, scene):
        scene.reopen()
        self.cookie = scene.ask("begin")["cookie"]
        for command, values, *data in self.EDITS:
            scene.ask(command, *data, cookie=self.cookie, **values)

    def act(self, scene):
        scene.ask("commit", cookie=self.cookie, **self.flags)

    def undo(self, scene):
        scene.edits(*self.BACK)


class CommitNowait(Commit):
    """The same, but for the bridges, and settled later."""

    least, flags = 8, {"flags": NOWAIT}
    EDITS = tuple(edit for edit in Commit.EDITS if edit[1].get(
        "name", edit[1].get("ifname")) not in ("br1", "d", "e"))
    BACK = tuple(edit for edit in Commit.BACK if edit != DEL_BR1)


class CommitCheck(Commit):
    """All that can fail is done and undone again, whatever comes of it."""

    least, tells, flags = 20, False, {"flags": CHECK}

    def undo(self, scene):
        """Nothing was changed."""


class CommitConfirm(Commit):
    """A commit that the kernel would take back; here somebody else does."""

    least, flags = 20, {"confirm": 3600}
    EDITS = tuple(edit for edit in Commit.EDITS if edit[0] != "port-bind")

    def undo(self, scene):
        scene.ask("rollback")


class Confirm(Operation):
    """The policy that waits is kept, and waits on if that is refused."""

    modes, tells = ("ours", "core"), True

    def prepare(self, scene):
        scene.reopen()
        cookie = scene.ask("begin")["cookie"]
        scene.ask("settings-set", cookie=cookie, flood_events=0)
        scene.ask("commit", cookie=cookie, confirm=3600)

    def act(self, scene):
        scene.ask("confirm")

    def refused(self, scene):
        scene.reopen()
        try:
            scene.ask("confirm")
        except Refused as error:
            # Its answer was lost, not the request.
            if error.errno != errno.ENOENT:
                raise Failed(f"still waiting: {error}") from error


class Rollback(Operation):
    """The policy before comes into force again; once more takes that back."""

    least, tells, probes = 2, True, WITHOUT_C

    def setup(self, scene):
        scene.edits(SELECT_C, ("domain-add", {"name": "x"}))

    def act(self, scene):
        scene.ask("rollback")

    def undo(self, scene):
        scene.ask("rollback")


class Begin(Operation):
    """A transaction is begun; it goes with its socket."""

    modes, least = ("ours", "core"), 2

    def act(self, scene):
        scene.ask("begin")

    def done(self, scene):
        scene.reopen()

    def refused(self, scene):
        """None of those that nobody knows of stays open."""
        scene.reopen()
        for _ in range(16):
            scene.ask("begin")
        scene.reopen()


class Abort(Commit):
    """A transaction is forgotten: that takes no memory."""

    modes, least, may_refuse, tells = ("ours", "core"), 0, False, False

    def act(self, scene):
        scene.ask("abort", cookie=self.cookie)

    def undo(self, scene):
        pass


class Off(Operation):
    """The policy is taken out of force."""

    modes, least, tells, sums = ("ours", "core"), 1, True, False

    def act(self, scene):
        scene.ask("off")

    def undo(self, scene):
        Scene.policy(scene)


class First(Operation):
    """The first commit in a namespace, which makes all that it needs."""

    least, fresh, policy, probes = 12, True, False, ()

    def act(self, scene):
        """What isn't named is dropped: so it has its hooks, and no bridge
        with all its files in /sys that may fail one by one.
        """
        scene.ask("settings-set", unmanaged=ENUMS["unmanaged"]["drop"])

    def refused(self, scene):
        """Frames pass as if vseg weren't there; the next one works."""
        for source, dest in ("ab", "ba", "cb"):
            if not scene.send(source, dest):
                raise Failed(f"no frame passes from {source} to {dest}")
        self.act(scene)
        self.done(scene)

    def done(self, scene):
        if scene.send("a", "b"):
            raise Failed("a frame passes, and the policy is in force")


def operations():
    for name in EDITS:
        yield Edit(name)
        yield EditInside(name)
    yield Commit("commit")
    yield CommitNowait("commit-nowait")
    yield CommitCheck("commit-check")
    yield CommitConfirm("commit-confirm")
    yield Confirm("confirm")
    yield Rollback("rollback")
    yield Begin("begin")
    yield Abort("abort")
    yield Off("off")
    yield First("first-commit")
