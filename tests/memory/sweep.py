# SPDX-License-Identifier: GPL-2.0
"""Do one thing again and again, each time with another allocation failing."""

import errno
import time

import scene as scenes
import told
from fault import ANY
from scene import Scene
from vsegnl import Failed, Refused

MOST = 1000
NO_MEMORY = {errno.ENOMEM, errno.ENOBUFS}

# An answer that got lost: nobody knows what came of the request.
LOST = "lost"


class Operation:
    """One thing that is done.

    `modes` says which allocations fail: "ours" have a function of the module
    among their callers, "core" are those that the kernel makes for it without
    the module, "any" are both; "workers" are ours in what it leaves to a work
    item.  `least` is how many must have failed in the first mode, or the test
    has missed its aim.
    """

    modes = ("ours",)
    least, most = 1, None
    fresh = False       # each try in a namespace of its own
    words = True        # a refusal for want of our memory says so
    may_refuse = True   # else our own memory may never stop it
    halfway = False     # a refusal leaves something undone by the core
    tells = False       # group "config" hears of its success
    policy = True       # the scene has its policy
    sums = True         # its counters add up in the end
    probes = scenes.PROBES

    def __init__(self, name):
        self.name = name

    def setup(self, scene):
        """Once: what is there before each try."""

    def prepare(self, scene):
        """Before each try, what it takes with it."""

    def act(self, scene):
        """The thing itself."""
        raise NotImplementedError

    def lost(self, scene):
        """When there was no answer: what the next one takes."""

    def refused(self, scene):
        """After a refusal: nothing of it is there."""

    def done(self, scene):
        """After success: what has to be true soon."""

    def undo(self, scene):
        """After success: back to how it was before."""

    def work(self, scene, fired):
        """Mode "workers": wait until what was asked for is through, or has
        met its failure."""

    def teardown(self, scene):
        """In the end, what setup() made outside of the scene."""


class Sweep:
    """Runs operations and tells what was wrong with them."""

    def __init__(self, fault):
        self.fault, self.ours = fault, ANY
        self.scene, self.ready = None, False
        self.before = self.after = None

    def aim(self, mode):
        if mode == "core":
            # kmemleak's own are among them, and do no harm.
            self.fault.aim(ANY, self.ours)
        else:
            self.fault.aim(ANY if mode == "any" else self.ours)

    def run(self, operation):
        """Failures brought about, by mode."""
        failed = {}
        try:
            self.begin(operation)
            self.reference(operation)
            for mode in operation.modes:
                self.aim(mode)
                failed[mode] = self.tries(operation, mode)
                if operation.sums:
                    self.scene.do_sums()
        finally:
            self.fault.disarm()
            self.fault.disarm_workers()
            self.fault.aim(ANY)
            self.end(operation)
        self.enough(operation, failed)
        return failed

    def tries(self, operation, mode):
        for nth in range(1, MOST):
            if operation.fresh:
                self.end(operation)
                self.begin(operation)
            try:
                if not self.once(operation, mode, nth):
                    return nth - 1
            except Failed as error:
                raise Failed(f"{mode} allocation {nth}: {error}") from error
        raise Failed(f"still failing after {MOST} allocations")

    @staticmethod
    def enough(operation, failed):
        first = next(iter(failed.values()))
        if first < operation.least or not min(
                failed.get("any", 1), failed.get("core", 1)):
            raise Failed(f"only {failed} allocations failed, at least "
                         f"{operation.least} expected")
        if operation.most is not None and first > operation.most:
            raise Failed(f"{first} allocations failed, at most "
                         f"{operation.most} expected")

    def begin(self, operation):
        self.scene, self.ready = None, False
        self.scene = Scene(operation.policy)
        operation.setup(self.scene)
        self.ready = True

    def end(self, operation):
        """Whatever became of it."""
        scene, self.scene = self.scene, None
        if scene and self.ready:
            operation.teardown(scene)
        if scene:
            scene.close()

    def reference(self, operation):
        """What is there before and after it when nothing fails."""
        scene = self.scene
        self.before = scene.view()
        operation.prepare(scene)
        operation.act(scene)
        operation.done(scene)
        self.after = scene.view()
        if not operation.fresh:
            operation.undo(scene)
            self.same(self.before, "after it was undone")

    def once(self, operation, mode, nth):
        """One try; was there an nth allocation to fail?"""
        scene = self.scene
        operation.prepare(scene)
        scene.listener.events()
        status = told.status(scene.nl())
        fired, error = self.attempt(operation, mode, nth)
        if not fired and error:
            raise Failed(f"nothing failed, and yet: {error}")
        if error == LOST:
            operation.lost(scene)
            error = None if self.came() else LOST
        if error:
            if not operation.halfway:
                self.untouched(status)
            operation.refused(scene)
        else:
            if operation.tells and not scene.listener.events():
                raise Failed("it came about, and nobody was told")
            operation.done(scene)
            self.same(self.after, "after success")
        if error or not operation.fresh:
            if not error:
                operation.undo(scene)
            scene.probe(operation.probes)
        return fired

    def untouched(self, status):
        """A refusal: the policy stands, and its generation; nothing counted."""
        self.same(self.before, "after a refusal")
        now = told.status(self.scene.nl())
        if now != status:
            old, new = (told.named("status", one) for one in (status, now))
            raise Failed(f"after a refusal the status is {new}, was {old}")

    def came(self):
        """Was it done all the same?"""
        if self.before == self.after:
            return False
        end = time.monotonic() + 0.5
        while self.scene.view() != self.after:
            if time.monotonic() > end:
                return False
            # The clock waits for the idle.
            time.sleep(0.005)
        return True

    def attempt(self, operation, mode, nth):
        """(did it fire, what was wrong)."""
        error = None
        if mode == "workers":
            self.fault.arm_workers(nth)
            operation.act(self.scene)
            operation.work(self.scene, self.fault.fired_workers)
            return self.fault.disarm_workers() > 0, None
        self.fault.arm(nth)
        try:
            operation.act(self.scene)
        except OSError as problem:
            error = problem
        except MemoryError:
            error = OSError(errno.ENOMEM, "Python has no memory")
        fired = self.fault.disarm()
        self.scene.links.known.clear()
        return fired, error and self.judge(operation, mode, error)

    @staticmethod
    def judge(operation, mode, error):
        """Is this how a lack of memory is told?"""
        if error.errno not in NO_MEMORY:
            raise Failed(f"refused with {errno.errorcode.get(error.errno)}: "
                         f"{error}")
        if mode != "ours":
            return error if isinstance(error, Refused) else LOST
        if not operation.may_refuse:
            raise Failed(f"refused: {error}")
        if error.errno != errno.ENOMEM:
            raise Failed(f"ENOMEM expected: {error}")
        if operation.words and not getattr(error, "msg", ""):
            raise Failed("ENOMEM without words")
        return error

    def same(self, want, text):
        """The policy is this one, at once but for what a worker reads."""
        have = None

        def equal():
            nonlocal have
            have = self.scene.view()
            return have == want
        try:
            scenes.soon(text, equal, 3)
        except Failed as error:
            lines = told.changes(want, have)
            raise Failed("\n".join([f"{text} the policy is another:"] + lines)
                         ) from error
