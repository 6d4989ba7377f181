# SPDX-License-Identifier: GPL-2.0
"""What a single failure doesn't reach: tables whose memory is asked for in two
ways one after the other, and counters for each CPU, which come out of a pool.
"""

import told
from edits import BR1, Commit, First
from fault import working
from flows import Stateful
from matches import asks
from scene import ALLOW, TRUNK, soon, vlans
from sweep import Operation
from vsegnl import ENUMS, Failed, Refused

# Their counters don't fit into what is left of the pools.
MANY = 2000


class Tables(Operation):
    """Each function that asks for a table gets none, in every operation that
    could come by it.
    """

    # The directories in /sys are a worker's, and may be missing for a moment.
    TOLERATED = ("add_cells", "tree_work")

    def __init__(self, name, module):
        super().__init__(name)
        self.module = module

    def run(self, sweep):
        failed = {}
        functions = self.module.callers(("__kvmalloc", "kvmalloc", "vmalloc",
                                         "__vmalloc"))
        for operation in self.operations():
            try:
                sweep.begin(operation)
                sweep.reference(operation)
                for name, where in sorted(functions.items()):
                    if operation.fresh:
                        sweep.end(operation)
                        sweep.begin(operation)
                    failed[name] = failed.get(name, 0) + self.once(
                        sweep, operation, name, where)
            finally:
                sweep.fault.none()
                sweep.end(operation)
        idle = [name for name, times in failed.items() if not times]
        if idle:
            raise Failed(f"no table was asked for in {', '.join(idle)}")
        return {"tables": sum(failed.values())}

    @staticmethod
    def operations():
        yield First("first-commit")
        yield Whole("whole")
        yield Lists("lists")
        yield Stateful("stateful")

    def once(self, sweep, operation, name, where):
        """Without memory for the tables of one function."""
        scene, error = sweep.scene, None
        operation.prepare(scene)
        status = told.status(scene.nl())
        sweep.fault.all_beneath(where)
        try:
            operation.act(scene)
        except Refused as refusal:
            error = refusal
        failed = sweep.fault.none()
        if bool(failed) != bool(error) and name not in self.TOLERATED:
            raise Failed(f"{name}: {failed} failures, and {error}")
        if error:
            sweep.judge(operation, "ours", error)
            sweep.untouched(status)
            operation.refused(scene)
        else:
            operation.done(scene)
            sweep.same(sweep.after, f"{name}, after success")
            operation.undo(scene)
        scene.probe(operation.probes)
        return failed


class Whole(Commit):
    """A transaction from its first edit to the commit, and all dumps."""

    def prepare(self, scene):
        scene.reopen()

    def act(self, scene):
        super().prepare(scene)
        cells = [("cell-set", {"src": source, "dst": dest, "action": ALLOW})
                 for source in ("x", "y", "web", "db", "host", "any")
                 for dest in ("x", "y", "web", "db", "routed", "host")
                 if (source, dest) != ("x", "y")]
        for command, values in cells:
            scene.ask(command, cookie=self.cookie, **values)
        for what in ("domain", "cell", "port"):
            scene.nl().call(what + "-get", dump=True)
        scene.ask("cell-get", src="web", dst="db")
        super().act(scene)
        soon("the worker is through", lambda: not working("vseg"))

    def undo(self, scene):
        for item in scene.nl().dump("cell-get"):
            if not item["flags"] and (item["src"], item["dst"]) != (
                    "web", "db"):
                scene.ask("cell-del", src=item["src"], dst=item["dst"])
        scene.edits(*(edit for edit in self.BACK if edit[0] != "cell-del"))


