#!/usr/bin/python3 -S
# SPDX-License-Identifier: GPL-2.0
"""The hand that sends and catches frames for a test.

A test (lib.sh) starts one of these in the namespace of its "host", writes one
command a line and reads one answer: `ok N` or `no N` and N lines of text.

An *end* is where frames go in and come out: a guest behind a tap (this process
is the guest), an interface in a namespace, or the host behind its bridge.
Writing to a tap returns when the bridge has dealt with the frame.  That a
frame did *not* arrive is shown by a marker put into the same queue behind it,
and by the counter that moved.
"""

import ctypes
import fcntl
import json
import os
import random
import select
import socket
import struct
import sys
import threading
import time

import frames
import vsegnl

LIMIT = float(os.environ.get("LAB_LIMIT", "5"))
TUNSETIFF, IFF_TAP, IFF_NO_PI = 0x400454CA, 2, 0x1000
SIOCSIFFLAGS, SIOCGIFFLAGS, SIOCBRADDIF = 0x8914, 0x8913, 0x89A2
ETH_P_ALL, PACKET_OUTGOING = 3, 4
SOL_PACKET, PACKET_ADD_MEMBERSHIP, PACKET_AUXDATA = 263, 1, 8
TP_STATUS_VLAN_VALID, TP_STATUS_VLAN_TPID_VALID = 16, 64
CLONE_NEWNET = 0x40000000
MARK = b"vseg-marker"
LIBC = ctypes.CDLL(None, use_errno=True)

COUNTERS = ("rx-packets", "rx-bytes", "tx-packets", "tx-bytes", "rx-dropped",
            "rx-dropped-bytes", "tx-dropped", "tx-dropped-bytes", "would-drop",
            "pass-address-resolution", "pass-bridge-control")
PASSES = {"ar": "pass-address-resolution", "bc": "pass-bridge-control"}


class Failed(Exception):
    """What was expected did not happen."""


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


class Flow(threading.Thread):
    """Numbered frames, one after the other, until told to stop."""

    def __init__(self, flow, send, gap):
        super().__init__(daemon=True)
        self.flow, self.transmit, self.gap = flow, send, gap
        self.sent, self.going, self.error = 0, True, None

    def run(self):
        try:
            while self.going:
                self.transmit(self.flow << 24 | self.sent)
                self.sent += 1
                time.sleep(self.gap)
        except OSError as error:
            self.error = error


class Reader(threading.Thread):
    """Empties the queues of all ends while flows run."""

    def __init__(self, ends):
        super().__init__(daemon=True)
        self.ends, self.going = ends, True

    def run(self):
        while self.going:
            ready = select.select(self.ends, [], [], 0.05)[0]
            for end in ready:
                try:
                    end.drain()
                except OSError:
                    self.ends = [one for one in self.ends if one is not end]


