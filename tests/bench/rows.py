#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""One table of what `run --data` wrote on several kernels.

usage: rows.py FILE...
"""

import json
import sys


def cell(row):
    """What a row adds; in brackets, what all of it takes where it's a floor."""
    if row is None:
        return ""
    if "without" in row:
        return f"none: {row['without']}"
    if "added_min" not in row:
        return f"({row['min']:,.1f})"
    return f"{row['added_min']:,.1f}"


def spread(row):
    if row is None or "without" in row:
        return 0
    return row["max"] - row["min"]


def key(row):
    return row["ports"], row["domains"], row["row"]


def find(run, where):
    """A run's row; or why it has none of those that begin alike."""
    if where in run["rows"]:
        return run["rows"][where]
    for row in run["rows"].values():
        if "without" in row and where[2].startswith(row["row"] + ","):
            return row
    return None


def main(paths):
    runs = []
    for path in paths:
        with open(path, encoding="utf-8") as file:
            run = json.load(file)
        run["rows"] = {key(row): row for row in run["rows"]}
        runs.append(run)
    order = []
    for run in runs:
        for where in run["rows"]:
            if where not in order:
                order.append(where)
    missing = {where for run in runs for where, row in run["rows"].items()
               if "without" in row}
    order = [where for where in order
             if where not in missing or
             not any(other[2].startswith(where[2] + ",") for other in order)]
    print("Instructions that each row adds to a forwarded frame; in brackets, "
          "what a frame takes in all where nothing is subtracted. QEMU "
          f"{', '.join(sorted({run['qemu'] for run in runs}))}, one CPU, "
          "frames of 60 bytes where the row says nothing else.\n")
    print("| ports | domains | | " +
          " | ".join(run["kernel"] for run in runs) + " | target |")
    print("|---|---|---|" + "---|" * (len(runs) + 1))
    for where in order:
        rows = [find(run, where) for run in runs]
        target = next((str(row["target"]) for row in rows
                       if row and "target" in row), "")
        print(f"| {where[0]:,} | {where[1]:,} | {where[2]} | " +
              " | ".join(cell(row) for row in rows) + f" | {target} |")
    most = max(spread(row) for run in runs for row in run["rows"].values())
    print("\nEach row was measured three times; the repetitions of a row differ "
          f"by {most:.2f} instructions at most.")


if __name__ == "__main__":
    main(sys.argv[1:])
