#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Compare what the module says of frames with what fields.py does.

usage: judge.py LIBRARY --seed N --cases N [--case N]
"""

import argparse
import collections
import random
import sys

import anyframe
import fields
import kernel

SHOWN = 10


def arguments():
    """What is asked for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("library")
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


def main():
    """Judge, and say how often what was seen."""
    wanted = arguments()
    module = kernel.Kernel(wanted.library)
    seen = collections.Counter()
    differences = 0
    cases = (range(wanted.cases) if wanted.case is None
             else range(wanted.case, wanted.case + 1))
    for case in cases:
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
    print(f"# seed {wanted.seed}, {len(cases)} cases, "
          f"{differences} differences")
    return differences > 0


if __name__ == "__main__":
    sys.exit(main())
