#!/usr/bin/python3 -S
# SPDX-License-Identifier: GPL-2.0
"""The guests' taps, on the hypervisor.

On a KVM host a guest's QEMU holds its tap.  Here the guests' QEMUs run beside
the hypervisor, and this process has their part: it copies frames between a
guest's cable (a port of the virtual serial device, a length of four bytes
before each frame) and the guest's tap.  When a guest's QEMU ends, its tap goes,
as it would there.

A line on standard input is a command, its answer one line, `ok` or `no WHY`:

plug NAME DEV       make the tap DEV for this guest
unplug NAME         take its tap away, while the guest runs on
mark NAME TEXT      put a frame with this text behind all that is in its tap
"""

import errno
import fcntl
import glob
import os
import select
import socket
import struct
import sys

TUNSETIFF = 0x400454CA
IFF_TAP, IFF_NO_PI = 2, 0x1000
LONGEST = 70000
BACKLOG = 256 << 10     # as much may wait for a guest before its tap fills


class Cable:
    """A guest's cable, its tap, and what is between them."""

    def __init__(self, name, path):
        self.name, self.dev, self.tap = name, None, None
        self.port = os.open(path, os.O_RDWR | os.O_NONBLOCK)
        self.up = False
        self.inbox, self.outbox = bytearray(), bytearray()

    def look(self):
        """Is a guest's QEMU at the other end again?"""
        poll = select.poll()
        poll.register(self.port, 0)
        self.up = not poll.poll(0)

    def lost(self):
        """The guest's QEMU ended."""
        self.up = False
        self.inbox, self.outbox = bytearray(), bytearray()
        self.unplug()

    def plug(self, dev):
        if not self.up or self.tap is not None:
            raise OSError("no guest" if not self.up else "plugged already")
        tap = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
        try:
            fcntl.ioctl(tap, TUNSETIFF, struct.pack(
                "16sH14x", dev.encode(), IFF_TAP | IFF_NO_PI))
        except OSError:
            os.close(tap)
            raise
        self.tap, self.dev = tap, dev

    def unplug(self):
        if self.tap is not None:
            os.close(self.tap)
        self.tap = self.dev = None

    def mark(self, text):
        with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as sock:
            sock.bind((self.dev, 0))
            sock.send(b"\xff" * 6 + b"\2\xee" * 3 + b"\x88\xb6" +
                      text.encode().ljust(46, b"\0"))

    def from_guest(self):
        """Frames from the guest, into its tap; without one, nowhere."""
        try:
            data = os.read(self.port, 1 << 16)
        except BlockingIOError:
            return
        if not data:
            self.lost()
            return
        self.inbox += data
        at, end = 0, len(self.inbox)
        while end - at >= 4:
            length, = struct.unpack_from("!I", self.inbox, at)
            if length > LONGEST:
                raise ValueError(f"{self.name}: a frame of {length} bytes")
            if end - at < 4 + length:
                break
            self.to_tap(memoryview(self.inbox)[at + 4:at + 4 + length])
            at += 4 + length
        self.inbox = self.inbox[at:]

    def to_tap(self, frame):
        if self.tap is None:
            return
        try:
            os.write(self.tap, frame)
        except OSError as error:
            if error.errno != errno.EIO:    # the tap isn't up yet
                raise

    def from_tap(self):
        """What waits in the tap, on its way to the guest."""
        while len(self.outbox) < BACKLOG:
            try:
                frame = os.read(self.tap, LONGEST)
            except BlockingIOError:
                break
            self.outbox += struct.pack("!I", len(frame)) + frame
        self.to_guest()

    def to_guest(self):
        while self.outbox:
            try:
                sent = os.write(self.port, self.outbox[:32 << 10])
            except BlockingIOError:
                break
            del self.outbox[:sent]

    def watch(self, poll):
        """What this cable waits for, as {file: what then to do}."""
        if not self.up:
            self.look()
        if not self.up:
            return {}
        poll.register(self.port, select.POLLIN |
                      (select.POLLOUT if self.outbox else 0))
        files = {self.port: self.serve}
        if self.tap is not None and len(self.outbox) < BACKLOG:
            poll.register(self.tap, select.POLLIN)
            files[self.tap] = self.from_tap
        return files

    def serve(self):
        self.to_guest()
        self.from_guest()


def command(cables, line):
    verb, name, *rest = line.split()
    if verb not in ("plug", "unplug", "mark") or name not in cables:
        return "no such command"
    try:
        getattr(cables[name], verb)(*rest)
    except OSError as error:
        return f"no {error}"
    return "ok"


def main():
    cables = {}
    for path in glob.glob("/sys/class/virtio-ports/*/name"):
        with open(path, encoding="ascii") as file:
            kind, _, name = file.read().strip().partition("-")
        if kind == "cable":
            cables[name] = Cable(name, "/dev/" + path.split("/")[-2])
    while True:
        poll = select.poll()
        poll.register(0, select.POLLIN)
        files = {}
        for cable in cables.values():
            files.update(cable.watch(poll))
        absent = not all(cable.up for cable in cables.values())
        for file, _ in poll.poll(100 if absent else None):
            if file == 0:
                line = sys.stdin.readline()
                if not line:
                    return
                print(command(cables, line), flush=True)
                break       # taps may have come and gone
            files[file]()


main()
