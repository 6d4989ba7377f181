# SPDX-License-Identifier: GPL-2.0
"""Send a frame, and check each of its copies: who got it, what was counted."""

import time

import frames
from ends import LIMIT
from vsegnl import Failed
from view import COUNTERS

PASSES = {"ar": "pass-address-resolution", "bc": "pass-bridge-control",
          "sv": "pass-service", "st": "pass-state"}


def expected(before, source, frame, copies, guard=None):
    """What a frame's copies should add to the counters; and what the guard of
    the port that it enters by does."""
    places = set(before) | {source, "total"}
    places |= {place for place, _ in copies.values()}
    want = {place: dict.fromkeys(COUNTERS, 0) for place in places}

    def add(places, key, count):
        for place in places:
            want[place][key] = want[place].get(key, 0) + count
    verdict, _, how = (guard or "").partition("/")
    if verdict == "would":
        add(("total", source), "would-drop", 1)
        add(("total", source), "would " + how, 1)
    elif guard:
        add(("total", source), "rx-dropped", 1)
        add(("total", source), "rx-dropped-bytes", len(frame))
        add(("total", source), guard, 1)
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


class FrameCommands:
    """Commands about single frames."""

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
        self.do_load(count, source, dest, kind, *words)
        self.do_fire()

    def do_load(self, count, source, dest, kind, *words):
        """load COUNT FROM TO KIND...: make many frames, which `fire` sends;
        with id=+ each has another number."""
        for _ in range(int(count)):
            self.loaded.append(self.make(source, dest, kind, [
                f"id={len(self.loaded) + 1000}" if word == "id=+" else word
                for word in words]))

    def do_fire(self):
        """fire: send what was made, in a row."""
        ready, self.loaded = self.loaded, []
        for turn, (sender, frame) in enumerate(ready):
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
        802.1ad.  Ends that are not named must get nothing.  guard=REASON: the
        guard drops it as it enters; guard=would/REASON in monitor mode.
        """
        words = list(words)
        at = words.index(":")
        source, dest, kind, *options = words[:at]
        outcomes = dict(word.split("=", 1) for word in words[at + 1:])
        guard = outcomes.pop("guard", None)
        for end in self.ends.values():
            end.collect()
        sender, frame = self.make(source, dest, kind, options)
        before = self.counters()
        sender.send(frame)
        want = expected(before, self.places(source), frame, {
            name: (self.places(name), outcome.partition("@")[0])
            for name, outcome in outcomes.items()}, guard)
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
