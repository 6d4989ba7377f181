# SPDX-License-Identifier: GPL-2.0
"""The module is loaded and goes, namespaces are made and go, with another
allocation failing each time.
"""

import ctypes
import errno
import os

import links
import vsegnl
from fault import ANY, get, working
from scene import HOME, Scene, enter, soon
from sweep import MOST, Operation
from vsegnl import Failed

SYS_FINIT_MODULE, SYS_DELETE_MODULE = 313, 176
LIBC = ctypes.CDLL(None, use_errno=True)


def system(number, *args):
    if LIBC.syscall(number, *args) < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))


def load(path, parameters=""):
    """insmod, by this thread."""
    file = os.open(path, os.O_RDONLY)
    try:
        system(SYS_FINIT_MODULE, file, parameters.encode(), 0)
    finally:
        os.close(file)


def unload():
    soon("nobody holds the module",
         lambda: get("/sys/module/vseg/refcnt") == "0")
    system(SYS_DELETE_MODULE, b"vseg", os.O_NONBLOCK)


class Load(Operation):
    """The module is loaded wholly, or leaves nothing.

    What fails is everything that is done beneath some functions: its init, in
    all namespaces there are; of that what lockdown adds; its parameters.
    """

    def __init__(self, name, path, parameters, *beneath):
        super().__init__(name)
        self.path, self.parameters, self.beneath = path, parameters, beneath

    def run(self, sweep):
        other = self.other()
        unload()
        try:
            failed = {name: self.tries(sweep.fault, name)
                      for name in self.beneath}
        finally:
            sweep.fault.disarm()
            sweep.fault.aim(ANY)
            if not os.path.isdir("/sys/module/vseg"):
                load(self.path)
            os.close(other)
            sweep.learn()
        if not all(failed.values()):
            raise Failed(f"nothing failed: {failed}")
        return failed

    @staticmethod
    def other():
        """A second namespace, and in it a bridge with a port."""
        enter(None)
        here = links.netns()
        sock = links.Links()
        sock.bridge("br0")
        sock.add("p0", "dummy")
        sock.master("p0", "br0")
        sock.close()
        enter(HOME)
        return here

    def tries(self, fault, beneath):
        fault.aim(fault.symbols[beneath])
        for nth in range(1, MOST):
            fault.arm(nth)
            error = None
            try:
                load(self.path, self.parameters)
            except OSError as problem:
                error = problem
            fired = fault.disarm()
            self.judge(nth, fired, error)
            if not fired:
                return nth - 1
        raise Failed(f"still failing after {MOST} allocations")

    def judge(self, nth, fired, error):
        if error and (not fired or error.errno != errno.ENOMEM):
            raise Failed(f"allocation {nth}: {error}")
        if error:
            self.nothing(nth)
            return
        # It is there, and works: a request and its parameters.
        genl = vsegnl.Genl()
        status = genl.call("status-get")[0]
        genl.close()
        if status["lockdown"] != ("lockdown=1" in self.parameters) or (
                status["active"]):
            raise Failed(f"allocation {nth}: loaded, with {status}")
        unload()
        self.nothing(nth)

    @staticmethod
    def nothing(nth):
        for path in ("/sys/module/vseg", "/sys/kernel/vseg"):
            if os.path.exists(path):
                raise Failed(f"allocation {nth}: {path} is left over")
        try:
            vsegnl.Genl().close()
        except vsegnl.Refused:
            return
        raise Failed(f"allocation {nth}: the family is left over")


class Made(Operation):
    """A namespace is made, or refused."""

    least = 5

    def run(self, sweep):
        fault = sweep.fault
        fault.aim(sweep.ours)
        for nth in range(1, MOST):
            fault.arm(nth)
            error = None
            try:
                enter(None)
            except OSError as problem:
                error = problem
            fired = fault.disarm()
            if error and (not fired or error.errno != errno.ENOMEM):
                raise Failed(f"allocation {nth}: {error}")
            if not error:
                self.works()
                enter(HOME)
            if not fired:
                break
        failed = {"ours": nth - 1}
        sweep.enough(self, failed)
        return failed

    @staticmethod
    def works():
        genl = vsegnl.Genl()
        status = genl.call("status-get")[0]
        genl.close()
        if status["active"] or status["generation"]:
            raise Failed(f"a new namespace says {status}")


class Gone(Operation):
    """A namespace goes with its policy in force: that can't fail.  What little
    memory is asked for is the kernel's, and not each time.
    """

    least = 0

    def run(self, sweep):
        fault, failed = sweep.fault, 0
        for nth in range(1, MOST):
            scene = Scene()
            fault.aim(sweep.ours)
            fault.arm_workers(nth)
            self.leave(scene)
            soon("the namespace is gone",
                 lambda: get("/sys/module/vseg/refcnt") == "0" and
                 not working("netns") and not working("vseg"))
            fired = fault.disarm_workers()
            fault.aim(ANY)
            if not fired:
                break
            failed += 1
        failed = {"workers": failed}
        sweep.enough(self, failed)
        return failed

    @staticmethod
    def leave(scene):
        """Everything of it goes at once, the policy not taken out before."""
        for end in scene.ends.values():
            end.close()
            if end.marker:
                end.marker.close()
        scene.genl.close()
        scene.links.close()
        scene.listener.close()
        os.close(scene.netns)
        enter(HOME)


def operations(path):
    yield Load("module-load", path, "", "do_one_initcall")
    yield Load("module-load-lockdown", path,
               "lockdown=1 lockdown_mgmt=eth0,bond0", "nf_register_net_hooks",
               "parse_args")
    yield Made("netns-made")
    yield Gone("netns-gone")
