#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Puts elements into a map of BPF, by its number.

usage: bpf_fill.py ID SIZE <ELEMENTS

A line for each element: its key and the first four bytes of its value, which has
SIZE bytes (for each CPU, where the map has one for each).  x86-64 only.
"""

import ctypes
import os
import struct
import sys

SYS_BPF, UPDATE_ELEM, GET_FD_BY_ID = 321, 2, 14
libc = ctypes.CDLL(None, use_errno=True)


def bpf(command, attributes):
    found = libc.syscall(SYS_BPF, command, attributes, len(attributes))
    if found < 0:
        sys.exit(f"bpf_fill.py: {os.strerror(ctypes.get_errno())}")
    return found


def main(number, size):
    map_fd = bpf(GET_FD_BY_ID, ctypes.create_string_buffer(
        struct.pack("=III", number, 0, 0), 16))
    key = ctypes.create_string_buffer(4)
    value = ctypes.create_string_buffer(size * os.cpu_count())
    update = ctypes.create_string_buffer(struct.pack(
        "=IIQQQ", map_fd, 0, ctypes.addressof(key), ctypes.addressof(value),
        0), 32)
    for line in sys.stdin:
        words = [int(word) for word in line.split()]
        struct.pack_into("=I", key, 0, words[0])
        struct.pack_into("=I", value, 0, words[1])
        bpf(UPDATE_ELEM, update)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