class Lists(Operation):
    """A transaction that goes on with the rules and the selectors that are in
    force, which are copied for it.
    """

    least, tells = 1, True
    ENDS, OTHER = {"src": "db", "dst": "web"}, {"src": "db", "dst": "host"}
    MORE = [f"y{i}" for i in range(80)]
    NAME = {"type": ENUMS["selector-type"]["name"]}

    def setup(self, scene):
        scene.edits(
            ("cell-set", {**self.ENDS, "action": ENUMS["action"]["rules"]}),
            ("rule-add", {**self.ENDS, "action": ALLOW}, asks(protocol=6)),
            ("selector-add", {**self.NAME, "pattern": "x0", "domain": "web"}))

    def teardown(self, scene):
        scene.edits(("cell-del", self.ENDS),
                    ("selector-del", {**self.NAME, "pattern": "x0"}))

    def prepare(self, scene):
        scene.reopen()

    def act(self, scene):
        """Lists that grow, and one that is new."""
        scene.edits(
            ("rule-add", {**self.ENDS, "action": ALLOW}, asks(protocol=17)),
            ("cell-set", {**self.OTHER, "action": ENUMS["action"]["rules"]}),
            ("rule-add", {**self.OTHER, "action": ALLOW}, asks(protocol=17)),
            *(("selector-add", {**self.NAME, "pattern": name, "domain": "web"})
              for name in self.MORE))

    def undo(self, scene):
        scene.edits(("rule-del", {**self.ENDS, "index": 1}),
                    ("cell-del", self.OTHER),
                    *(("selector-del", {**self.NAME, "pattern": name})
                      for name in self.MORE))


class Counters(Operation):
    """No memory for counters of each CPU: a bind is refused; cells go on with
    the shared ones, and count every frame.
    """

    def run(self, sweep):
        try:
            sweep.begin(self)
            failed = {"cells": self.cells(sweep),
                      "labels": self.labels(sweep)}
        finally:
            sweep.fault.disarm()
            sweep.fault.none()
            sweep.end(self)
        for what, times in failed.items():
            if times < self.least:
                raise Failed(f"{what}: only {times} allocations failed")
        return failed

    def setup(self, scene):
        # Namespaces of before give counters back when they are cleaned up.
        quiet = iter(range(20))
        soon("no namespace is cleaned up",
             lambda: not working("netns") and next(quiet, None) is None)
        scene.edits(
            BR1, ("port-bind", {"ifname": "e", "domain": "web"}),
            *(("domain-add", {"name": f"n{i}"}) for i in range(MANY)),
            *(("cell-set", {"src": f"n{i}", "dst": "web", "action": ALLOW})
              for i in range(MANY)))
        # Takes what room there is.
        self.bind(scene, "d")

    @staticmethod
    def bind(scene, port):
        scene.ask("port-bind", vlans(*((i + 1, i + 1, f"n{i}")
                                       for i in range(MANY))),
                  ifname=port, kind=TRUNK)

    def labels(self, sweep):
        """A label for each VLAN, and each time another chunk is missing.
        The first port may still find room.
        """
        return max(self.chunks(sweep, port) for port in "ec")

    def chunks(self, sweep, port):
        scene, nth, refused = sweep.scene, 0, 0
        sweep.before = scene.view()
        while True:
            nth += 1
            status = told.status(scene.nl())
            sweep.fault.aim(sweep.fault.symbols["pcpu_create_chunk"])
            sweep.fault.arm(nth)
            error = None
            try:
                self.bind(scene, port)
            except Refused as refusal:
                error = refusal
            fired = sweep.fault.disarm()
            if not fired and error:
                raise Failed(f"nothing failed, and yet: {error}")
            if error:
                sweep.judge(self, "ours", error)
                sweep.untouched(status)
                refused += 1
                continue
            if not fired:
                return refused
            # What KASAN keeps of a chunk may be missing.
            sweep.before = scene.view()

    def cells(self, sweep):
        """The first frame of each cell asks for its counters in vain."""
        scene = sweep.scene
        sweep.fault.all_beneath(sweep.fault.symbols["pcpu_create_chunk"])
        self.frames(scene, 1)
        failed = sweep.fault.none()
        self.frames(scene, 2)
        scene.do_sums()
        return failed

    @staticmethod
    def frames(scene, times):
        """One through each cell, and each of them counted."""
        for i in range(MANY):
            if not scene.send("d", "e", (f"vlan={i + 1}",)):
                raise Failed(f"the frame of n{i} did not arrive")
        soon("the worker is through", lambda: not working("vseg"))
        counts = {item["src"]: item["packets"]
                  for item in scene.nl().dump("cell-get")
                  if item["dst"] == "web" and item["src"][1:].isdigit()}
        wrong = [name for name, count in counts.items() if count != times]
        if len(counts) != MANY or wrong:
            raise Failed(f"{len(counts)} cells, and of {wrong[:5]} not "
                         f"{times} frames are counted")


def operations(module):
    yield Tables("tables", module)
    yield Counters("counters")
