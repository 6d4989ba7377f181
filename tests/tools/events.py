# SPDX-License-Identifier: GPL-2.0
"""Notifications of the module."""

import json
import select
import time

import vsegnl
from ends import LIMIT
from vsegnl import Failed

# The longest that kernels have, in s.
TICK = 0.01


class EventCommands:
    """Commands about events."""

    def do_listen(self, group, rcvbuf="0"):
        """listen drops|config: join the group; what came before is gone."""
        if group in self.listeners:
            self.listeners[group].close()
        self.listeners[group] = vsegnl.Genl(groups=[group],
                                            rcvbuf=int(rcvbuf))
        # Who begins to listen hears of drops from the next tick on, and a tick
        # is long where the clock waits for the idle.
        time.sleep(TICK)
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
