#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Hold what the kernel did with the frames of a plan against the model.

usage: compare.py PLAN OUT --seed N [--policy N] [--frame N]
"""

import argparse
import collections
import os
import sys

import expected
import plan
import scene

SHOWN = 12


class Said:
    """What came of one frame."""

    def __init__(self):
        self.arrivals, self.drops, self.errors = [], [], []


def results(path):
    """What the player wrote."""
    found = collections.defaultdict(Said)
    with open(path, encoding="ascii") as file:
        for line in file:
            kind, number, *words = line.split()
            said = found[int(number)]
            if kind == "a":
                said.arrivals.append((int(words[0]), int(words[1]),
                                      int(words[2], 16)))
            elif kind == "d":
                said.drops.append((words[0], words[1], words[2], words[3],
                                   int(words[4])))
            else:
                said.errors.append(words[0])
    return found


def names(arrivals):
    """Ends, for a reader."""
    return " ".join(f"{scene.ENDS[index].dev}({size},{crc:08x})"
                    for index, size, crc in sorted(arrivals)) or "nowhere"


def drops(found):
    """Drops, for a reader."""
    return "; ".join(" ".join(map(str, one)) for one in sorted(found)) or "none"


class Comparison:
    """Of all policies."""

    def __init__(self, seed):
        self.seed, self.cases, self.copies, self.differences = seed, 0, 0, 0
        self.reasons = collections.Counter()
        self.kinds = collections.Counter()

    def policy(self, number, where, only):
        """One policy."""
        policy, cues, _ = plan.case(self.seed, number)
        said = results(os.path.join(where, f"{number}.result"))
        judge = expected.judge_of(policy)
        for turn, cue in enumerate(cues):
            if only is not None and turn != only:
                continue
            self.frame(number, turn, policy, cue, judge, said[turn])

    def frame(self, number, turn, policy, cue, judge, said):
        """One frame."""
        self.cases += 1
        want = expected.of(judge, cue)
        self.copies += len(want.arrivals) + len(want.drops)
        for one in want.drops:
            self.reasons[one[2]] += 1
        self.reasons["delivered"] += len(want.arrivals)
        if (sorted(want.arrivals) == sorted(said.arrivals) and
                sorted(want.drops) == sorted(said.drops) and not said.errors):
            return
        self.differences += 1
        kind = self.kind(want, said)
        self.kinds[kind] += 1
        if self.kinds[kind] > 2 or len(self.kinds) > SHOWN:
            return
        print(f"# policy {number} frame {turn} from {cue.end.dev}: "
              f"{cue.frame[:400].hex()}")
        print(f"#   lies {cue.linear}+{cue.piece}, gso {cue.gso.hex()}")
        print(f"#   the model: {names(want.arrivals)}; {drops(want.drops)}")
        print(f"#   the kernel: {names(said.arrivals)}; {drops(said.drops)} "
              f"{' '.join(said.errors)}")

    @staticmethod
    def kind(want, said):
        """A short word about a difference."""
        more = collections.Counter(one[2] for one in said.drops)
        less = collections.Counter(one[2] for one in want.drops)
        return (f"kernel {dict(more - less)} {len(said.arrivals)}, "
                f"model {dict(less - more)} {len(want.arrivals)}")


def main():
    """Compare, and say how often what was seen."""
    parser = argparse.ArgumentParser()
    parser.add_argument("plan")
    parser.add_argument("out")
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--policy", type=int)
    parser.add_argument("--frame", type=int)
    wanted = parser.parse_args()
    whole = Comparison(wanted.seed)
    with open(os.path.join(wanted.plan, "numbers"), encoding="ascii") as file:
        for line in file:
            whole.policy(int(line), wanted.out, wanted.frame)
    for text, count in whole.kinds.most_common(20):
        print(f"# {count} x {text}")
    print("# " + ", ".join(f"{count} {name}" for name, count in
                           whole.reasons.most_common()))
    print(f"# seed {wanted.seed}, {whole.cases} cases, {whole.copies} copies, "
          f"{whole.differences} differences")
    return whole.differences > 0


if __name__ == "__main__":
    sys.exit(main())