class Lab:
    """The commands, one method each (do_NAME)."""

    def __init__(self):
        self.ends, self.number, self.flows, self.reader = {}, 0, {}, None
        self.genl, self.listeners, self.saved = None, {}, {}
        self.count = 0

    # -- the module's view ---------------------------------------------------

    def nl(self):
        """The request socket; None while the module is absent."""
        if not self.genl:
            try:
                self.genl = vsegnl.Genl()
            except vsegnl.Refused:
                return None
        return self.genl

    def counters(self):
        """All counters by place: total, port NAME, host BRIDGE."""
        if not self.nl():
            return {}
        found = {"total": self.genl.call("status-get")[0].get("stats", {})}
        for port in self.genl.dump("port-get"):
            found["port " + port["ifname"]] = port.get("stats", {})
        for bridge in self.genl.dump("bridge-get"):
            found["host " + bridge["name"]] = bridge.get("host-stats", {})
        flat = {}
        for place, stats in found.items():
            flat[place] = {key: stats.get(key, 0) for key in COUNTERS}
            for one in stats.get("reason", []):
                flat[place][one["reason"]] = one.get("packets", 0)
                flat[place]["would " + one["reason"]] = one.get(
                    "would-packets", 0)
        return flat

    def state(self):
        """Everything that the module tells, ages left aside."""
        if not self.nl():
            raise Failed("the module is not loaded")
        return vsegnl.state(self.genl).splitlines()

    # -- ends ----------------------------------------------------------------

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

    # -- frames --------------------------------------------------------------

    def make(self, source, dest, kind, words, number=None):
        """Sender and bytes of a frame."""
        sender = self.end(source)
        whom, address = sender.who, None
        if dest in self.ends:
            whom = self.ends[dest].who
            address = whom.mac
        elif dest == "bcast":
            address = frames.BROADCAST
        elif dest == "unknown":
            whom = frames.End(0xFFF0)
            address = whom.mac
        elif dest == "mcast":
            address = b"\x01\x00\x5e\x01\x02\x03"
        elif dest != "-":
            address = frames.mac(dest)
        given = frames.Words(words)
        to = given.take("to")
        given.pop("to", None)
        if to:
            whom = self.end(to).who
        if number is None:
            self.count += 1
            number = self.count
        return sender, frames.build(kind, sender.who, whom, address, given,
                                    number)

    def do_send(self, source, dest, kind, *words):
        sender, frame = self.make(source, dest, kind, words)
        sender.send(frame)

    def do_hex(self, source, text):
        """hex FROM BYTES: a frame as it is."""
        self.end(source).send(bytes.fromhex(text))

    def do_burst(self, count, source, dest, kind, *words):
        """burst COUNT FROM TO KIND...: many frames in a row."""
        for turn in range(int(count)):
            sender, frame = self.make(source, dest, kind, words)
            sender.send(frame)
            if turn % 100 == 99:
                for end in self.ends.values():
                    end.drain()

    def do_got(self, name):
        """got NAME: what waits at an end, one line a frame."""
        return [frames.show(frame) for frame in self.end(name).collect()]

    def do_arrives(self, name, *want):
        """arrives NAME [TEXT]: wait for a frame whose line has the text."""
        text, end, seen = " ".join(want), time.time() + LIMIT, []
        while time.time() < end:
            for frame in self.end(name).collect():
                seen.append(frames.show(frame))
                if text in seen[-1]:
                    return [seen[-1]]
            time.sleep(0.02)
        raise Failed("\n".join([f"{name}: no frame with {text}"] + seen[-5:]))

    def do_expect(self, *words):
        """expect FROM TO KIND [KEY=VALUE...] : END=OUTCOME...

        Sends one frame and checks each copy: who got it, who did not, and
        every counter of every port, of the host and in total.  OUTCOME is
        pass, pass/ar or pass/bc (let through by address resolution or bridge
        control), would/REASON (monitor), through (passed, not counted), or a
        REASON; END=pass@10 asks for VLAN tag 10, @0 for none, @ad.5 for
        802.1ad.  Ends that are not named must get nothing.
        """
        words = list(words)
        at = words.index(":")
        source, dest, kind, *options = words[:at]
        outcomes = dict(word.split("=", 1) for word in words[at + 1:])
        for end in self.ends.values():
            end.collect()
        sender, frame = self.make(source, dest, kind, options)
        before = self.counters()
        sender.send(frame)
        want = expected(before, self.places(source), frame, {
            name: (self.places(name), outcome.partition("@")[0])
            for name, outcome in outcomes.items()})
        got = self.settle(before, want)
        problems = self.arrivals(frame, outcomes)
        problems += differences(got, want, len(frames.split(frame)[2]) * 4)
        if problems:
            raise Failed("\n".join([f"frame {frames.show(frame)}"] + problems))

    def places(self, name):
        """Key of an end's own counters."""
        end = self.end(name)
        if end.port:
            return "port " + end.port
        return "host " + end.bridge

    def settle(self, before, want):
        """Changes of the counters, once as many copies are counted."""
        if not before:
            return {}
        copies = want["total"]["rx-packets"] + want["total"]["rx-dropped"]
        end = time.time() + LIMIT
        while True:
            after = self.counters()
            delta = {place: {key: value - before.get(place, {}).get(key, 0)
                             for key, value in stats.items()}
                     for place, stats in after.items()}
            total = delta["total"]
            if (total["rx-packets"] + total["rx-dropped"] >= copies or
                    time.time() > end):
                return delta
            time.sleep(0.01)

    def arrivals(self, frame, outcomes):
        """What is wrong with who got the frame."""
        problems = []
        for name, end in self.ends.items():
            outcome, _, tag = outcomes.get(name, "").partition("@")
            should = outcome.split("/")[0] in ("pass", "would", "through")
            got = end.collect()
            hits = [one for one in got if frames.same(one, frame)]
            if len(hits) != should:
                problems.append(f"{name}: got it {len(hits)} times, "
                                f"{int(should)} expected")
            if hits and tag:
                seen = frames.split(hits[0])[2]
                need = [] if tag == "0" else frames.split(
                    b"\0" * 12 + frames.tags(tag) + b"\0\0")[2]
                if seen != need:
                    problems.append(f"{name}: tags {seen}, expected {need}")
            problems += [f"{name}: also got {frames.show(one)}"
                         for one in got if one not in hits]
        return problems

    # -- traffic -------------------------------------------------------------

    def do_flow(self, name, source, dest, kind, *words):
        """flow NAME FROM TO KIND [gap=US]...: frames until `stop NAME`."""
        gap = 0.002
        for word in list(words):
            if word.startswith("gap="):
                gap = int(word[4:]) / 1e6
                words = [one for one in words if one != word]
        ident = len(self.saved.setdefault("flows", {})) + 1
        sender, _ = self.make(source, dest, kind, words, 0)

        def transmit(number):
            sender.send(self.make(source, dest, kind, words, number)[1])
        if not self.reader:
            for end in self.ends.values():
                end.drain()
                end.inbox.clear()
            self.reader = Reader(list(self.ends.values()))
            self.reader.start()
        self.flows[name] = Flow(ident, transmit, gap)
        self.saved["flows"][name] = self.flows[name]
        self.flows[name].start()

    def do_sent(self, name):
        return [str(self.saved["flows"][name].sent)]

    def do_progress(self, name, count):
        """progress NAME N: wait until N more frames of the flow are sent."""
        flow = self.flows[name]
        goal, end = flow.sent + int(count), time.time() + 4 * LIMIT
        while flow.sent < goal and not flow.error:
            if time.time() > end:
                raise Failed(f"{name}: sent {flow.sent} frames and no more")
            time.sleep(0.005)
        if flow.error:
            raise Failed(f"{name}: {flow.error}")

    def do_stop(self, *names):
        """stop [NAME...]: end flows; the last one empties all queues."""
        for name in names or list(self.flows):
            flow = self.flows.pop(name)
            flow.going = False
            flow.join()
        if not self.flows and self.reader:
            self.reader.going = False
            self.reader.join()
            self.reader = None
            for end in self.ends.values():
                kept = []
                try:
                    kept = end.collect()
                except (Failed, OSError):
                    end.inbox.clear()
                end.inbox = kept

    def do_arrived(self, name, flow):
        """arrived END FLOW: how many different frames of a flow an end has
        got, how many in all, and the number of the latest."""
        ident, numbers = self.saved["flows"][flow].flow, []
        for frame in list(self.end(name).inbox):
            at = frame.find(b"seg")
            if at >= 0 and len(frame) >= at + 8:
                number = int.from_bytes(frame[at + 3:at + 8], "big")
                if number >> 24 == ident:
                    numbers.append(number & 0xFFFFFF)
        return [f"{len(set(numbers))} {len(numbers)} {max(numbers or [-1])}"]

    def do_mix(self, seed, count, *kinds):
        """mix SEED COUNT: random frames between all ends, a line an end of
        what arrived there; what arrived is what the counters must say."""
        rnd = random.Random(int(seed))
        names = sorted(self.ends)
        got = {name: [0, 0] for name in names}
        kinds = kinds or ("udp", "udp6", "arp", "icmp", "raw", "ns", "na")

        def empty():
            for name in names:
                arrived = self.ends[name].collect()
                got[name][0] += len(arrived)
                got[name][1] += sum(map(len, arrived))
        empty()
        got = {name: [0, 0] for name in names}
        for turn in range(int(count)):
            source = rnd.choice(names)
            dest = rnd.choice(names + ["bcast", "unknown", "mcast"])
            if dest == source:
                continue
            words = [f"len={rnd.randrange(60, 1400)}"]
            kind = rnd.choice(kinds)
            sender, frame = self.make(source, dest, kind, words)
            sender.send(frame)
            if turn % 50 == 49:
                empty()
        empty()
        return [f"{name} {got[name][0]} {got[name][1]}" for name in names]

    # -- questions about counters and state ----------------------------------

    def do_counter(self, what, *rest):
        """counter total KEY | port DEV KEY | host BR KEY | bridge BR KEY |
        domain NAME KEY | cell SRC DST KEY | pair SRC DST KEY | status KEY |
        settings KEY; KEY may be a reason."""
        *names, key = rest
        if not self.nl():
            raise Failed("the module is not loaded")
        if what == "total":
            item = self.genl.call("status-get")[0].get("stats", {})
        elif what in ("status", "settings"):
            item = self.genl.call(what + "-get")[0]
        elif what in ("port", "domain", "bridge", "host"):
            by = "ifname" if what == "port" else "name"
            command = "bridge" if what == "host" else what
            found = [one for one in self.genl.dump(command + "-get")
                     if one[by] == names[0]]
            item = found[0] if found else {}
            if key not in item:
                item = item.get("host-stats" if what == "host" else "stats",
                                {})
        else:
            found = [one for one in self.genl.dump(what + "-get")
                     if [one["src"], one["dst"]] == names]
            item = found[0] if found else {}
        if key in item:
            return [str(item[key])]
        for one in item.get("reason", []) if isinstance(
                item.get("reason"), list) else []:
            if one["reason"] == key:
                return [str(one.get("packets", 0))]
            if "would-" + one["reason"] == key:
                return [str(one.get("would-packets", 0))]
        return ["0"]

    def do_dump(self, what):
        """dump OBJECT: every item of a dump, a JSON line each."""
        return [json.dumps(one, sort_keys=True)
                for one in self.nl().dump(what + "-get")]

    def do_state(self, verb, name):
        """state save NAME | state same NAME: compare the whole state."""
        now = self.state()
        if verb == "save":
            self.saved[name] = now
            return []
        old = self.saved[name]
        if now == old:
            return []
        changes = [f"- {line}" for line in old if line not in now]
        changes += [f"+ {line}" for line in now if line not in old]
        raise Failed("\n".join(["the state changed:"] + changes[:40]))

    def do_sums(self, gone=""):
        """sums [ports-gone|bridges-gone]: what must add up, adds up.  What a
        port counted stays in its bridge when it goes; what a bridge counted,
        in its domains and in the total."""
        if not self.nl():
            raise Failed("the module is not loaded")
        problems = []
        # Where the host itself talks, between two of its frames.
        for _ in range(50):
            status = self.genl.call("status-get")[0]
            ports, bridges, domains, pairs = (
                self.genl.dump(what + "-get")
                for what in ("port", "bridge", "domain", "pair"))
            if status == self.genl.call("status-get")[0]:
                break
        total = status["stats"]
        parts = ([one.get("stats", {}) for one in ports] +
                 [one.get("host-stats", {}) for one in bridges])
        domains = [one.get("stats", {}) for one in domains]

        def check(text, one, other, less=False):
            if one > other or one < other and not less:
                problems.append(f"{text}: {one} is not {other}")
        for key in COUNTERS:
            have = sum(one.get(key, 0) for one in parts)
            check(f"ports and hosts, {key}", have, total.get(key, 0),
                  bool(gone))
            check(f"domains, {key}", sum(one.get(key, 0) for one in domains),
                  total.get(key, 0))
            check(f"bridges, {key}", sum(one.get("stats", {}).get(key, 0)
                                         for one in bridges),
                  total.get(key, 0), gone == "bridges-gone")
        for stem in ("packets", "bytes"):
            check(f"total rx-{stem} and tx-{stem}", total[f"rx-{stem}"],
                  total[f"tx-{stem}"])
        for stem in ("dropped", "dropped-bytes"):
            check(f"total rx-{stem} and tx-{stem}", total[f"rx-{stem}"],
                  total[f"tx-{stem}"])
        reasons = total.get("reason", [])
        check("drops and reasons", total["rx-dropped"],
              sum(one.get("packets", 0) for one in reasons))
        check("would-drops and reasons", total["would-drop"],
              sum(one.get("would-packets", 0) for one in reasons))
        named = ("default-deny", "cell-deny", "unlabelled-src",
                 "unlabelled-dst", "vlan-ambiguous")
        if any(one["reason"] in ("flood", "promisc") for one in pairs):
            # Events of copies were asked for; those pairs count them too.
            named = [one["reason"] for one in reasons]
        check("pairs and named drops",
              sum(one.get("packets", 0) + one.get("would-packets", 0)
                  for one in pairs) + status.get("pairs-evicted-packets", 0),
              sum(one.get("packets", 0) + one.get("would-packets", 0)
                  for one in reasons if one["reason"] in named),
              "flood" in named)
        if problems:
            raise Failed("\n".join(problems))

    # -- events --------------------------------------------------------------

    def do_listen(self, group, rcvbuf="0"):
        """listen drops|config: join the group; what came before is gone."""
        if group in self.listeners:
            self.listeners[group].close()
        self.listeners[group] = vsegnl.Genl(groups=[group],
                                            rcvbuf=int(rcvbuf))
        self.saved["events " + group] = []

    def pending(self, group):
        kept = self.saved["events " + group]
        kept += self.listeners[group].events()
        return kept

    def do_events(self, group):
        """events GROUP: what came, a JSON line each."""
        kept = self.pending(group)
        lines = [json.dumps(one, sort_keys=True) for _, one in kept]
        kept.clear()
        return lines

    def do_event(self, group, *words):
        """event GROUP KEY=VALUE...: the next one is this (KEY= is absent)."""
        end = time.time() + LIMIT
        while not (kept := self.pending(group)):
            if time.time() > end:
                raise Failed("no event came: " + " ".join(words))
            select.select([self.listeners[group]], [], [], 0.1)
        _, event = kept.pop(0)
        wrong = []
        for key, value in (word.split("=", 1) for word in words):
            have = str(event.get(key, ""))
            if value == "*" and have or have == value:
                continue
            wrong.append(f"{key} is {have or 'absent'}, expected "
                         f"{value or 'absent'}")
        if wrong:
            raise Failed("\n".join(wrong + [json.dumps(event)]))
        return [json.dumps(event, sort_keys=True)]

    def do_seek(self, group, *words):
        """seek GROUP KEY=VALUE...: one of the next ones is this."""
        end, seen = time.time() + LIMIT, []
        while time.time() < end:
            kept = self.pending(group)
            while kept:
                _, event = kept.pop(0)
                seen.append(json.dumps(event, sort_keys=True))
                if all(str(event.get(key, "")) == value for key, value in
                       (word.split("=", 1) for word in words)):
                    return [seen[-1]]
            select.select([self.listeners[group]], [], [], 0.1)
        raise Failed("\n".join(["no such event: " + " ".join(words)] +
                               seen[-5:]))

    def do_reopen(self):
        """reopen: forget the sockets (the module was reloaded)."""
        if self.genl:
            self.genl.close()
        self.genl = None


