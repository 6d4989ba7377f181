# SPDX-License-Identifier: GPL-2.0
"""Namespaces with a bridge and a policy of their own, which die under noise
that comes in from ours by x0."""

import ctypes
import os
import signal
import time

import rtnl
import vsegnl
from edits import (begin, bind, bridge, cell_set, commit, domain, send)
from policies import ALLOW
from stage import Worker, Wrong

CLONE_NEWNET = 0x40000000
POLICY = [bridge("add", "br0", False), domain("add", "in"),
          domain("add", "out"), bind("w0", "in"), bind("w1", "out"),
          cell_set(("in", "host"), ALLOW)]


class Netns(Worker):
    """One namespace after the other."""

    pause = 0.2

    def step(self):
        # The policy of a dead namespace holds the module for a moment, and is
        # in force without the others' knowing.
        with self.stage.writing():
            self.life()
        self.counts["namespaces"] += 1

    def life(self):
        ready, told = os.pipe()
        go, say = os.pipe()
        child = os.fork()
        if not child:
            status = 1
            try:
                os.close(ready)
                os.close(say)
                self.inside(told, go)
                status = 0
            finally:
                os._exit(status)
        os.close(told)
        os.close(go)
        try:
            if os.read(ready, 1) != b"n":
                raise Wrong("no namespace")
            self.rtnl.add_veth("x0", "w0", pid=child)
            self.rtnl.set("x0", up=True)
            os.write(say, b"g")
            if os.read(ready, 1) != b"p":
                raise Wrong("no policy in the namespace")
            time.sleep(self.random.random() * 0.3)
        finally:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            os.close(ready)
            os.close(say)
        self.wait(60, lambda: not os.path.exists("/sys/class/net/x0"),
                  "the namespace's devices are gone")

    def inside(self, told, go):
        """In the child: until it is killed, mostly in the middle of a commit
        or a dump."""
        if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWNET):
            raise Wrong("unshare: " + os.strerror(ctypes.get_errno()))
        os.write(told, b"n")
        os.read(go, 1)
        links = rtnl.Rtnl()
        links.add_bridge("br0")
        links.add("w1", "dummy", master="br0")
        links.set("w0", up=True, master="br0")
        genl = vsegnl.Genl()
        cookie = begin(genl)
        send(genl, cookie, POLICY)
        commit(genl, cookie)
        os.write(told, b"p")
        while True:
            name = self.random.choice(["in", "out"])
            genl.call(*bind("w0", name))
            genl.call("port-get", dump=True)
