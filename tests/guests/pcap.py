#!/usr/bin/python3 -S
# SPDX-License-Identifier: GPL-2.0
"""Count the frames of a capture.

usage: pcap.py FILE [--not-from MAC] [--after TEXT] [--before TEXT] PATTERN...

Prints a number for each PATTERN: of the frames that it fits.  A pattern is one
or more of these, joined by '+':
  has:MAC, has:ADDRESS   its bytes stand anywhere in the frame (of an IPv6
                         address the lower half)
  text:TEXT              likewise
  to:MAC, from:MAC       the frame's own addresses
--after and --before leave out what came before and after the frame with TEXT,
which must be there.
"""

import argparse
import socket
import struct
import sys


def frames(name):
    with open(name, "rb") as file:
        data = file.read()
    order = "<" if data[:4] == b"\xd4\xc3\xb2\xa1" else ">"
    at = 24
    while at + 16 <= len(data):
        length, = struct.unpack_from(order + "I", data, at + 8)
        yield data[at + 16:at + 16 + length]
        at += 16 + length


def hwaddr(text):
    return bytes.fromhex(text.replace(":", ""))


def address(text):
    if text.count(":") == 5 and "::" not in text:
        return hwaddr(text)
    if ":" in text:
        return socket.inet_pton(socket.AF_INET6, text)[8:]
    return socket.inet_pton(socket.AF_INET, text)


def fits(frame, pattern):
    for part in pattern.split("+"):
        kind, _, what = part.partition(":")
        if not {"has": lambda: address(what) in frame,
                "text": lambda: what.encode() in frame,
                "to": lambda: frame[:6] == hwaddr(what),
                "from": lambda: frame[6:12] == hwaddr(what)}[kind]():
            return False
    return True


def where(found, text):
    for at, frame in enumerate(found):
        if text.encode() in frame:
            return at
    sys.exit(f"no frame with '{text}' in the capture")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("file")
    parser.add_argument("--not-from", type=hwaddr)
    parser.add_argument("--after")
    parser.add_argument("--before")
    parser.add_argument("patterns", nargs="+")
    args = parser.parse_args()
    found = list(frames(args.file))
    end = where(found, args.before) if args.before else None
    start = where(found, args.after) if args.after else 0
    for pattern in args.patterns:
        print(sum(fits(frame, pattern) for frame in found[start:end]
                  if frame[6:12] != args.not_from))


main()
