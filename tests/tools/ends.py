# SPDX-License-Identifier: GPL-2.0
"""Ends: where frames go in and come out, and how they get there."""

import ctypes
import fcntl
import os
import select
import socket
import struct
import time

import frames
import vsegnl
from vsegnl import Failed

LIMIT = float(os.environ.get("LAB_LIMIT", "5"))
TUNSETIFF, IFF_TAP, IFF_NO_PI = 0x400454CA, 2, 0x1000
SIOCSIFFLAGS, SIOCGIFFLAGS, SIOCBRADDIF = 0x8914, 0x8913, 0x89A2
ETH_P_ALL, PACKET_OUTGOING = 3, 4
SOL_PACKET, PACKET_ADD_MEMBERSHIP, PACKET_AUXDATA = 263, 1, 8
TP_STATUS_VLAN_VALID, TP_STATUS_VLAN_TPID_VALID = 16, 64
CLONE_NEWNET = 0x40000000
MARK = b"vseg-marker"
LIBC = ctypes.CDLL(None, use_errno=True)


class Namespace:
    """Run a block in a named network namespace."""

    def __init__(self, name):
        self.name, self.home = name, None

    def _enter(self, path):
        with open(path, "rb") as file:
            if LIBC.setns(file.fileno(), CLONE_NEWNET):
                raise OSError(ctypes.get_errno(), f"setns {path}")

    def __enter__(self):
        if self.name:
            self.home = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
            self._enter(f"/run/netns/{self.name}")

    def __exit__(self, *_):
        if self.name:
            self._enter(f"/proc/self/fd/{self.home}")
            os.close(self.home)


def packet_socket(dev, proto=ETH_P_ALL):
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
    sock.setsockopt(SOL_PACKET, PACKET_AUXDATA, 1)
    sock.bind((dev, proto))
    sock.setblocking(False)
    return sock


class End:
    """Where frames go in and come out."""

    def __init__(self, name, number, port, hwaddr=None):
        self.name, self.port = name, port
        self.who = frames.End(number, hwaddr)
        self.inbox, self.seen = [], 0
        self.marker = packet_socket(port, 0) if port else None

    def mark(self):
        """Put a marker behind whatever is on its way to this end."""
        self.seen += 1
        mark = MARK + struct.pack("!I", self.seen)
        self.marker.send(b"\2\xee" * 6 + b"\x88\xb6" + mark.ljust(46, b"\0"))
        return mark

    def read(self):
        """One frame that waits, or None."""
        raise NotImplementedError

    def drain(self):
        while (frame := self.read()) is not None:
            self.inbox.append(frame)

    def collect(self):
        """Everything that arrived, to the marker."""
        mark, end = (self.mark() if self.port else None), time.time() + LIMIT
        while True:
            self.drain()
            if not mark or any(mark in frame for frame in self.inbox):
                break
            if time.time() > end:
                raise Failed(f"{self.name}: the marker did not arrive")
            select.select([self.fileno()], [], [], 0.1)
        got, self.inbox = self.inbox, []
        return [frame for frame in got if MARK not in frame]


class Tap(End):
    """A guest behind a tap device; this process is the guest."""

    def __init__(self, name, number, dev, bridge):
        self.file = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
        fcntl.ioctl(self.file, TUNSETIFF, struct.pack(
            "16sH14x", dev.encode(), IFF_TAP | IFF_NO_PI))
        with open(f"/proc/sys/net/ipv6/conf/{dev}/disable_ipv6", "w",
                  encoding="ascii") as file:
            file.write("1")
        join(dev, bridge)
        super().__init__(name, number, dev)

    def fileno(self):
        return self.file

    def read(self):
        try:
            return os.read(self.file, 70000)
        except BlockingIOError:
            return None

    def send(self, frame):
        os.write(self.file, frame)

    def close(self):
        os.close(self.file)


