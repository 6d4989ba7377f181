#!/bin/bash
# The kernel and the command decide alike, whatever the policy.
# kernels: one
# time limit: 300
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

# Random policies for 20 s, four at least, each with frames between domains and
# ports that only their names tell from one another.
seed=${VSEG_SEED:-$RANDOM}
echo "seed $seed"
hv_up
script "$lab_dir" "$seed" 20 4 100 <<'PYTHON'
import json
import random
import subprocess
import time
from check import *

where, seed, seconds, least, frames = sys.argv[1], *map(int, sys.argv[2:])
DOMAINS = [f"d{i}" for i in range(5)]
STEPS = ["a", "b", "1", "*", "?", "[ab]", "[!a]", "[]b1]", "[a-b]", "[[:a:]"]
# What both must say the same of.
SAID = ("verdict", "by", "src", "dst", "reason", "pass", "cell_src",
        "cell_dst", "action", "flags", "in_match", "out_match")
RULES = {"pair", "any", "any-any", "inside", "default", "unlabelled",
         "address-resolution", "bridge-control"}
# The first policy isn't random: it has a frame for each rule.
FIRST_POLICY = """version: 1
domains: {d0: 100, d1: 101, d2: 102}
ports: [{name: t, trunk: {default: d0}}]
cells: [d0 -> d1: allow, d2 -> any: allow, any -> any: deny]
"""
FIRST_FRAMES = [f"  - {{from: {src}, to: {dst}, class: {kind}, vlan: 1, "
                "expect: allow}" for src, dst, kind in (
                    ("d0", "d1", "other"), ("d2", "d0", "other"),
                    ("d0", "d2", "other"), ("d1", "d1", "other"),
                    ("host", "d0", "other"), ("port:x", "d0", "other"),
                    ("d1", "d0", "address-resolution"),
                    ("port:t", "d2", "query"))]
pick = random.Random(seed)


def name():
    """One of few, so that ports meet their selectors, or another one."""
    if pick.random() < 0.5:
        return pick.choice(("a", "b", "ab", "b1", "aab", "]b"))
    return "".join(pick.choice("ab1]") for _ in range(pick.randint(1, 4)))


def binding():
    """A domain, or a trunk with or without a default."""
    if pick.random() < 0.6:
        return f"domain: {pick.choice(DOMAINS)}"
    vlans = ", ".join(f"{i * 10}-{i * 10 + pick.randint(0, 9)}: "
                      f"{pick.choice(DOMAINS)}" for i in range(4)
                      if pick.random() < 0.6)
    default = pick.random() < 0.6 and f"default: {pick.choice(DOMAINS)}, "
    return f"trunk: {{{default or ''}vlans: {{{vlans}}}}}"


def globs():
    """Patterns of different lengths, so that none contradicts another."""
    found = {}
    for _ in range(12):
        glob = "".join(pick.choice(STEPS) for _ in range(pick.randint(1, 5)))
        found[len(glob)] = glob
    return pick.sample(list(found.values()), len(found) // 2)


def cell():
    action = pick.choice(("allow", "allow", "deny"))
    if action == "allow" and pick.random() < 0.2:
        return "{action: allow, log: true}"
    if action == "deny" and pick.random() < 0.5:
        return "{action: deny, mode: monitor}"
    return action


def policy():
    ends = DOMAINS + ["any", "host", "routed"]
    few = pick.choice((0.05, 0.2, 0.5))
    lines = ["version: 1", "domains: {%s}" % ", ".join(
        f"{name}: {100 + i}" for i, name in enumerate(DOMAINS)), "ports:"]
    lines += [f'  - {{name: "{one}", {binding()}}}'
              for one in sorted({name() for _ in range(8)})]
    lines += [f'  - {{glob: "{one}", {binding()}}}' for one in globs()]
    lines += [f"  - {{group: 7, {binding()}}}", f"  - {{alias: x, {binding()}}}",
              f'  - {{mac: "52:54:00:00:00:01", {binding()}}}', "cells:"]
    lines += [f"  - {src} -> {dst}: {cell()}" for src in ends for dst in ends
              if pick.random() < few]
    if lines[-1] == "cells:":
        lines.pop()
    lines.append("settings: {address-resolution: %s, bridge-control: %s}" %
                 tuple(str(pick.random() < 0.7).lower()
                       for _ in range(2)))
    return "\n".join(lines) + "\n"


def frame():
    ends = [pick.choice(DOMAINS + ["host", "routed", "unlabelled"])
            if pick.random() < 0.4 else f"port:{name()}" for _ in range(2)]
    kind = pick.choice(("other", "address-resolution", "bpdu", "query"))
    return (f'  - {{from: "{ends[0]}", to: "{ends[1]}", class: {kind}, '
            f"vlan: {pick.randint(0, 45)}, expect: allow}}")


def answers(*words):
    run = subprocess.run(["vsegctl", "-j", "test", "--file", f"{where}/expect",
                          *words], capture_output=True, text=True)
    if not ok(run.returncode in (0, 4), f"{words}: {run.stderr}"):
        sys.exit(1)
    return json.loads(run.stdout)


def fits(turn):
    return turn < least or time.monotonic() - began < seconds


began, turn, seen = time.monotonic(), 0, set()
while fits(turn) and not COUNT["failures"]:
    asked = [frame() for _ in range(frames)] if turn else FIRST_FRAMES
    with open(f"{where}/policy", "w", encoding="ascii") as file:
        file.write(policy() if turn else FIRST_POLICY)
    with open(f"{where}/expect", "w", encoding="ascii") as file:
        file.write("version: 1\ntests:\n")
        file.write("\n".join(asked) + "\n")
    apply = subprocess.run(["vsegctl", "apply", f"{where}/policy"],
                           capture_output=True, text=True)
    if not ok(apply.returncode == 0, f"policy {turn}: {apply.stderr}"):
        break
    kernel, here = answers(), answers("--policy", f"{where}/policy")
    equal(f"policy {turn}: answers", (len(kernel), len(here)),
          (len(asked), len(asked)))
    for one, other in zip(kernel, here):
        equal(f"policy {turn}, line {one['line']}, {one['from']} -> {one['to']}"
              f", {one['class']}, VLAN {one['vlan']}: the command's answer",
              *[{key: it.get(key) for key in SAID} for it in (other, one)])
        seen.add(one["by"])
    if COUNT["failures"]:
        print(open(f"{where}/policy", encoding="ascii").read())
    turn += 1
print(f"{turn} policies")
equal("rules that were never met", RULES - seen, set())
done()
PYTHON
