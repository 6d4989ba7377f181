#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Measures the command with a small policy and one at the limits.

usage: measure.py DIRECTORY PORTS DOMAINS CELLS RULES

PORTS for each of four bridges.
"""

import os
import platform
import resource
import subprocess
import sys
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path += [os.path.join(HERE, "../races"), os.path.join(HERE, "../tools")]

# pylint: disable=wrong-import-position
import edits
import vsegnl
from check import attrs
from matches import asks

DIRECTORY = sys.argv[1]
PORTS, DOMAINS, CELLS, RULES = map(int, sys.argv[2:])
BRIDGES = 4
# Seconds of a machine that does 10^9 instructions in one, and megabytes.
MOST_SECONDS, MOST_MEMORY = 60, 256
# Likewise, of a commit of everything; and what one port may take beyond what it
# takes with a small policy.
COMMIT_SECONDS, BIND_SECONDS = 3, 0.0003
SMALL = 16
# Rules of a cell that has any.
LIST = 10


def write(name, domains, cells, first="allow"):
    """Half of the ports by name, the others by a pattern for each bridge."""
    path = f"{DIRECTORY}/{name}.yaml"
    each = cells // domains
    with open(path, "w", encoding="ascii") as file:
        print("version: 1\ndomains:", file=file)
        for i in range(domains):
            print(f"  d{i}: {100 + i}", file=file)
        print("bridges: {\"br*\": enforce}\nports:", file=file)
        for bridge in range(BRIDGES):
            print(f"  - {{glob: \"p{bridge}x*\", domain: d{bridge}}}", file=file)
            for i in range(0, PORTS if domains > SMALL else 0, 2):
                print(f"  - {{name: p{bridge}x{i}, "
                      f"domain: d{(bridge * PORTS + i) % domains}}}", file=file)
        print("cells:", file=file)
        for i in range(domains):
            for k in range(each):
                print(f"  - d{i} -> d{(i + k + 1) % domains}: {first}",
                      file=file)
                first = "allow"
    return path


def kernel_memory():
    """Megabytes of the kernel's own."""
    with open("/proc/meminfo", encoding="ascii") as file:
        lines = dict(line.split(":") for line in file)
    return sum(int(lines[name].split()[0])
               for name in ("Slab", "Percpu", "VmallocUsed")) / 1024


def run(*words):
    """Seconds, and the most memory in megabytes, of one command.

    What this process has itself before it becomes the command counts, too.
    """
    began = time.monotonic()
    with open(os.devnull, "wb") as null:
        process = subprocess.Popen(("vsegctl", *words), stdout=null)
        _, status, used = os.wait4(process.pid, 0)
    seconds = time.monotonic() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 4):
        sys.exit(f"vsegctl {' '.join(words)}: status {process.returncode}")
    return seconds, used.ru_maxrss / 1024


def rows(path, changed):
    """Each command, with what it is called in the table."""
    yield "apply, from nothing", ("apply", path)
    yield "apply, nothing to change", ("apply", path)
    yield "apply --check, one cell", ("apply", "--check", changed)
    yield "apply --diff, one cell", ("apply", "--diff", changed)
    yield "apply, one cell", ("apply", changed)
    yield "policy show", ("policy", "show")
    yield "policy cells", ("policy", "cells")
    yield "domain show", ("domain", "show")
    yield "port show", ("port", "show")
    yield "port show, one", ("port", "show", "p1x1")
    yield "stats", ("stats",)
    yield "status", ("status",)
    yield "test, in force", ("test", "--from", "p0x1", "--to", "p1x1")
    yield "test --policy", ("test", "--policy", path, "--from", "p0x1",
                            "--to", "p1x1")
    yield "port bind, one port", ("port", "bind", "p1x1", "d3")
    yield "port bind, another", ("port", "bind", "p1x1", "d2")
    yield "port unbind", ("port", "unbind", "p1x1")
    yield "policy deny, one cell", ("policy", "deny", "d3", "d4")
    yield "rollback", ("rollback",)
    yield "off", ("off",)


def measure(name, domains, cells):
    path = write(name, domains, cells)
    changed = write(name + "-changed", domains, cells, "deny")
    found, before, inside = {}, kernel_memory(), 0
    for label, words in rows(path, changed):
        found[label] = run(*words)
        print(f"# {name}: {label}: {found[label][0]:.3f} s, "
              f"{found[label][1]:.1f} MB", flush=True)
        if label == "apply, one cell":
            inside = kernel_memory() - before
    return found, inside


class Peak(threading.Thread):
    """The most memory that the kernel has while something goes on."""

    def __init__(self):
        super().__init__()
        self.most = 0
        self.over = threading.Event()

    def run(self):
        while not self.over.wait(0.02):
            self.most = max(self.most, kernel_memory())

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.join()
        self.most = max(self.most, kernel_memory())


class Charged:
    """A group of processes with this one in it, for good: what the kernel has for
    it, exactly, also at moments of a commit in which nobody else runs.  What this
    process asks for itself from now on counts, too."""

    def __init__(self):
        root = "/run/vseg-scale"
        os.makedirs(root, exist_ok=True)
        subprocess.run(("mount", "-t", "cgroup2", "none", root), check=True)
        self.group = f"{root}/scale"
        self.put(f"{root}/cgroup.subtree_control", "+memory")
        os.mkdir(self.group)
        self.put(f"{self.group}/cgroup.procs", str(os.getpid()))

    @staticmethod
    def put(path, text):
        with open(path, "w", encoding="ascii") as file:
            file.write(text)

    def most(self):
        """Megabytes, so far."""
        with open(f"{self.group}/memory.peak", encoding="ascii") as file:
            return int(file.read()) / 1048576


