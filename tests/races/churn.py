#!/usr/bin/python3 -S
# SPDX-License-Identifier: GPL-2.0
"""Run the workers until the time is over, and tell what they did.

usage: churn.py DIR SEED SECONDS MODULE

DIR has the file "ends" and gets "policies".  Prints NAME=COUNT lines, and a line
"# ..." for what went wrong; then the status is 1.
"""

import os
import signal
import sys
import time
import traceback

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path += [HERE, os.path.join(HERE, "workers"),
             os.path.join(HERE, "../tools")]

# pylint: disable=wrong-import-position
from bridges import Bridges
from commits import Commits
from netns import Netns
from ports import Ports
from reads import Dumps, Files, Listens
from stage import Stage
from txns import Txns
from vlans import Vlans

WORKERS = (Commits, Ports, Ports, Bridges, Vlans, Netns, Txns, Dumps, Dumps,
           Files, Listens)

# The longest that it goes on for those, in times of SECONDS.
PATIENCE = 8

# So long a worker may take for its last round, in s.
HANGS = 120

# Less than this would be idle.
LEAST = {"frames": 6000, "commits": 20, "offs": 2, "reloads": 1, "ports_checked": 10,
         "relabels": 20, "bridges_again": 1, "bridge_renames": 1, "twins": 2,
         "vlans": 20, "namespaces": 2, "txns_killed": 5, "dumps": 50,
         "dumps_interrupted": 2, "files": 100, "events": 10, "rule_add": 100,
         "rule_del": 5, "domain_set": 20}


def work(stage, number):
    """In a process of its own."""
    status = 1
    try:
        worker = WORKERS[number](stage, number)
        try:
            worker.run()
            status = 0
        except Exception as error:  # pylint: disable=broad-except
            print(f"# {worker.name}: {type(error).__name__}: {error}")
            for line in traceback.format_exc().splitlines():
                print("#     " + line)
            sys.stdout.flush()
            stage.end()
    finally:
        os._exit(status)


def lacking(stage):
    """What there hasn't been enough of yet."""
    counts = stage.counts()
    return [name for name, least in LEAST.items() if counts[name] < least]


def gather(children):
    """Wait for the workers; how many failed.  Who doesn't come is told where
    it hangs."""
    failed, end = 0, time.monotonic() + HANGS
    while children and time.monotonic() < end:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if pid:
            failed += status != 0
            del children[pid]
        else:
            time.sleep(0.1)
    for pid, name in children.items():
        print(f"# {name} hangs:")
        for what in ("wchan", "syscall", "stack"):
            with open(f"/proc/{pid}/{what}", encoding="ascii") as file:
                print("#     " + file.read().replace("\n", "\n#     "))
        os.kill(pid, signal.SIGKILL)
    return failed + len(children)


def main():
    path, seed, seconds, module = sys.argv[1:5]
    stage = Stage(path, seed, module)
    children = {}
    for number, worker in enumerate(WORKERS):
        pid = os.fork()
        if not pid:
            work(stage, number)
        children[pid] = f"{worker.__name__.lower()}{number}"
    began = time.monotonic()
    while not stage.over():
        time.sleep(0.5)
        spent = time.monotonic() - began
        # A machine that is busy with other things may need longer.
        if spent > float(seconds) and (not lacking(stage) or
                                       spent > PATIENCE * float(seconds)):
            stage.end()
    failed = gather(children)
    for name, count in sorted(stage.counts().items()):
        print(f"{name}={count}")
    print(f"seconds={int(spent)}\nworkers_failed={failed}")
    for name in lacking(stage):
        print(f"# only {stage.counts()[name]} {name}, expected {LEAST[name]}")
    return 1 if failed or lacking(stage) else 0


sys.exit(main())
