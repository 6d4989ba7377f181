# SPDX-License-Identifier: GPL-2.0
"""Stateful rules and fragments: flows that begin, go on and end, and fragments
that wait, when there is no memory.

    web -> db   port 2000 of UDP, as the scene's frames have, and 53 with state
    web -> x    all of UDP with state; x is port c
"""

import told
from fault import working
from matches import asks
from reads import Read
from scene import ALLOW, soon
from sweep import Operation
from vsegnl import ENUMS, SETS, Failed, attr, u32

RULES = ENUMS["action"]["rules"]
STATE = attr(SETS["rule"]["flags"], u32(ENUMS["rule-flags"]["state"]))
DB, X = {"src": "web", "dst": "db"}, {"src": "web", "dst": "x"}
LIST = (("cell-set", {**DB, "action": RULES}),
        ("rule-add", {**DB, "action": ALLOW},
         asks(protocol=17, destination_port=2000)))
ANSWERED = {**DB, "index": 1}
RULE = ("rule-add", {**DB, "action": ALLOW},
        asks(protocol=17, destination_port=53) + STATE)
STATEFUL = (("domain-add", {"name": "x"}),
            ("port-bind", {"ifname": "c", "domain": "x"}), *LIST, RULE,
            ("cell-set", {**X, "action": RULES}),
            ("rule-add", {**X, "action": ALLOW}, asks(protocol=17) + STATE))


def question(number):
    """It may begin a flow of its own."""
    return f"sport={number}", "dport=53"


def answer(number):
    return "sport=53", f"dport={number}"


def peers(scene):
    """The domains that web has a zone with."""
    return sorted(one["peer"] for one in scene.nl().dump("zone-get"))


def both(scene, number, dest="b"):
    """The question passes, and then its answer."""
    if not scene.send("a", dest, question(number)):
        raise Failed(f"a frame is dropped that may begin a flow to {dest}")
    if not scene.send(dest, "a", answer(number)):
        raise Failed(f"the answer of {dest} is dropped")


class Flows(Operation):
    """With stateful rules in force."""

    def setup(self, scene):
        scene.edits(*STATEFUL)


class Stateful(Operation):
    """The first stateful rules in a namespace, which make all that they need,
    and with them labels that frames carry through the host."""

    fresh, least = True, 20
    EDITS = (*STATEFUL, ("settings-set", {"mark-mask": 0xff00}))

    def act(self, scene):
        scene.edits(*self.EDITS)

    def done(self, scene):
        both(scene, 3000)

    def refused(self, scene):
        if scene.send("b", "a", answer(3000)):
            raise Failed("an answer passes, and no policy allows it")
        scene.reopen()
        self.act(scene)
        self.done(scene)


class Zone(Flows):
    """A zone is made by a request, as for the flows of another host."""

    least, number = 2, 0
    ASKED = {"bridge": "br0", "vid": 1, "domain": "web", "peer": "db"}

    def act(self, scene):
        self.number = scene.ask("zone-add", **self.ASKED)["id"]

    def done(self, scene):
        found = [(one["id"], one["peer"])
                 for one in scene.nl().dump("zone-get")]
        if found != [(self.number, "db")]:
            raise Failed(f"zones are {found}, not {self.number} alone")

    def refused(self, scene):
        if peers(scene):
            raise Failed("it was refused, and there is a zone")

    def undo(self, scene):
        scene.edits(("rule-del", ANSWERED))
        soon("the zone is gone", lambda: not peers(scene))
        scene.edits(RULE)


class Zones(Read):
    """All zones are dumped, or an error comes."""

    def setup(self, scene):
        scene.edits(*STATEFUL)
        for dest in "bc":
            both(scene, 3000, dest)

    def done(self, scene):
        super().done(scene)
        if len(self.got) != 2:
            raise Failed(f"{len(self.got)} zones, expected 2")


class Begin(Flows):
    """A domain's first flow: it begins, with all that there is to remember of
    it, or its frame is dropped, and no answer passes then."""

    modes, least, may_refuse = ("ours", "any"), 3, False
    fresh, halfway, got = True, True, False

    def act(self, scene):
        self.got = False
        self.got = scene.send("a", "b", question(3000))

    def refused(self, scene):
        """The tap had no memory."""
        self.done(scene)

    def done(self, scene):
        if scene.send("b", "a", answer(3000)) != self.got:
            raise Failed(f"question passed: {self.got}, and its answer not "
                         "as it should")
        both(scene, 3000)
        both(scene, 3001)


