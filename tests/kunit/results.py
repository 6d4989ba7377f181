#!/usr/bin/python3
"""Tell results of KUnit in KTAP, one line for each test of each suite.

usage: results.py JSON SUITES

JSON is what kunit.py made of them, SUITES how many suites there must be.
"""

import json
import sys


def tests(suite):
    """Names of a suite's tests, and what became of each.

    A test with parameters is a group of its own, with one entry for each.
    """
    for case in suite["test_cases"]:
        yield case["name"], [case["status"]]
    for group in suite["sub_groups"]:
        yield group["name"], [case["status"] for case in group["test_cases"]]


def main():
    path, want = sys.argv[1], int(sys.argv[2])
    with open(path, encoding="utf-8") as file:
        suites = json.load(file)["sub_groups"]
    lines = [
        (f"{suite['name']}.{name}", statuses)
        for suite in suites
        for name, statuses in tests(suite)
    ]

    print("KTAP version 1")
    print(f"1..{len(lines)}")
    failed = 0
    for number, (name, statuses) in enumerate(lines, 1):
        bad = sum(status != "PASS" for status in statuses) or not statuses
        failed += bool(bad)
        cases = f" # {len(statuses)} rows" if len(statuses) > 1 else ""
        print(f"{'not ok' if bad else 'ok'} {number} {name}{cases}")
    rows = sum(len(statuses) for _, statuses in lines)
    print(f"# {len(suites)} suites, {rows} rows")
    print(f"{len(lines) - failed} passed, {failed} failed")
    if len(suites) < want:
        print(f"Bail out! {len(suites)} suites of {want} sources")
    return failed or len(suites) < want


if __name__ == "__main__":
    sys.exit(1 if main() else 0)
