#!/bin/bash
# Policies that are refused, or only checked, leave nothing in memory.
# time limit: 180
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

lab_up
taps a0 b0
policy <<'END'
bridge add br0
domain add web
selector add glob a* web
END
lab state save before

script <<'END'
import os
import time

import check
from vsegnl import ENUMS, Failed, Genl, Refused

# One table of cells alone would make 4 MB.
ROUNDS, WARM, MOST = 1000, 100, 1 << 20
genl = Genl()


def ask(command, which, **values):
    found = genl.call(command, check.attrs(which, **values))
    return found[0] if found else {}


def one():
    """All that a commit prepares is made, and taken away again."""
    cookie = ask("begin", "txn")["cookie"]
    for name in ("x", "y"):
        ask("domain-add", "domain", cookie=cookie, name=name)
    ask("cell-set", "cell", cookie=cookie, src="x", dst="y",
        action=ENUMS["action"]["allow"])
    ask("selector-add", "selector", cookie=cookie, domain="x",
        type=ENUMS["selector-type"]["name"], pattern="a0")
    ask("selector-add", "selector", cookie=cookie, domain="y",
        type=ENUMS["selector-type"]["glob"], pattern="b*")
    ask("commit", "txn", cookie=cookie, flags=ENUMS["txn-flags"]["check"])
    try:
        ask("domain-add", "domain", cookie=cookie, name="x")
        raise Failed("the same domain twice")
    except Refused:
        ask("abort", "txn", cookie=cookie)


def used():
    """Kilobytes of the kernel's own memory."""
    with open("/proc/meminfo", encoding="ascii") as file:
        lines = dict(line.split(":") for line in file)
    return sum(int(lines[name].split()[0])
               for name in ("Slab", "Percpu", "VmallocUsed"))


for _ in range(WARM):
    one()
before = used()
for _ in range(ROUNDS):
    one()
# What RCU frees comes a moment later.
end = time.monotonic() + 30
while ((used() - before) * 1024 > MOST and time.monotonic() < end and
       not os.path.exists("/proc/lockdep")):
    time.sleep(0.1)
grown = (used() - before) * 1024
# A debug kernel keeps what is freed for a while, and has kmemleak to tell.
check.ok(grown <= MOST or os.path.exists("/proc/lockdep"),
         f"{grown} bytes more after {ROUNDS} of them")
check.done()
END
untouched before
expect a0 b0 udp : b0=unlabelled-dst
