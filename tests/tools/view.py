# SPDX-License-Identifier: GPL-2.0
"""The module's view: its counters and its state, and what must add up."""

import functools
import json

import vsegnl
from vsegnl import Failed

COUNTERS = ("rx-packets", "rx-bytes", "tx-packets", "tx-bytes", "rx-dropped",
            "rx-dropped-bytes", "tx-dropped", "tx-dropped-bytes", "would-drop",
            "pass-address-resolution", "pass-bridge-control", "pass-service",
            "pass-state")


# The guard's: nothing is known of where the frame would have gone.
GUARDS = ("guard-mac", "guard-address", "guard-resolution", "guard-dhcp",
          "guard-router", "guard-spanning-tree", "guard-link-local",
          "guard-multicast-router", "guard-unparsed")


# Where an item has its counters, and what its place is called.
PLACES = {"status": ("stats", None, "total"), "port": ("stats", "ifname", "port "),
          "bridge": ("host-stats", "name", "host ")}


@functools.lru_cache(1024)
def counted(which, body):
    """The place of a message's item, and its counters, which nobody may change:
    most messages are as they were a frame ago."""
    inside, name, place = PLACES[which]
    item = vsegnl.decode(which, body, (inside, name))
    stats = item.get(inside, {})
    flat = {key: stats.get(key, 0) for key in COUNTERS}
    for one in stats.get("reason", []):
        flat[one["reason"]] = one.get("packets", 0)
        flat["would " + one["reason"]] = one.get("would-packets", 0)
    return place + item.get(name, ""), flat


class ViewCommands:
    """Commands that ask the module."""

    def nl(self):
        """The request socket; None while the module is absent."""
        if not self.genl:
            try:
                self.genl = vsegnl.Genl()
            except vsegnl.Refused:
                return None
        return self.genl

    def do_reopen(self):
        """reopen: forget the sockets (the module was reloaded)."""
        if self.genl:
            self.genl.close()
        self.genl = None

    def counters(self):
        """All counters by place: total, port NAME, host BRIDGE."""
        if not self.nl():
            return {}
        status = self.genl.raw(self.genl.family, vsegnl.COMMANDS["status-get"])
        return dict([counted("status", status[0]),
                     *(counted(which, body) for which in ("port", "bridge")
                       for body in self.genl.bodies(which + "-get"))])

    def state(self):
        """Everything that the module tells, ages left aside."""
        if not self.nl():
            raise Failed("the module is not loaded")
        return vsegnl.state(self.genl).splitlines()

    def do_counter(self, what, *rest):
        """counter total KEY | port DEV KEY | host BR KEY | bridge BR KEY |
        domain NAME KEY | cell SRC DST KEY | pair SRC DST KEY |
        rule SRC DST INDEX KEY | status KEY | settings KEY; KEY may be a
        reason."""
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
                     if [one["src"], one["dst"]] == names[:2] and
                     [str(one["index"]) for _ in names[2:]] == names[2:]]
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
        """sums [ports-gone|bridges-gone|domains-gone]: what must add up, adds
        up.  What a port counted stays in its bridge when it goes; what a bridge
        counted, in its domains and in the total; what a domain counted, in the
        total.  Of those three each includes the ones before."""
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
                  total.get(key, 0), gone == "domains-gone")
            check(f"bridges, {key}", sum(one.get("stats", {}).get(key, 0)
                                         for one in bridges),
                  total.get(key, 0), gone in ("bridges-gone", "domains-gone"))
        for stem in ("packets", "bytes"):
            check(f"total rx-{stem} and tx-{stem}", total[f"rx-{stem}"],
                  total[f"tx-{stem}"])
        reasons = total.get("reason", [])
        guarded = sum(one.get("packets", 0) for one in reasons
                      if one["reason"] in GUARDS)
        check("total rx-dropped less the guard's and tx-dropped",
              total["rx-dropped"] - guarded, total["tx-dropped"])
        check("total tx-dropped-bytes and rx-dropped-bytes",
              total["tx-dropped-bytes"], total["rx-dropped-bytes"],
              bool(guarded))
        check("drops and reasons", total["rx-dropped"],
              sum(one.get("packets", 0) for one in reasons))
        check("would-drops and reasons", total["would-drop"],
              sum(one.get("would-packets", 0) for one in reasons))
        named = ("default-deny", "cell-deny", "unlabelled-src",
                 "unlabelled-dst", "vlan-ambiguous", "rule-deny", "no-rule",
                 "state-invalid", "state-mismatch", "state-full", "fragment",
                 "unparsed", "isolated", "label-lost") + GUARDS
        if any(one["reason"] in ("flood", "promisc", "other-host")
               for one in pairs):
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
