#!/bin/bash
# Policies that are refused, or only checked, leave nothing in memory: 1,000 of them, or ROUNDS.
# kernels: one
# time limit: 180
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

lab_up
taps a0 b0 c0
policy <<'END'
bridge add br0
domain add web
domain add carried
selector add glob a* web
port bind c0 carried
END

# What the command refuses itself, what the kernel refuses, and what it would take.
cat >"$lab_dir/words.yaml" <<'END'
version: 1
domains: {web: 100, x: 101}
bridges: {br0: enforced}
END
cat >"$lab_dir/kernel.yaml" <<'END'
version: 1
domains: {web: 100, x: 101}
bridges: {br0: enforce}
ports:
  - {name: a0, domain: x}
  - {glob: "b*", domain: web}
cells:
  - web <-> x: allow
END
cp "$lab_dir/kernel.yaml" "$lab_dir/check.yaml"
sed -i 's/x: 101/x: 101, carried: 17/' "$lab_dir/check.yaml"
lab state save before

script "${ROUNDS:-1000}" "$lab_dir" <<'END'
import os
import subprocess
import sys
import time

import check
from vsegnl import ENUMS, Failed, Genl, Refused

# One table of cells alone would make 4 MB.
ROUNDS, WARM, MOST = int(sys.argv[1]), 100, 1 << 20
BY_COMMAND = ROUNDS // 20
genl = Genl()


def ask(command, which, **values):
    found = genl.call(command, check.attrs(which, **values))
    return found[0] if found else {}


def edits():
    """All that a commit prepares is made."""
    cookie = ask("begin", "txn")["cookie"]
    for name in ("x", "y"):
        ask("domain-add", "domain", cookie=cookie, name=name)
    ask("cell-set", "cell", cookie=cookie, src="x", dst="y",
        action=ENUMS["action"]["allow"])
    ask("selector-add", "selector", cookie=cookie, domain="x",
        type=ENUMS["selector-type"]["name"], pattern="a0")
    ask("selector-add", "selector", cookie=cookie, domain="y",
        type=ENUMS["selector-type"]["glob"], pattern="b*")
    return cookie


def refused(command, which, **values):
    try:
        ask(command, which, **values)
    except Refused:
        return
    raise Failed(f"{command} {values} was taken")


def one(number):
    """And taken away again: checked, and refused with its last edit, or as the
    kernel sees at the end that it can't be."""
    cookie = edits()
    if number % 2:
        ask("commit", "txn", cookie=cookie, flags=ENUMS["txn-flags"]["check"])
        refused("domain-add", "domain", cookie=cookie, name="x")
        ask("abort", "txn", cookie=cookie)
    else:
        # A label for a port that no bridge will have.
        ask("port-bind", "port", cookie=cookie, ifname="c0", domain="x")
        ask("bridge-del", "bridge", cookie=cookie, name="br0")
        refused("commit", "txn", cookie=cookie)


def one_by_command(number):
    name, status, *option = (("words", 1), ("kernel", 2),
                             ("check", 0, "--check"))[number % 3]
    done = subprocess.run(
        ("vsegctl", "apply", f"{sys.argv[2]}/{name}.yaml", *option),
        capture_output=True, text=True, check=False)
    if done.returncode != status:
        raise Failed(f"{name}: status {done.returncode}, {done.stderr}")


def used():
    """Kilobytes of the kernel's own memory."""
    with open("/proc/meminfo", encoding="ascii") as file:
        lines = dict(line.split(":") for line in file)
    return sum(int(lines[name].split()[0])
               for name in ("Slab", "Percpu", "VmallocUsed"))


for turn in range(WARM):
    one(turn)
for turn in range(WARM // 5):
    one_by_command(turn)
before, began = used(), time.monotonic()
for turn in range(ROUNDS):
    one(turn)
between = time.monotonic()
for turn in range(BY_COMMAND):
    one_by_command(turn)
ended = time.monotonic()
# What RCU frees comes a moment later.
while ((used() - before) * 1024 > MOST and time.monotonic() < ended + 30 and
       not os.path.exists("/proc/lockdep")):
    time.sleep(0.1)
grown = (used() - before) * 1024
print(f"{ROUNDS} by netlink in {between - began:.1f} s, {BY_COMMAND} by vsegctl "
      f"in {ended - between:.1f} s: {grown} bytes more")
# A debug kernel keeps what is freed for a while, and has kmemleak to tell.
check.ok(grown <= MOST or os.path.exists("/proc/lockdep"),
         f"{grown} bytes more after {ROUNDS} of them")
check.done()
END
untouched before
expect a0 b0 udp : b0=unlabelled-dst
