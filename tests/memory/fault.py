# SPDX-License-Identifier: GPL-2.0
"""Make chosen allocations fail: the kernel's fault injection, aimed.

The n-th allocation of a thread fails once (fail-nth), or all of them that are
made beneath some function fail.  Only allocations count that have a function
of the range aimed at among their callers; kmemleak's own never do, since it
would just fall back to another pool.
"""

import os
import signal

DEBUG = "/sys/kernel/debug/"
ATTRS = ("failslab", "fail_page_alloc")
ANY = (0, 2 ** 64 - 1)
TIMES = 1 << 30
# What DEBUG_OBJECTS keeps in store for objects that it is to watch.
STORE = DEBUG + "debug_objects/stats"
STORED = 250


def put(path, value):
    with open(path, "w", encoding="ascii") as file:
        file.write(str(value))


def get(path):
    with open(path, encoding="ascii") as file:
        return file.read().strip()


def core_symbols(names):
    """{name: (start, end)} of functions of the kernel itself."""
    found, open_ends = {}, []
    with open("/proc/kallsyms", encoding="ascii") as file:
        for line in file:
            address, kind, name = line.split()[:3]
            if kind not in "tT":
                continue
            address = int(address, 16)
            # Aliases share an address.
            while open_ends and found[open_ends[0]][0] < address:
                one = open_ends.pop(0)
                found[one] = (found[one][0], address)
            if name in names and name not in found:
                found[name] = (address, 0)
                open_ends.append(name)
    return found


def workers():
    """Threads of the kernel that run work items."""
    found = []
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                if get(f"/proc/{name}/comm").startswith("kworker/"):
                    found.append(name)
            except OSError:
                continue
    return found


def stored():
    """Objects that can be watched without another allocation."""
    with open(STORE, encoding="ascii") as file:
        return next(int(line.split(":")[1]) for line in file
                    if line.startswith("pool_free"))


def fill_store():
    """DEBUG_OBJECTS fills its store when an object that it watches is used.
    Beneath a function whose allocations all fail it can't; with its store empty
    it would watch nothing any more, and say so.
    """
    turns = iter(range(100))
    while (os.path.exists(STORE) and stored() < STORED and
           next(turns, None) is not None):
        signal.setitimer(signal.ITIMER_REAL, 3600)
        signal.setitimer(signal.ITIMER_REAL, 0)


def working(what):
    """Does a work item of this queue run?"""
    for pid in workers():
        try:
            if get(f"/proc/{pid}/comm").endswith("+" + what):
                return True
        except OSError:
            continue
    return False


class Fault:
    """Failing allocations of this thread, of workers, of everybody."""

    # One may be inlined into the other; they are neighbours.
    LEAK = ("mem_pool_alloc", "__alloc_object")
    WANTED = LEAK + ("do_one_initcall", "nf_register_net_hooks", "parse_args",
                     "pcpu_create_chunk")

    def __init__(self):
        self.symbols = core_symbols(self.WANTED)
        self.own = os.open("/proc/thread-self/fail-nth", os.O_RDWR)
        self.pids = []
        leak = [self.symbols[name] for name in self.LEAK
                if name in self.symbols]
        self.leak = min(start for start, _ in leak), max(end for _, end in leak)
        for attr in ATTRS:
            where = DEBUG + attr + "/"
            for name, value in (
                    ("probability", 0), ("interval", 1), ("times", -1),
                    ("space", 0), ("verbose", 0), ("task-filter", "N"),
                    ("ignore-gfp-wait", "N"), ("stacktrace-depth", 32)):
                put(where + name, value)
        put(DEBUG + "fail_page_alloc/min-order", 0)
        self.aim(ANY)

    def aim(self, where, but=None):
        """Only what has a caller in (start, end), and none in another range,
        can fail."""
        but = but or self.leak
        for attr in ATTRS:
            for name, value in (
                    ("require-start", where[0]), ("require-end", where[1]),
                    ("reject-start", but[0]), ("reject-end", but[1])):
                put(f"{DEBUG}{attr}/{name}", hex(value))

    def arm(self, nth):
        os.write(self.own, b"%d" % nth)

    def disarm(self):
        """True when the failure came."""
        left = int(os.pread(self.own, 16, 0))
        os.write(self.own, b"0")
        return left == 0

    def arm_workers(self, nth):
        self.pids = workers()
        self._tell(nth)

    def _tell(self, nth):
        """A worker may have gone meanwhile."""
        for pid in self.pids:
            try:
                put(f"/proc/{pid}/fail-nth", nth)
            except OSError:
                continue

    def fired_workers(self):
        """How many of the armed workers met their failure."""
        fired = 0
        for pid in self.pids:
            try:
                fired += get(f"/proc/{pid}/fail-nth") == "0"
            except OSError:
                continue
        return fired

    def disarm_workers(self):
        fired = self.fired_workers()
        self._tell(0)
        self.pids = []
        return fired

    def all_beneath(self, where):
        """From now on every allocation made beneath this range fails, of
        whatever task."""
        fill_store()
        self.aim(where)
        for attr in ATTRS:
            put(f"{DEBUG}{attr}/times", TIMES)
            put(f"{DEBUG}{attr}/probability", 100)

    def none(self):
        """No longer; how many failed."""
        failed = 0
        for attr in ATTRS:
            put(f"{DEBUG}{attr}/probability", 0)
            failed += TIMES - int(get(f"{DEBUG}{attr}/times"))
            put(f"{DEBUG}{attr}/times", -1)
        self.aim(ANY)
        return failed
