#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Prints a frame in hexadecimal, for the sender.

usage: frame.py KIND FROM TO KEY=VALUE...

FROM and TO are numbers of ports, TO may be "all"; KINDs and words are those of
tests/tools/frames.py, and head=N, the bytes of the frame that are printed.
"""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)) + "/../tools")
# pylint: disable=wrong-import-position
import frames  # noqa: E402


def main(kind, source, dest, *words):
    words = frames.Words(words)
    head = int(words.pop("head", 0)) or None
    flood = dest == "all"
    dest = frames.End(0 if flood else int(dest))
    frame = frames.build(kind, frames.End(int(source)), dest,
                         frames.BROADCAST if flood else dest.mac, words, 0)
    print(frame[:head].hex())


if __name__ == "__main__":
    main(*sys.argv[1:])