class Going(Flows):
    """Frames of a flow take no memory of the module."""

    modes, least, most, may_refuse = ("ours", "any"), 0, 0, False
    halfway = True

    def setup(self, scene):
        super().setup(scene)
        both(scene, 3000)

    def act(self, scene):
        scene.send("a", "b", question(3000))
        scene.send("b", "a", answer(3000))

    def refused(self, scene):
        """A tap had no memory."""
        self.done(scene)

    def done(self, scene):
        both(scene, 3000)


class Ends(Flows):
    """A zone ends with its rule.  Flows of others may have to end with those
    in it, but no answer passes that has no rule any more."""

    modes, may_refuse, tells = ("workers",), False, True

    def prepare(self, scene):
        both(scene, 3000, "b")
        both(scene, 3000, "c")
        soon("two zones", lambda: peers(scene) == ["db", "x"])

    def act(self, scene):
        scene.edits(("rule-del", ANSWERED))

    def work(self, scene, fired):
        soon("the worker is through", lambda: (
            fired() or peers(scene) == ["x"]) and not working("vseg"))

    def done(self, scene):
        if scene.send("b", "a", answer(3000)):
            raise Failed("an answer passes that no rule allows any more")
        soon("its zone is gone", lambda: peers(scene) == ["x"])
        both(scene, 3000, "c")

    def undo(self, scene):
        scene.edits(RULE)


class Fragments(Operation):
    """Fragments of a datagram whose port a rule asks for."""

    modes, may_refuse, halfway = ("ours", "any"), False, True
    FIRST, SECOND, THIRD = "0-1480", "1480-2960", "2960-"
    number, decided, got = 0, 0, False

    def setup(self, scene):
        scene.edits(*LIST)

    def prepare(self, scene):
        self.number += 1
        self.decided = sum(told.totals(scene.nl()))

    def send(self, scene, piece):
        return scene.send("a", "b", ("dport=2000", "len=3042",
                                     f"piece={piece}", f"id={self.number}"))

    def decide(self, scene, least):
        """So many of them have passed or were dropped."""
        soon(f"{least} fragments are decided", lambda: sum(
            told.totals(scene.nl())) >= self.decided + least)

    def refused(self, scene):
        """A tap had no memory, and nobody saw the frame."""
        self.done(scene)


class Held(Fragments):
    """A later fragment waits for the first one, or is dropped at once."""

    def act(self, scene):
        self.got = False
        self.got = self.send(scene, self.SECOND)

    def done(self, scene):
        if self.got:
            raise Failed("a later fragment passed, and no first one came")
        if not self.send(scene, self.FIRST):
            raise Failed("the first fragment is dropped")
        if not self.send(scene, self.THIRD):
            raise Failed("the first fragment passed, and a later one doesn't")
        self.decide(scene, 2)
        soon("none waits any more", lambda: not working("vseg"))


class First(Fragments):
    """A first fragment, for which a later one waits: both pass, and the module
    takes no memory for that."""

    least, most = 0, 0

    def prepare(self, scene):
        super().prepare(scene)
        if self.send(scene, self.SECOND):
            raise Failed("a later fragment passed, and no first one came")

    def act(self, scene):
        self.got = False
        self.got = self.send(scene, self.FIRST)

    def done(self, scene):
        # Without the first one its time is over soon, and it is dropped.
        self.decide(scene, 1 + self.got)
        receiver = scene.end("b")
        receiver.drain()
        if len(receiver.inbox) != 2 * self.got:
            raise Failed(f"{len(receiver.inbox)} fragments arrived, and the "
                         f"first one {'too' if self.got else 'did not'}")


def operations():
    yield Stateful("stateful")
    yield Zone("zone-add")
    yield Zones("zone-dump", 0, "zone-get", None)
    yield Begin("flow-begins")
    yield Going("flow-goes-on")
    yield Ends("flow-ends")
    yield Held("fragment-held")
    yield First("fragment-first")
