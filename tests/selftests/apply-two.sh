#!/bin/bash
# Two operators apply at once: one wins, the other is told what to do, and no policy is a mixture.
# time limit: 180
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

lab_up
taps a0 b0
# More of them: ROUNDS=N; the same choices again: SEED=N.
script "$lab_dir" "${SEED:-$RANDOM}" "${ROUNDS:-30}" <<'END'
import collections
import fcntl
import os
import random
import subprocess
import sys

import vsegnl
from check import *

directory, seed = sys.argv[1], int(sys.argv[2])
ROUNDS, EACH = int(sys.argv[3]), 24
print(f"seed {seed}", flush=True)
dice = random.Random(seed)
genl = vsegnl.Genl()
told = collections.Counter()
FIRST = "another commit came first"
AGAIN = "see vsegctl log before you run this again"
WAITS = "a commit waits for its confirmation; confirm it or roll it back first"


def vsegctl(*words):
    done = subprocess.run(("vsegctl", *words), capture_output=True, text=True,
                          check=False)
    return done.returncode, done.stdout, done.stderr


def must(*words):
    status, out, err = vsegctl(*words)
    ok(status == 0, f"{words} ended with {status}: {err}")
    return out


def write(number, most=EACH):
    """A policy that shares its names with the others, and nothing else."""
    domains = [f"d{i}" for i in range(most)]
    lines = ["version: 1", "domains:"]
    lines += [f"  {name}: {100 + i * 3 + number}"
              for i, name in enumerate(domains)]
    lines += ["bridges: {br0: %s}" % ("enforce", "monitor", "enforce")[number],
              "ports:", "  - {name: a0, domain: d%d}" % number,
              "  - {glob: \"b*\", domain: d%d}" % (5 + number), "cells:"]
    lines += [f"  - {src} -> {dst}: {('allow', 'deny')[(number + i) % 2]}"
              for i, src in enumerate(domains)
              for dst in domains[number:number + 3]]
    lines.append("settings: {flood-events: %s}" % ("true", "false")[number % 2])
    path = f"{directory}/operator{number}.yaml"
    with open(path, "w", encoding="ascii") as file:
        file.write("\n".join(lines) + "\n")
    return path


def generation():
    return genl.call("status-get")[0]["generation"]


def shown():
    return must("policy", "show")


def start(path, *options):
    return subprocess.Popen(("vsegctl", "apply", path, *options),
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                            text=True)


def outcome(process, path, may_wait):
    """What became of one: "won", "none" (it was that policy already), or why it
    was refused."""
    out, err = process.communicate()
    status = process.returncode
    if status == 0:
        ok(not err, f"an operator who won reads {err}")
        return "none" if "nothing to change" in out else "won"
    ok(status == 2, f"who lost gets status {status}: {err}")
    ok(err.rstrip().endswith("nothing was changed"), f"who lost reads {err}")
    ok(path in err, f"who lost reads {err}")
    if may_wait and WAITS in err:
        return "waits"
    ok(FIRST in err and AGAIN in err, f"who lost reads {err}")
    return "first"


paths = [write(number) for number in range(3)]
is_of = {}
for path in paths:
    must("apply", path)
    is_of[path] = shown()
equal("different policies", len(set(is_of.values())), len(paths))

for number in range(ROUNDS):
    label = f"round {number} of seed {seed}"
    wait = dice.random() < 0.3
    options = ("--confirm", "600") if wait else ()
    before, policy = generation(), shown()
    chosen = dice.sample(paths, dice.choice((2, 2, 3)))
    running = [start(path, *options) for path in chosen]
    ends = [outcome(process, path, wait)
            for process, path in zip(running, chosen)]
    told.update(ends)
    won = [path for path, end in zip(chosen, ends) if end == "won"]
    still = [path for path, end in zip(chosen, ends) if end == "none"]
    ok(won or len(still), f"{label}: nobody won: {ends}")
    equal(f"{label}: generations", generation() - before, len(won))
    now = shown()
    ok(any(now == is_of[path] for path in won + still),
       f"{label}: {ends}, and in force is\n{now}")
    if not wait or not won:
        continue
    # Until that is confirmed nobody changes the policy.
    equal(f"{label}: who waits for a confirmation", len(won), 1)
    other = next(path for path in paths if path not in won)
    equal(f"{label}: meanwhile", outcome(start(other), other, True), "waits")
    ok(shown() == now, f"{label}: changed while it waits")
    # Confirmed and taken back at once: one of the two.
    both = [subprocess.Popen(("vsegctl", word), stdout=subprocess.DEVNULL,
                             stderr=subprocess.DEVNULL)
            for word in dice.sample(("confirm", "rollback"), 2)]
    ended = [process.wait() for process in both]
    ok(0 in ended, f"{label}: confirm and rollback end with {ended}")
    equal(f"{label}: a commit still waits",
          "confirm-left" in genl.call("status-get")[0], False)
    ok(shown() in (now, policy), f"{label}: neither kept nor taken back")

# One stands in the middle of its transaction, as its output isn't read; the
# other applies meanwhile.
big = write(2, 400)
must("apply", paths[0])
for other in (paths[1], None):
    read, into = os.pipe()
    fcntl.fcntl(into, fcntl.F_SETPIPE_SZ, 4096)
    process = subprocess.Popen(("vsegctl", "apply", big), stdout=into,
                               stderr=subprocess.PIPE, text=True)
    os.close(into)
    first = os.read(read, 1)
    ok(b"-" in first or b"+" in first or b"!" in first, f"it begins {first}")
    before = generation()
    if other:
        must("apply", other)
    while os.read(read, 65536):
        pass
    os.close(read)
    err = process.communicate()[1]
    if other:
        equal("who held a transaction ends with", process.returncode, 2)
        ok(FIRST in err and AGAIN in err, f"who held a transaction reads {err}")
        equal("generations", generation() - before, 1)
        ok(shown() == is_of[other], "the policy of who won is not in force")
    else:
        equal("alone it ends with", process.returncode, 0)
        equal("generations", generation() - before, 1)

# A transaction by netlink, begun before an apply, ends the same way.
must("apply", paths[0])
cookie = ask(genl, "begin")["cookie"]
ask(genl, "domain-add", cookie=cookie, name="late")
must("apply", paths[1])
refused(genl, "ESTALE", "commit", FIRST, cookie=cookie)
ok(shown() == is_of[paths[1]], "a stale commit left something")

print(", ".join(f"{count} {end}" for end, count in sorted(told.items())))
ok(told["first"] + told["waits"], f"nobody met another: {dict(told)}")
done()
END
works vsegctl apply "$lab_dir/operator0.yaml"
expect a0 b0 udp : b0=default-deny
sums
