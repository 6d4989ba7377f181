# SPDX-License-Identifier: GPL-2.0
"""What a command costs: time, its own memory and the kernel's."""

import os
import time


def kernel_memory():
    """Kilobytes that the kernel has for itself."""
    with open("/proc/meminfo", encoding="ascii") as file:
        lines = dict(line.split(":") for line in file)
    return sum(int(lines[name].split()[0])
               for name in ("Slab", "Percpu", "VmallocUsed"))


def settled_memory():
    """The same, once work that was put off has let go of its part."""
    last = now = None
    for _ in range(50):
        with open("/proc/sys/vm/drop_caches", "w", encoding="ascii") as file:
            file.write("3")
        now = kernel_memory()
        if last is not None and abs(now - last) < 64:
            break
        last = now
        time.sleep(0.2)
    return now


def run(words, stdin=os.devnull):
    """(status, seconds, the most megabytes) of one command.

    Of the memory, what this process has itself before it becomes the command
    counts, too.
    """
    pid = os.fork()
    began = time.monotonic()
    if not pid:
        try:
            os.dup2(os.open(stdin, os.O_RDONLY), 0)
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            os.execvp(words[0], words)
        finally:
            os._exit(127)
    _, status, used = os.wait4(pid, 0)
    return (os.waitstatus_to_exitcode(status), time.monotonic() - began,
            used.ru_maxrss / 1024)