class Packet(End):
    """An interface seen by a packet socket, in a namespace or on the host."""

    def __init__(self, name, number, dev, port=None, netns=None, hwaddr=None,
                 proto=ETH_P_ALL):
        with Namespace(netns):
            self.sock = packet_socket(dev, proto)
        self.bridge = dev
        hwaddr = hwaddr or self.sock.getsockname()[4]
        super().__init__(name, number, port, hwaddr)

    def fileno(self):
        return self.sock.fileno()

    def promisc(self):
        index = struct.pack("=IHH8s", socket.if_nametoindex(
            self.sock.getsockname()[0]), 1, 0, b"")
        self.sock.setsockopt(SOL_PACKET, PACKET_ADD_MEMBERSHIP, index)

    def read(self):
        while True:
            try:
                data, anc, _, addr = self.sock.recvmsg(70000, 256)
            except (BlockingIOError, OSError):
                return None
            if addr[2] == PACKET_OUTGOING:
                continue
            for level, kind, aux in anc:
                if level != SOL_PACKET or kind != PACKET_AUXDATA:
                    continue
                status, _, _, _, _, tci, tpid = struct.unpack_from(
                    "=IIIHHHH", aux)
                if status & TP_STATUS_VLAN_VALID:
                    if not status & TP_STATUS_VLAN_TPID_VALID:
                        tpid = 0x8100
                    data = (data[:12] + struct.pack("!HH", tpid, tci) +
                            data[12:])
            return data

    def send(self, frame):
        self.sock.send(frame)

    def close(self):
        self.sock.close()


def join(dev, bridge):
    """Put a device up and into a bridge, by ioctl: no process, no wait."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        name = dev.encode()
        if bridge:
            fcntl.ioctl(sock, SIOCBRADDIF, struct.pack(
                "16sI20x", bridge.encode(), socket.if_nametoindex(dev)))
        flags = struct.unpack_from("H", fcntl.ioctl(
            sock, SIOCGIFFLAGS, struct.pack("16s24x", name)), 16)[0]
        fcntl.ioctl(sock, SIOCSIFFLAGS, struct.pack(
            "16sH22x", name, flags | 1))


def static_fdb(dev, hwaddr, vlan=0):
    """A static entry of the forwarding table (RTM_NEWNEIGH, NTF_MASTER)."""
    body = struct.pack("=BBHiHBB", socket.AF_BRIDGE, 0, 0,
                       socket.if_nametoindex(dev), 0x40, 4, 0)
    body += vsegnl.attr(2, hwaddr)
    if vlan:
        body += vsegnl.attr(5, struct.pack("=H", vlan))
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0) as sock:
        sock.bind((0, 0))
        sock.send(struct.pack("=IHHII", 16 + len(body), 28,
                              1 | 4 | 0x100 | 0x400, 1, 0) + body)
        error = struct.unpack_from("=i", sock.recv(4096), 16)[0]
        if error:
            raise OSError(-error, f"fdb {dev}: {os.strerror(-error)}")


class EndCommands:
    """Commands that make ends and look after them."""

    def end(self, name):
        if name not in self.ends:
            raise ValueError(f"{name}: no such end")
        return self.ends[name]

    def do_tap(self, name, bridge="br0", dev=None, number=None):
        """tap NAME [BRIDGE [DEV [NUMBER]]]: a guest behind a tap."""
        self.number += 1
        number = int(number or self.number)
        end = Tap(name, number, dev or name, "" if bridge == "-" else bridge)
        self.ends[name] = end
        if bridge != "-":
            static_fdb(end.port, end.who.mac)

    def do_guest(self, name, port, netns, dev="eth0", number=None):
        """guest NAME PORT|- NETNS|- [DEV [NUMBER]]: behind a veth."""
        self.number += 1
        port = None if port == "-" else port
        self.ends[name] = Packet(name, int(number or self.number), dev, port,
                                 "" if netns == "-" else netns)

    def do_host(self, name, dev, promisc=""):
        """host NAME DEV [promisc]: the host behind its bridge."""
        self.ends[name] = Packet(name, 254, dev)
        if promisc:
            self.ends[name].promisc()

    def do_daemon(self, name, dev, proto, bridge):
        """daemon NAME DEV PROTO BRIDGE: a program of the host that hears
        one ethertype at a port, as lldpd does."""
        self.ends[name] = Packet(name, 254, dev, proto=int(proto, 0))
        self.ends[name].bridge = bridge

    def do_close(self, name):
        end = self.ends.pop(name)
        end.close()

    def do_port(self, name, port):
        """port NAME DEV: the end's port has a new name, or is new itself."""
        end = self.end(name)
        end.port, end.marker = port, packet_socket(port, 0)

    def do_fdb(self, name, vlan="0"):
        end = self.end(name)
        static_fdb(end.port, end.who.mac, int(vlan))

    def do_mac(self, name):
        return [self.end(name).who.mac.hex(":")]

    def do_flush(self):
        for end in self.ends.values():
            end.collect()
