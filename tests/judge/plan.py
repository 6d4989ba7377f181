#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Make policies and the frames that are played to them.

usage: plan.py DIRECTORY --seed N --cases N [--policy N]
"""

import argparse
import os
import random
import struct
import sys

import fields
import nft
import policies
import scene
import traffic
import vsegnl

FRAMES = 500
# Each so many policies are ones that nftables can say, too.
COMMON = 4
# Added to the number of a frame that is played to nftables.
TWIN = 100000
# Questions about each policy, and their numbers.
QUESTIONS, ASKED = 500, 200000


def policy_of(seed, number):
    """A policy; whether it is one that nftables can say, too."""
    common = number % COMMON == COMMON - 1
    rnd = random.Random(f"{seed} {number}")
    return policies.Maker(rnd, number, common).policy(), common


def cue_of(rnd, turn, ends):
    """A frame, but no fragment: what becomes of these hangs on those before."""
    end = rnd.choice(ends)
    while True:
        cue = traffic.Maker(rnd, turn).cue(end)
        inner = scene.take_tag(cue.frame)[1]
        said = fields.describe(inner, len(inner), None)[0]
        if said.get("fragment") not in (fields.FIRST, fields.LATER):
            return cue


def case(seed, number):
    """A policy and its frames."""
    policy, common = policy_of(seed, number)
    ends = scene.of_bridge("br0")
    if not common:
        ends = ends + scene.of_bridge("br1")
    cues = []
    for turn in range(FRAMES):
        cues.append(cue_of(random.Random(f"{seed} {number} {turn}"), turn,
                           ends))
    return policy, cues, common


def questions(seed, number):
    """What the kernel is asked about a policy, without a frame on the way:
    source, destination, VLAN, and the frame's bytes."""
    for turn in range(QUESTIONS):
        rnd = random.Random(f"{seed} {number} question {turn}")
        ends = scene.of_bridge(rnd.choice(("br0", "br1")))
        source, dest = rnd.sample([end for end in ends if not end.host], 2)
        common = sorted(set(source.vlans) & set(dest.vlans)) or [10]
        vid = rnd.choice(common) if source.vlans else 0
        frame = traffic.Maker(rnd, turn).cue(source).frame
        yield source, dest, vid, scene.take_tag(frame)[1][:1024].ljust(14, b"\0")


def question(source, dest, vid, frame):
    """As the kernel takes it."""
    numbers = vsegnl.SETS["decision"]
    return struct.pack("=BBH", vsegnl.COMMANDS["decide"], 1, 0) + b"".join((
        vsegnl.attr(numbers["in-ifname"], source.dev),
        vsegnl.attr(numbers["out-ifname"], dest.dev),
        vsegnl.attr(numbers["vlan"], vsegnl.u32(vid)),
        vsegnl.attr(numbers["frame"], frame)))


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
        for turn, one in enumerate(questions(seed, number)):
            body = question(*one)
            file.write(traffic.header(ASKED + turn, 0xFFFF, len(body)) + body)
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
