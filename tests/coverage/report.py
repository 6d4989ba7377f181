#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""What gcov counted in the module: a table, and the lines that nothing reached.

usage: report.py OUT PERCENT NAME...

Reads the JSON of gcov in OUT/NAME/ and the sources in OUT/kmod, adds up the
names, and writes OUT/unreached and OUT/untaken.  Ends with 1 below PERCENT of
the lines, or when a source has no counts at all.
"""
import glob
import gzip
import json
import os
import sys

PREFIX = "/build/kmod/"


class Source:
    """Counts of one file: by line, and of its branches."""

    def __init__(self):
        self.lines = {}
        self.functions = {}
        self.branches = {}

    def add(self, line):
        number = line["line_number"]
        self.lines[number] = self.lines.get(number, 0) + line["count"]
        self.functions[number] = line.get("function_name", "")
        counts = [branch["count"] for branch in line["branches"]]
        seen = self.branches.setdefault(number, [])
        # A function in a header is compiled anew for each source.
        seen.extend([0] * (len(counts) - len(seen)))
        for i, count in enumerate(counts):
            seen[i] += count

    def reached(self):
        return sum(1 for count in self.lines.values() if count), len(self.lines)

    def taken(self):
        every = [count for counts in self.branches.values() for count in counts]
        return sum(1 for count in every if count), len(every)


def read(out, names):
    sources = {}
    for name in names:
        for path in glob.glob(os.path.join(out, name, "*.gcov.json.gz")):
            with gzip.open(path) as file:
                data = json.load(file)
            for entry in data["files"]:
                path = os.path.normpath(os.path.join(
                    data["current_working_directory"], entry["file"]))
                if not path.startswith(PREFIX) or path.endswith(".mod.c"):
                    continue
                source = sources.setdefault(path[len(PREFIX):], Source())
                for line in entry["lines"]:
                    source.add(line)
    return sources


def percent(part, whole):
    return 100 * part / whole if whole else 100


def table(sources):
    row = "%-18s %6s %6s %6s   %8s %6s %6s"
    print(row % ("file", "lines", "of", "%", "branches", "of", "%"))
    total = [0, 0, 0, 0]
    for name in sorted(sources):
        counts = [*sources[name].reached(), *sources[name].taken()]
        total = [a + b for a, b in zip(total, counts)]
        print_row(row, name, counts)
    print_row(row, "total", total)
    return percent(total[0], total[1])


def print_row(row, name, counts):
    lines, all_lines, branches, all_branches = counts
    print(row % (name, lines, all_lines, "%.1f" % percent(lines, all_lines),
                 branches, all_branches,
                 "%.1f" % percent(branches, all_branches)))


def write_lists(out, sources):
    with open(os.path.join(out, "unreached"), "w") as unreached, \
            open(os.path.join(out, "untaken"), "w") as untaken:
        for name in sorted(sources):
            source = sources[name]
            with open(os.path.join(out, "kmod", name)) as file:
                text = [line.rstrip() for line in file]
            for number in sorted(source.lines):
                where = "kmod/%s:%d" % (name, number)
                what = "%s\t%s\n" % (source.functions[number], text[number - 1])
                if not source.lines[number]:
                    unreached.write("%s: %s" % (where, what))
                elif not all(source.branches[number]):
                    untaken.write("%s: %s %s" % (where, source.branches[number], what))


def main():
    out, least = sys.argv[1:3]
    sources = read(out, sys.argv[3:])
    write_lists(out, sources)
    reached = table(sources)
    good = reached >= float(least)
    for path in sorted(glob.glob(os.path.join(out, "kmod", "*.c"))):
        name = os.path.basename(path)
        if not name.endswith(".mod.c") and name not in sources:
            print("# kmod/%s has no counts" % name)
            good = False
    print("%sok - %.1f %% of the lines were reached, %s %% are asked for"
          % ("" if good else "not ", reached, least))
    return 0 if good else 1


sys.exit(main())
