# SPDX-License-Identifier: GPL-2.0
"""What has to become of a frame: where it arrives, which drops are told."""

import collections
import zlib

import scene
import verdict

HOOKS = {(False, False): "forward", (False, True): "local-in",
         (True, False): "local-out"}
# Counters of the port or host that a frame entered by, and of where its copies
# left or would have.
PASSES = {"address-resolution": "pass_address_resolution",
          "bridge-control": "pass_bridge_control", "service": "pass_service"}


class Expected:
    """Of one frame."""

    def __init__(self):
        self.arrivals, self.drops = [], []
        self.counts = collections.Counter()
        self.rules = []

    def told(self, source, end, said, hook):
        """A drop, or what would be one."""
        self.drops.append((
            "-" if source.host else source.dev,
            "-" if end is None or end.host else end.dev, said.reason, hook,
            int(said.would)))

    def counted(self, source, end, said):
        """What the counters of both ends move by; the guard's drops have but
        one."""
        entered, left = source.dev, end and end.dev
        if said.would:
            self.counts[entered, "would_drop"] += 1
            self.counts[entered, "would " + said.reason] += 1
        elif said.reason:
            self.counts[entered, said.reason] += 1
        if said.by:
            self.counts[entered, PASSES[said.by]] += 1
        if not said.passes:
            self.counts[entered, "rx_dropped"] += 1
            if end:
                self.counts[left, "tx_dropped"] += 1
        elif end:
            self.counts[entered, "rx_packets"] += 1
            self.counts[left, "tx_packets"] += 1


def arrival(end, wire):
    """As the player tells it."""
    return end.index, len(wire), zlib.crc32(wire)


def of(judge, cue):
    """What a policy makes of a frame."""
    found = Expected()
    source, frame = cue.end, cue.frame
    if not scene.enters(source, frame):
        return found
    if source.bridge in judge.policy.bridges:
        stopped = None if source.host else judge.enter(
            source, scene.take_tag(frame)[1])
        if stopped:
            found.told(source, None, stopped, "ingress")
            found.counted(source, None, stopped)
            if not stopped.passes:
                return found
    for copy in scene.forward(source, frame) or ():
        if source.bridge not in judge.policy.bridges:
            found.arrivals.append(arrival(copy.end, copy.wire))
            continue
        said, rule = judge.decide(source, copy)
        if said.reason:
            found.told(source, copy.end, said,
                       HOOKS[source.host, copy.end.host])
        if said.passes and copy.seen:
            found.arrivals.append(arrival(copy.end, copy.wire))
        if rule:
            found.rules.append(rule)
        found.counted(source, copy.end, said)
    return found


def judge_of(policy):
    """A judge."""
    return verdict.Judge(policy)
