# SPDX-License-Identifier: GPL-2.0
"""A host with a policy in force, in a network namespace of its own.

    a  web                br0, filtering VLANs; allowed is web -> db alone
    b  db                 a, b, c: VLAN 1
    c  no domain          g: VLAN 10, untagged
    g  db                 t: VLAN 10 and 20, tagged
    t  trunk, 10: web, 20: db
    d  e                  br1, which the policy doesn't name; br2 is empty

a to g, t, d and e are taps whose other ends this process holds.  Nothing of
it forks or waits, so that a try costs milliseconds.
"""

import ctypes
import errno
import os
import time

import check
import frames
import links
import rtnl
import told
import vsegnl
from ends import CLONE_NEWNET, LIBC, EndCommands
from view import ViewCommands
from vsegnl import ENUMS, SETS, Failed, Refused, attr, u32

LIMIT = 10
HOME = links.netns()
TRUNK = ENUMS["port-kind"]["trunk"]
ALLOW, DENY = ENUMS["action"]["allow"], ENUMS["action"]["deny"]
QUIET = {"net/ipv6/conf/default/disable_ipv6": 1,
         "net/ipv6/conf/all/disable_ipv6": 1}
# (from, to, words of the frame, does it arrive)
PROBES = (("a", "b", (), True), ("b", "a", (), False),
          ("c", "b", (), False), ("t", "g", ("vlan=10",), True),
          ("g", "t", (), False))


def enter(where):
    """Go into a namespace, or into a new one."""
    done = LIBC.setns(where, CLONE_NEWNET) if where is not None else (
        LIBC.unshare(CLONE_NEWNET))
    if done:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def soon(text, condition, limit=LIMIT):
    """Wait until it is true."""
    end = time.monotonic() + limit
    while not condition():
        if time.monotonic() > end:
            raise Failed(f"not within {limit} s: {text}")
        time.sleep(0.005)


def vlans(*ranges):
    """A VLAN map: (first, last, domain) each."""
    return b"".join(attr(SETS["port"]["vlan"], [
        attr(SETS["vlan"]["first"], u32(first)),
        attr(SETS["vlan"]["last"], u32(last)),
        attr(SETS["vlan"]["domain"], domain)])
        for first, last, domain in ranges)


class Scene(EndCommands, ViewCommands):
    """The host, its guests, and what they may."""

    def __init__(self, policy=True):
        self.ends, self.number, self.count = {}, 0, 0
        self.genl, self.saved = None, {}
        self.links = self.listener = None
        enter(None)
        self.netns = links.netns()
        try:
            self.build(policy)
        except (OSError, Failed):
            self.close()
            raise

    def build(self, policy):
        for name, value in QUIET.items():
            with open("/proc/sys/" + name, "w", encoding="ascii") as file:
                file.write(str(value))
        self.links = links.Links()
        # Or nobody would be told, and no message made.
        self.listener = vsegnl.Genl(groups=["config"])
        self.few()
        if policy:
            self.more()
            self.policy()
            soon("the probes", self.ready)

    def few(self):
        """Without a policy there is little to look at."""
        self.links.bridge("br0", filtering=True)
        for name in "abc":
            self.do_tap(name)

    def more(self):
        self.links.bridge("br1")
        self.links.bridge("br2", up=False)
        for name in "gt":
            self.do_tap(name)
        for name in "de":
            self.do_tap(name, "br1")
        self.links.vlan("g", 10, flags=rtnl.VLAN_PVID | rtnl.VLAN_UNTAGGED)
        self.links.vlan("g", 1, add=False)
        self.links.vlan("t", 10)
        self.links.vlan("t", 20)
        self.links.vlan("t", 1, add=False)
        for name in "gt":
            self.do_fdb(name, "10")

    def reopen(self):
        """A new request socket: the old one may have answers on the way."""
        if self.genl:
            self.genl.close()
        self.genl = vsegnl.Genl()
        return self.genl

    def ask(self, command, data=b"", **values):
        """One request, from which nothing is kept back."""
        which = vsegnl.set_of(command)
        replies = self.nl().call(command,
                                 check.attrs(which, **values) + data)
        return replies[0] if replies else {}

    def edits(self, *edits):
        """(command, attributes[, data]) in one transaction."""
        cookie = self.ask("begin")["cookie"]
        for command, values, *data in edits:
            self.ask(command, *data, cookie=cookie, **values)
        return self.ask("commit", cookie=cookie)

    def policy(self):
        self.edits(
            ("bridge-add", {"name": "br0"}), ("domain-add", {"name": "web"}),
            ("domain-add", {"name": "db"}),
            ("cell-set", {"src": "web", "dst": "db", "action": ALLOW}),
            ("port-bind", {"ifname": "a", "domain": "web"}),
            ("port-bind", {"ifname": "b", "domain": "db"}),
            ("port-bind", {"ifname": "g", "domain": "db"}),
            ("port-bind", {"ifname": "t", "kind": TRUNK},
             vlans((10, 10, "web"), (20, 29, "db"))))

    def view(self):
        """The policy, as the module tells it."""
        return told.policy(self.nl())

    def send(self, source, dest, words=()):
        """Send a frame; did it arrive?"""
        self.count += 1
        sender, receiver = self.end(source), self.end(dest)
        receiver.drain()
        receiver.inbox.clear()
        frame = frames.build("udp", sender.who, receiver.who, receiver.who.mac,
                             list(words), self.count)
        sender.send(frame)
        receiver.drain()
        return any(frames.same(one, frame) for one in receiver.inbox)

    def ready(self):
        return all(self.send(*probe[:3]) == probe[3] for probe in PROBES)

    def probe(self, probes=PROBES):
        """Every verdict is what it was, and counted once."""
        passed, dropped = told.totals(self.nl())
        for source, dest, words, arrives in probes:
            if self.send(source, dest, words) != arrives:
                raise Failed(f"the frame from {source} to {dest} "
                             f"{'did not arrive' if arrives else 'arrived'}")
            passed, dropped = passed + arrives, dropped + (not arrives)
        if told.totals(self.nl()) != (passed, dropped):
            raise Failed(f"counted are {told.totals(self.nl())} passed and "
                         f"dropped frames, expected {passed, dropped}")

    def forget(self, name):
        """Close a guest's end; its port is gone afterwards."""
        self.do_close(name)

    def off(self):
        self.ask("off")

    def close(self):
        """Nothing is left of it once this returns, but what the kernel
        cleans up by itself."""
        try:
            self.reopen()
            self.off()
        except (Refused, OSError) as error:
            if error.errno != errno.ENOENT:
                raise
        finally:
            for end in list(self.ends):
                self.do_close(end)
            for one in (self.genl, self.links, self.listener):
                if one:
                    one.close()
            os.close(self.netns)
            enter(HOME)