def expected(before, source, frame, copies):
    """What a frame's copies should add to the counters."""
    places = set(before) | {source, "total"}
    places |= {place for place, _ in copies.values()}
    want = {place: dict.fromkeys(COUNTERS, 0) for place in places}

    def add(places, key, count):
        for place in places:
            want[place][key] = want[place].get(key, 0) + count
    for place, outcome in copies.values():
        verdict, _, how = outcome.partition("/")
        if verdict == "through":
            continue
        rx, tx = ("total", source), ("total", place)
        if verdict in ("pass", "would"):
            add(rx, "rx-packets", 1)
            add(rx, "rx-bytes", len(frame))
            add(tx, "tx-packets", 1)
            add(tx, "tx-bytes", len(frame))
            if verdict == "would":
                add(rx, "would-drop", 1)
                add(rx, "would " + how, 1)
            elif how:
                add(rx, PASSES[how], 1)
        else:
            add(rx, "rx-dropped", 1)
            add(rx, "rx-dropped-bytes", len(frame))
            add(tx, "tx-dropped", 1)
            add(tx, "tx-dropped-bytes", len(frame))
            add(rx, verdict, 1)
    return want


def differences(got, want, slack):
    """Lines about counters that moved otherwise than they should."""
    problems = []
    for place in sorted(got):
        for key in sorted(set(got[place]) | set(want.get(place, {}))):
            have = got[place].get(key, 0)
            need = want.get(place, {}).get(key, 0)
            wide = slack * 8 if key.endswith("bytes") and need else 0
            if abs(have - need) > wide:
                problems.append(f"{place}: {key} moved by {have}, "
                                f"expected {need}")
    return problems


def main():
    lab = Lab()
    for line in sys.stdin:
        words = line.split()
        if not words:
            continue
        try:
            lines = getattr(lab, "do_" + words[0].replace("-", "_"))(
                *words[1:]) or []
            status = "ok"
        except Failed as error:
            status, lines = "no", str(error).splitlines()
        except vsegnl.Refused as error:
            status, lines = "no", [f"{words[0]}: {error}"]
        except Exception as error:  # pylint: disable=broad-except
            status = "no"
            lines = [f"{' '.join(words)}: {type(error).__name__}: {error}"]
            if os.environ.get("LAB_DEBUG"):
                import traceback
                lines += traceback.format_exc().splitlines()
        lines = [part for text in lines for part in (text.splitlines() or [""])]
        print(status, len(lines))
        for text in lines:
            print(text)
        sys.stdout.flush()


main()