def whole():
    """Requests for everything at once: RULES in the first of CELLS."""
    rules, each = vsegnl.ENUMS["action"]["rules"], CELLS // DOMAINS
    yield from (edits.domain("add", f"d{i}") for i in range(DOMAINS))
    pairs = [(f"d{i}", f"d{(i + k + 1) % DOMAINS}")
             for k in range(each) for i in range(DOMAINS)]
    lists = pairs[:RULES // LIST]
    for src, dst in pairs[len(lists):]:
        yield edits.cell_set((src, dst), "allow")
    for number, (src, dst) in enumerate(lists):
        yield "cell-set", attrs("cell", src=src, dst=dst, action=rules)
        for i in range(LIST):
            yield "rule-add", attrs("rule", src=src, dst=dst, action=1) + asks(
                protocol=6, destination_port=(1000 * i + 1, 1000 * i + 99),
                source=f"10.{number >> 8 & 255}.{number & 255}.{16 * i}/28")


def commit(requests, before, charged):
    """Seconds of the commit alone; the megabytes that the kernel has more than
    before, from the first edit to the end, as often as we could look; those
    charged to us at the most."""
    genl = vsegnl.Genl()
    with Peak() as peak:
        cookie, some = edits.begin(genl), []
        for one in requests:
            some.append(one)
            if len(some) == 100:
                edits.send(genl, cookie, some)
                some = []
        edits.send(genl, cookie, some)
        began = time.monotonic()
        edits.commit(genl, cookie)
        seconds = time.monotonic() - began
    genl.close()
    return seconds, peak.most - before, charged.most()


def commits(before):
    """Of everything, over a policy that a rollback would want; then of one cell,
    and everything else is kept twice."""
    changed = [edits.cell_set(("d3", "d4"), "deny")]
    charged = Charged()
    found = {"everything": commit(whole(), before, charged),
             "one cell of it": commit(changed, before, charged)}
    status = vsegnl.Genl().call("status-get")[0]
    print(f"\nThe commit alone, {status['domains']} domains, {status['cells']} "
          f"cells, {RULES} rules in {RULES // LIST} of them:\n\n"
          "| commit of | 10^6 instructions | MB, as we saw | MB charged, at most |\n"
          "|---|---|---|---|")
    for name, (seconds, seen, most) in found.items():
        print(f"| {name} | {seconds * 1000:,.0f} | {seen:.0f} | {most:.0f} |")
    print(flush=True)
    run("off")
    return found


def megabytes(memory):
    """What can't be told from our own."""
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return f"{memory:.0f}" if memory > own + 1 else f"< {own + 1:.0f}"


def verdict(number, good, text):
    print(f"{'ok' if good else 'not ok'} {number} {text}", flush=True)
    return good


def main():
    run("status")
    before = kernel_memory()
    small, small_kernel = measure("small", SMALL, SMALL * 4)
    large, large_kernel = measure("large", DOMAINS, CELLS)
    print(f"\nLinux {platform.release()}, {BRIDGES * PORTS} ports; small: "
          f"{SMALL} domains, {SMALL * 4} cells; large: {DOMAINS} domains, "
          f"{CELLS} cells.\n\n"
          "| vsegctl | small: 10^6 instructions | MB | large: 10^6 instructions"
          " | MB |\n|---|---|---|---|---|")
    for label, (seconds, memory) in large.items():
        print(f"| {label} | {small[label][0] * 1000:,.0f} | "
              f"{megabytes(small[label][1])} | {seconds * 1000:,.0f} | "
              f"{megabytes(memory)} |")
    print(f"| *in the kernel, with both in force* | | {small_kernel:.0f} | | "
          f"{large_kernel:.0f} |\n")
    made = commits(before)
    peak = max(max(memory) for _, *memory in made.values())
    slowest = max(large, key=lambda label: large[label][0])
    biggest = max(large, key=lambda label: large[label][1])
    bind = [min(table[label][0] for label in large if "bind," in label)
            for table in (small, large)]
    good = [
        verdict(1, large[slowest][0] < MOST_SECONDS,
                f"time: the longest is {slowest}, {large[slowest][0]:.1f} s"),
        verdict(2, large[biggest][1] < MOST_MEMORY,
                f"memory: the most has {biggest}, {large[biggest][1]:.0f} MB"),
        verdict(3, large_kernel < MOST_MEMORY,
                f"memory of the kernel: {large_kernel:.0f} MB"),
        verdict(4, bind[1] - bind[0] < BIND_SECONDS,
                f"one port: {bind[0] * 1000:.2f} and {bind[1] * 1000:.2f} "
                "million instructions"),
        verdict(5, all(seconds < COMMIT_SECONDS for seconds, *_ in made.values()),
                "time of the commit: the longest is "
                f"{max(seconds for seconds, *_ in made.values()):.2f} s"),
        verdict(6, MOST_MEMORY > peak > RULES * 64 / 1048576,
                f"memory of the commit, at its peak: {peak:.0f} MB"),
    ]
    print("1..6")
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
