#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Hold what the kernel did with the frames of a plan against the model.

usage: compare.py PLAN OUT --seed N [--policy N] [--frame N]
"""

import argparse
import collections
import json
import os
import sys

import expected
import nft
import plan
import scene
import vsegnl

SHOWN = 12


def fresh(pair):
    """Has a cell a domain of its policy's own?  The rules of others may be those
    of the policy before, whose counters they take over."""
    return any(name not in ("any", "host") for name in pair)


class Said:
    """What came of one frame."""

    def __init__(self):
        self.arrivals, self.drops, self.errors = [], [], []
        self.answer = {}


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
            elif kind == "q":
                said.answer = vsegnl.decode("decision",
                                            bytes.fromhex(words[0]))
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


class Counters:
    """What all counters said at one moment."""

    def __init__(self, path):
        with open(path, encoding="ascii") as file:
            ports, bridges, _, rules = map(json.loads, file)
        self.stats = {one["ifname"]: self.flat(one["stats"]) for one in ports}
        for one in bridges:
            self.stats[one["name"]] = self.flat(one["host_stats"])
        self.rules = {(one["src"], one["dst"], one["index"]):
                      one["packets"] + one["would_packets"] for one in rules
                      if fresh((one["src"], one["dst"]))}

    @staticmethod
    def flat(stats):
        """Reasons by their names."""
        found = collections.Counter()
        for key, value in stats.items():
            if key != "reason" and not key.endswith("bytes"):
                found[key] = value
        for one in stats.get("reason", ()):
            found[one["reason"]] = one["packets"]
            found["would " + one["reason"]] = one["would_packets"]
        return found

    def since(self, before):
        """What moved."""
        return {(name, key): value - before.stats[name][key]
                for name, stats in self.stats.items()
                for key, value in stats.items()
                if value != before.stats[name][key]}


class Comparison:
    """Of all policies."""

    def __init__(self, seed, before):
        self.before = before
        self.seed, self.cases, self.copies, self.differences = seed, 0, 0, 0
        self.reasons = collections.Counter()
        self.kinds = collections.Counter()
        self.twins, self.explained = 0, collections.Counter()
        self.asked = 0

    def policy(self, number, where, only):
        """One policy."""
        policy, cues, common = plan.case(self.seed, number)
        said = results(os.path.join(where, f"{number}.result"))
        judge = expected.judge_of(policy)
        counts, rules = collections.Counter(), collections.Counter()
        for turn, cue in enumerate(cues):
            if only is not None and turn != only:
                continue
            want = expected.of(judge, cue)
            counts.update(want.counts)
            rules.update(want.rules)
            self.frame(number, turn, cue, want, said[turn])
            if common and not cue.end.host:
                self.nftables(judge, f"policy {number} frame {turn}", cue,
                              said[turn], said[plan.TWIN + turn])
        after = Counters(os.path.join(where, f"{number}.counters"))
        if only is None:
            self.questions(number, judge, said)
            self.counters(number, after.since(self.before), counts)
            self.counters(number, after.rules, collections.Counter(
                {(*pair, rule): count for (pair, rule), count
                 in rules.items() if fresh(pair)}))
        self.before = after

    def questions(self, number, judge, said):
        """What the kernel answered, without a frame on the way."""
        passes = {name: value for name, value in
                  vsegnl.ENUMS["pass"].items() if name != "none"}
        for turn, (source, dest, vid, frame) in enumerate(
                plan.questions(self.seed, number)):
            self.asked += 1
            answer = said[plan.ASKED + turn].answer
            reason, by, rule = judge.live_question(source, dest, vid, frame)
            want = (reason or "none", passes.get(by, 0), rule)
            have = (answer.get("reason"), answer.get("pass", 0),
                    answer.get("rule"))
            if want == have:
                continue
            self.differences += 1
            self.kinds["questions"] += 1
            if self.kinds["questions"] < SHOWN:
                print(f"# policy {number} question {turn}: {source.dev} to "
                      f"{dest.dev} VLAN {vid}: {frame[:400].hex()}")
                print(f"#   the model: {want}; the kernel: {have}")

    def counters(self, number, moved, wanted):
        """All counters of one policy."""
        for key in sorted(set(moved) | set(wanted)):
            if moved.get(key, 0) == wanted[key]:
                continue
            self.differences += 1
            self.kinds["counters"] += 1
            if self.kinds["counters"] < SHOWN:
                print(f"# policy {number}: counter {' '.join(map(str, key))} is "
                      f"{moved.get(key, 0)}, the model says {wanted[key]}")

    def nftables(self, judge, name, cue, said, other):
        """What nftables did with the same frame by the same policy."""
        self.twins += 1
        ours = sorted((nft.twin(end).index, *rest) for end, rest in
                      ((scene.ENDS[one[0]], one[1:]) for one in said.arrivals)
                      if not end.host)
        if ours == sorted(other.arrivals):
            return
        why = nft.explained(cue, any(
            judge.ask(cue.end, copy)[0].reason == "unparsed"
            for copy in scene.forward(cue.end, cue.frame) or ()))
        self.explained[why] += 1
        if why:
            return
        self.differences += 1
        self.kinds["nftables"] += 1
        if self.kinds["nftables"] < SHOWN:
            print(f"# {name} from {cue.end.dev}: {cue.frame[:400].hex()}")
            print(f"#   vseg: {names(said.arrivals)}; {drops(said.drops)}")
            print(f"#   nftables: {names(other.arrivals)}")

    def frame(self, number, turn, cue, want, said):
        """One frame."""
        self.cases += 1
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
    whole = Comparison(wanted.seed, Counters(
        os.path.join(wanted.out, "before.counters")))
    with open(os.path.join(wanted.plan, "numbers"), encoding="ascii") as file:
        for line in file:
            whole.policy(int(line), wanted.out, wanted.frame)
    for text, count in whole.kinds.most_common(20):
        print(f"# {count} x {text}")
    print("# " + ", ".join(f"{count} {name}" for name, count in
                           whole.reasons.most_common()))
    print(f"# {whole.twins} cases with nftables, "
          f"{sum(whole.explained.values())} differ: " + ", ".join(
              f"{count} {why or 'unexplained'}" for why, count in
              whole.explained.most_common()))
    print(f"# seed {wanted.seed}, {whole.cases} cases, {whole.copies} copies, "
          f"{whole.asked} questions, {whole.differences} differences")
    return whole.differences > 0


if __name__ == "__main__":
    sys.exit(main())
