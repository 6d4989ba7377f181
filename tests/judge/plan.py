#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Make policies and the frames that are played to them.

usage: plan.py DIRECTORY --seed N --cases N [--policy N]
"""

import argparse
import os
import random
import sys

import nft
import policies
import scene
import traffic

FRAMES = 500
# Each so many policies are ones that nftables can say, too.
COMMON = 4
# Added to the number of a frame that is played to nftables.
TWIN = 100000


def case(seed, number):
    """A policy and its frames."""
    rnd = random.Random(f"{seed} {number}")
    common = number % COMMON == COMMON - 1
    policy = policies.Maker(rnd, number, common).policy()
    ends = scene.of_bridge("br0")
    if not common:
        ends = ends + scene.of_bridge("br1")
    cues = []
    for turn in range(FRAMES):
        rnd = random.Random(f"{seed} {number} {turn}")
        cues.append(traffic.Maker(rnd, turn).cue(rnd.choice(ends)))
    return policy, cues, common


def write(where, seed, number):
    """One policy, and its script."""
    policy, cues, common = case(seed, number)
    with open(os.path.join(where, f"{number}.yaml"), "w",
              encoding="ascii") as file:
        file.write(policy.text())
    with open(os.path.join(where, f"{number}.script"), "wb") as file:
        for turn, cue in enumerate(cues):
            file.write(traffic.record(turn, cue))
            if common and not cue.end.host:
                file.write(traffic.record(TWIN + turn, cue._replace(
                    end=nft.twin(cue.end))))
    if common:
        with open(os.path.join(where, f"{number}.nft"), "w",
                  encoding="ascii") as file:
            file.write(nft.ruleset(policy))


def main():
    """All of them."""
    parser = argparse.ArgumentParser()
    parser.add_argument("directory")
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--cases", type=int, required=True)
    parser.add_argument("--policy", type=int)
    wanted = parser.parse_args()
    for name, lines in (("ends", map(scene.player_line, scene.ENDS)),
                        ("links", scene.link_lines()),
                        ("bridge", scene.bridge_lines())):
        with open(os.path.join(wanted.directory, name), "w",
                  encoding="ascii") as file:
            file.writelines(line + "\n" for line in lines)
    numbers = range(-(-wanted.cases // FRAMES))
    if wanted.policy is not None:
        numbers = [wanted.policy]
    for number in numbers:
        write(wanted.directory, wanted.seed, number)
    with open(os.path.join(wanted.directory, "numbers"), "w",
              encoding="ascii") as file:
        file.writelines(f"{number}\n" for number in numbers)


if __name__ == "__main__":
    sys.exit(main())
