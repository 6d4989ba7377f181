# SPDX-License-Identifier: GPL-2.0
"""What a command costs: time, its own memory and the kernel's."""

import os
import signal
import time

PARTS = ("Slab", "VmallocUsed", "Percpu")
TIRED = -signal.SIGALRM    # the status of a command that took too long


def kernel_parts():
    """Kilobytes that the kernel has for itself, for each of PARTS."""
    with open("/proc/meminfo", encoding="ascii") as file:
        lines = dict(line.split(":") for line in file)
    return [int(lines[name].split()[0]) for name in PARTS]


def kernel_memory():
    """All of them together."""
    return sum(kernel_parts())


def settled_parts():
    """The parts, once work that was put off has let go of its own."""
    last = now = None
    for _ in range(50):
        with open("/proc/sys/vm/drop_caches", "w", encoding="ascii") as file:
            file.write("3")
        now = kernel_parts()
        if last is not None and abs(sum(now) - sum(last)) < 64:
            break
        last = now
        time.sleep(0.2)
    return now


def settled_memory():
    """The same, all together."""
    return sum(settled_parts())


def run(words, stdin=os.devnull, patience=0):
    """(status, seconds, the most megabytes) of one command.

    Of the memory, what this process has itself before it becomes the command
    counts, too.  With patience, the command is ended after so many seconds.
    """
    pid = os.fork()
    began = time.monotonic()
    if not pid:
        try:
            signal.setitimer(signal.ITIMER_REAL, patience)
            os.dup2(os.open(stdin, os.O_RDONLY), 0)
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            os.execvp(words[0], words)
        finally:
            os._exit(127)
    _, status, used = os.wait4(pid, 0)
    return (os.waitstatus_to_exitcode(status), time.monotonic() - began,
            used.ru_maxrss / 1024)
