# SPDX-License-Identifier: GPL-2.0
"""Traffic: many frames, while other things happen."""

import random
import select
import threading
import time

from ends import LIMIT
from vsegnl import Failed


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


class FlowCommands:
    """Commands about traffic."""

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
