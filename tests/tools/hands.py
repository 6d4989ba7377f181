#!/usr/bin/python3 -S
# SPDX-License-Identifier: GPL-2.0
"""Python for tests without its start, which is most of what a short test takes
in an emulated machine: all is loaded once, and forked for each.

usage: hands.py FIFO

FIFO takes a line for each process:

    PID hand IN OUT [NETNS]     lab.py, which reads IN and writes OUT
    PID script DIR              DIR/program with the words in DIR/args and the
                                environment in DIR/env, which end with zero
                                bytes each; DIR/status gets its status

It runs in the namespaces that the process PID has made for its children, and ends
with them.  tests/run starts this, lib.sh asks.
"""

import gc
import os
import signal
import subprocess
import sys
import traceback

import check
import lab
import rtnl
from ends import CLONE_NEWNET, LIBC

# What scripts want, too.
LOADED = (check, rtnl, subprocess)
CLONE_NEWNS, CLONE_NEWPID = 0x20000, 0x20000000


def enter(file, kind):
    """Go into a namespace."""
    if LIBC.setns(file, kind):
        raise OSError(f"no namespace {kind:#x}")


def take(*files):
    """These are standard input, output and so on, and no others are open.  They
    don't get into each other's way: main() has 3 open."""
    for number, file in enumerate(files):
        os.dup2(file, number)
    os.closerange(len(files), 64)


def hand(_, errors, into, out, netns=""):
    if netns:
        enter(os.open(f"/run/netns/{netns}", os.O_RDONLY), CLONE_NEWNET)
    take(os.open(into, os.O_RDONLY), os.open(out, os.O_WRONLY), errors)
    lab.main()


def read(path):
    with open(path, encoding="utf-8", errors="surrogateescape") as file:
        return file.read()


def outcome(program):
    """Its status, as Python's own would be."""
    try:
        # check.py knows the lines of the program by that name.
        exec(compile(program, "<stdin>", "exec"),  # pylint: disable=exec-used
             {"__name__": "__main__"})
    except SystemExit as end:
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr)
            return 1
        return int(end.code or 0)
    except BaseException:  # pylint: disable=broad-except
        traceback.print_exc()
        return 1
    return 0


def script(output, errors, where):
    take(os.open("/dev/null", os.O_RDONLY), output, errors,
         os.open(f"{where}/status", os.O_WRONLY))
    program, args, env = (read(f"{where}/{name}")
                          for name in ("program", "args", "env"))
    sys.argv = ["-", *args.split("\0")[:-1]]
    os.environ.clear()
    os.environ.update(one.split("=", 1) for one in env.split("\0")[:-1])
    code = outcome(program)
    sys.stdout.flush()
    os.write(3, b"%d\n" % code)


def become(pid, what, *words):
    """A process like any that the test starts."""
    spaces = [(os.open(f"/proc/{pid}/ns/{name}", os.O_RDONLY), kind)
              for name, kind in (("net", CLONE_NEWNET),
                                 ("pid_for_children", CLONE_NEWPID),
                                 ("mnt", CLONE_NEWNS))]
    files = [os.open(f"/proc/{pid}/fd/{number}", os.O_WRONLY | os.O_APPEND)
             for number in (1, 2)]
    where = os.readlink(f"/proc/{pid}/cwd")
    for space in spaces:
        enter(*space)
    os.chdir(where)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    if not os.fork():
        {"hand": hand, "script": script}[what](*files, *words)


def main():
    # Who asked waits for nobody: init inherits them.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    gc.freeze()
    # Open for writing, too: it has no end between two tests.
    with os.fdopen(os.open(sys.argv[1], os.O_RDWR), encoding="ascii") as asked:
        for line in iter(asked.readline, ""):
            if os.fork():
                continue
            try:
                become(*line.split())
            except BaseException:  # pylint: disable=broad-except
                traceback.print_exc()
            finally:
                sys.stdout.flush()
                os._exit(0)


main()
