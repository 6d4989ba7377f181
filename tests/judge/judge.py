#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Compare what the module says of frames with what fields.py does, and of
messages and guards with what messages.py and guard.py do.

usage: judge.py LIBRARY VSEGCTL SCRATCH --seed N --cases N [--case N]
"""

import argparse
import collections
import json
import random
import subprocess
import sys

import anyframe
import fields
import guard
import kernel
import messages
import plan
import policies
import scene
import traffic
import verdict

SHOWN = 10


def arguments():
    """What is asked for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("library")
    parser.add_argument("vsegctl")
    parser.add_argument("scratch")
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--cases", type=int, required=True)
    parser.add_argument("--case", type=int)
    return parser.parse_args()


def show(case, data, readable, said, expected):
    """One difference."""
    print(f"# case {case}: {readable} of {len(data)} bytes: {data.hex()}")
    for name in sorted(said.keys() | expected.keys()):
        if said.get(name, "-") != expected.get(name, "-"):
            print(f"#   {name}: the module {said.get(name, 'absent')}, "
                  f"the judge {expected.get(name, 'absent')}")


def judge_frames(wanted, module):
    """Fields of any frames; how many differ."""
    seen = collections.Counter()
    differences = 0
    for case in wanted.numbers:
        maker = anyframe.Maker(random.Random(f"{wanted.seed} {case}"))
        data, readable = maker.frame()
        vlan = maker.rnd.randrange(4096)
        said, places = module.describe(data[:readable], len(data), vlan)
        expected, where = fields.describe(data[:readable], len(data), vlan)
        for name, value in expected.items():
            seen[name, value is not None] += 1
        said.update(places)
        expected.update(where)
        if said != expected:
            differences += 1
            if differences <= SHOWN:
                show(case, data, readable, said, expected)
    for name in kernel.FIELDS:
        print(f"# {name}: {seen[name, True]} known, {seen[name, False]} not")
    return differences


def message(seed, case):
    """A frame that is a message of a pass or service, or nearly one."""
    rnd = random.Random(f"{seed} message {case}")
    maker = traffic.Maker(rnd, case)
    end = rnd.choice(scene.of_bridge("br0"))
    data = maker.by_words(end, maker.whom(end))
    for _ in range(rnd.choice((0, 1, 1, 2))):
        data = maker.mutate(data)
    return scene.take_tag(data)[1].ljust(14, b"\0")


def judge_messages(wanted, module):
    """Which messages they are; how many differ."""
    seen = collections.Counter()
    differences = 0
    for case in wanted.numbers:
        data = message(wanted.seed, case)
        said, expected = module.kind_of(data), messages.kind_of(data)
        seen[expected] += 1
        if said == expected:
            continue
        differences += 1
        if differences <= SHOWN:
            print(f"# case {case}: the module {said}, the judge {expected}: "
                  f"{data.hex()}")
    for name, count in seen.most_common():
        print(f"# {name}: {count}")
    return differences + (len(seen) < 2 < len(wanted.numbers))


def judge_guards(wanted, module):
    """Which frames a guest may send; how many differ."""
    seen = collections.Counter()
    differences = 0
    for case in wanted.numbers:
        rnd = random.Random(f"{wanted.seed} guard {case}")
        end = rnd.choice(scene.of_bridge("br0")[:-1])
        maker, port = policies.Maker(rnd, 0), policies.Port(None, "web")
        maker.guard(end, port)
        permits = port.permit | maker.permits()
        data = scene.take_tag(traffic.Maker(rnd, case).cue(end).frame)[1]
        data = data[:2000].ljust(14, b"\0")
        said = module.guard(port, permits, data)
        expected = (None if "all" in permits else
                    guard.check(port, permits, data))
        seen[expected] += 1
        if said == expected:
            continue
        differences += 1
        if differences <= SHOWN:
            print(f"# case {case}: {port.given} {port.selector} {permits}: "
                  f"the module {said}, the judge {expected}: {data.hex()}")
    for name, count in seen.most_common():
        print(f"# {name or 'none'}: {count}")
    return differences


def expectation(judge, source, dest, vid, frame):
    """What vsegctl test --file is to expect."""
    reason, _, _ = judge.question(source, dest, vid, frame)
    cell = judge.cell(*(judge.label(end, vid) for end in (source, dest)))
    dropped = "would-drop" if cell and cell.monitor else "deny"
    return {"from": f"port:{source.dev}", "to": f"port:{dest.dev}", "vlan": vid,
            "frame": frame.hex(), "expect": dropped if reason else "allow",
            "reason": reason or "none"}


def show_decisions(number, done):
    """What the command said of a policy's expectations; how many it didn't
    meet."""
    if not done.returncode:
        return 0
    try:
        unmet = [one for one in json.loads(done.stdout) if not one["met"]]
    except ValueError:
        print(f"# policy {number}, status {done.returncode}: {done.stdout}")
        return 1
    for one in unmet[:SHOWN]:
        print(f"# policy {number}: {json.dumps(one)}")
    return len(unmet) or 1


def judge_decisions(wanted, _):
    """What the command decides, by the kernel's source; how many differ."""
    seen = collections.Counter()
    differences = asked = 0
    last = wanted.numbers[-1] // plan.QUESTIONS
    for number in range(wanted.numbers[0] // plan.QUESTIONS, last + 1):
        policy, _ = plan.policy_of(wanted.seed, number)
        for dev, port in policy.ports.items():
            # There is no device whose address could be asked for.
            port.selector = ("name", dev)
        judge = verdict.Judge(policy)
        tests = [expectation(judge, *one)
                 for one in plan.questions(wanted.seed, number)]
        asked += len(tests)
        seen.update(one["reason"] for one in tests)
        with open(wanted.scratch + ".policy", "w", encoding="ascii") as file:
            file.write(policy.text())
        with open(wanted.scratch + ".tests", "w", encoding="ascii") as file:
            json.dump({"version": 1, "tests": tests}, file)
        done = subprocess.run(
            [wanted.vsegctl, "-j", "test", "--policy",
             wanted.scratch + ".policy", "--file", wanted.scratch + ".tests"],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            check=False)
        differences += show_decisions(number, done)
    for name, count in seen.most_common():
        print(f"# {name}: {count}")
    print(f"# {asked} questions about {last + 1} policies")
    return differences


def main():
    """Judge, and say how often what was seen."""
    wanted = arguments()
    module = kernel.Kernel(wanted.library)
    wanted.numbers = (range(wanted.cases) if wanted.case is None
                      else range(wanted.case, wanted.case + 1))
    failed = 0
    print("1..4")
    for number, judge in enumerate((judge_frames, judge_messages,
                                    judge_guards, judge_decisions), 1):
        differences = judge(wanted, module)
        name = judge.__name__.removeprefix("judge_")
        print(f"# seed {wanted.seed}, {len(wanted.numbers)} cases, "
              f"{differences} differences")
        print(f"{'not ' if differences else ''}ok {number} {name}")
        failed |= differences > 0
    return failed


if __name__ == "__main__":
    sys.exit(main())
