# SPDX-License-Identifier: GPL-2.0
"""What a policy says of a copy of a frame: by the administration guide, slowly.

A verdict is (passes, reason, would, pass): whether it is delivered, the reason
of a drop or of a would-drop, and which of the built-in passes let it through.
"""

import collections
import ipaddress

import fields
import guard
import messages
import scene

Verdict = collections.namedtuple("Verdict", "passes reason would by")
UNLABELLED, HOST = "unlabelled", "host"
IP_TYPES = (0x0800, 0x86DD)
CLIENT = {"dhcp-request": "dhcp", "dhcpv6-request": "dhcpv6",
          "router-solicitation": "ra", "mdns": "mdns"}
SERVER = {"dhcp-reply": "dhcp", "dhcpv6-reply": "dhcpv6",
          "router-advertisement": "ra", "mdns": "mdns"}
DENIED = {"deny": "cell-deny"}


def network(word):
    """A prefix."""
    return ipaddress.ip_network(word)


def compare_match(key, wanted, said):
    """One of the values that a rule gives for a key fits: True, False; None
    where it can't be told."""
    name = {"ip": "ethertype", "from": "source", "to": "destination",
            "port": "dport", "source-port": "sport",
            "tcp-flags": "tcp_flags"}.get(key, key)
    if name not in said:
        return False
    value = said[name]
    if value is None:
        return None
    if key == "ip":
        return value in [IP_TYPES[version == 6] for version in wanted]
    if key in ("from", "to"):
        return any(version == said["version"] and
                   value >> shift == address >> shift
                   for version, address, shift in wanted)
    if key == "icmp":
        return any(value >> 8 == kind and code in (None, value & 255)
                   for kind, code in wanted)
    if key == "tcp-flags":
        return any(value & mask == flags for flags, mask in wanted)
    return any(first <= value <= last for first, last in wanted)


def rule_fits(rule, said):
    """Whether a rule matches; None where that can't be told."""
    fits = [compare_match(key, wanted, said)
            for key, wanted in rule.looks.items()]
    if False in fits:
        return False
    return None if None in fits else True


def decide_rules(cell, said):
    """The first rule that decides: its number, and the reason."""
    for number, rule in enumerate(cell.rules):
        fits = rule_fits(rule, said)
        if fits is None:
            return None, "unparsed"
        if fits:
            return number, None if rule.allow else "rule-deny"
    return None, "no-rule"


def carries_ip(cell):
    """Whether IP could pass by a cell."""
    if cell is None or cell.isolate:
        return False
    if cell.action == "allow":
        return True
    return cell.action == "rules" and any(
        rule.allow and rule_carries_ip(rule) for rule in cell.rules)


def rule_carries_ip(rule):
    """Whether a rule is one that IP can match."""
    return "ethertype" not in rule.looks or any(
        first <= kind <= last for kind in IP_TYPES
        for first, last in rule.looks["ethertype"])


class Judge:
    """One policy."""

    def __init__(self, policy):
        self.policy = policy

    def cell(self, source, dest):
        """The cell that speaks for a pair."""
        cells = self.policy.cells
        if UNLABELLED in (source, dest):
            return None
        if (source, dest) in cells:
            return cells[source, dest]
        if source == dest and source in self.policy.domains:
            return self.policy.implicit
        own = [name in self.policy.domains for name in (source, dest)]
        found = []
        if own[1] and (source, "any") in cells:
            found.append(cells[source, "any"])
        if own[0] and ("any", dest) in cells:
            found.append(cells["any", dest])
        if len(found) == 2:
            return self.tie(*found)
        if found:
            return found[0]
        return cells.get(("any", "any")) if all(own) else None

    def tie(self, one, other):
        """Two wildcards: deny wins over rules, and they over allow; of two that
        deny the one that is enforced; of two lists of rules neither speaks."""
        for action in ("deny", "rules", "allow"):
            found = [cell for cell in (one, other) if cell.action == action]
            if action == "rules" and len(found) == 2:
                return None
            if found:
                return min(found, key=lambda cell: cell.monitor)
        return None

    def label(self, end, vid):
        """The domain that a port gives a frame of this VLAN."""
        if end.host:
            return HOST
        port = self.policy.ports.get(end.dev)
        if not port:
            return UNLABELLED
        if not port.trunk:
            return port.domain
        return port.trunk["vlans"].get(vid, port.trunk["default"]) or UNLABELLED

    def labels(self, source, copy, vids):
        """Both labels; None where they hang on a VLAN that can't be told."""
        found = []
        for end in (source, copy.end):
            names = {self.label(end, vid) for vid in vids}
            if len(names) > 1:
                return None
            found.append(names.pop())
        return found

    def vids(self, source, copy):
        """The VLANs that a copy could be of, as it leaves."""
        if not source.vlans:
            tag = copy.tag or scene.take_tag(copy.inner)[0]
            return [tag[1] & 0xFFF if tag else 0]
        if copy.tag or not copy.seen:
            return [copy.vlan]
        return copy.end.untagged()

    def hidden_tag(self, copy):
        """Who is behind a trunk would take what a frame has inside for its tag,
        where it leaves without one, or with that of VLAN 0."""
        port = self.policy.ports.get(copy.end.dev)
        tag, inner = copy.tag, copy.inner
        if not tag and not copy.end.vlans:
            tag, inner = scene.take_tag(inner)
        if not port or not port.trunk or (tag and tag[1] & 0xFFF):
            return False
        return int.from_bytes(inner[12:14], "big") in fields.TAGS

    def monitored(self, end):
        """Is its bridge in monitor mode?"""
        return self.policy.bridges[end.bridge] == "monitor"

    def is_guest(self, end):
        """Is it the port of one guest?"""
        port = self.policy.ports.get(end.dev)
        return bool(port) and not port.trunk

    def enter(self, source, inner):
        """What the guard says of a frame, without the tag beside it: a verdict, or
        None where all is well."""
        if not self.is_guest(source) or not self.policy.settings["guard"]:
            return None
        port = self.policy.ports[source.dev]
        permits = port.permit | self.policy.domains[port.domain].permit
        if "all" in permits:
            return None
        reason = guard.check(port, permits, inner)
        if not reason:
            return None
        would = self.monitored(source)
        return Verdict(would, reason, would, None)

    def decide(self, source, copy):
        """The verdict of a copy; the cell's pair and the number of the rule that
        it is by."""
        verdict, rule = self.ask(source, copy)
        if verdict.reason and not scene.alone(source, copy.inner[:6],
                                              copy.vlan):
            if verdict.reason != "other-host":
                verdict = verdict._replace(reason="flood")
        return verdict, rule

    def ask(self, source, copy):
        """The same, before it is asked what kind of copy it is."""
        monitor = self.monitored(source)
        vids = self.vids(source, copy)
        names = None if self.hidden_tag(copy) else (
            self.labels(source, copy, vids))
        if not names:
            return Verdict(monitor, "vlan-ambiguous", monitor, None), None
        for name, reason in zip(names, ("unlabelled-src", "unlabelled-dst")):
            if name == UNLABELLED:
                return Verdict(monitor, reason, monitor, None), None
        vid = vids[0] if len(vids) == 1 else None
        cell, rule, reason, by = self.speak(source, copy.end, names, copy.inner,
                                            vid)
        if reason:
            would = monitor or bool(cell and cell.monitor)
            return Verdict(would, reason, would, None), rule
        if self.other_host(copy.end, copy.inner[:6]):
            return Verdict(monitor, "other-host", monitor, None), None
        return Verdict(True, None, False, by), rule

    def speak(self, source, end, names, inner, vid):
        """What cells, passes and services say of a frame between two domains:
        cell, rule, reason, pass."""
        said = self.describe(inner, vid)
        cell = self.cell(*names)
        number, reason = self.ask_cell(source, end, names, cell, said)
        rule = None if number is None else (self.key(cell), number)
        by = None
        if reason:
            by = self.ask_passes(names, source, inner, cell, reason)
        if by:
            rule = reason = None
        return cell, rule, reason, by

    def question(self, source, end, vid, inner):
        """The same of a question: reason, pass, and number of the rule."""
        names = [self.label(one, vid) for one in (source, end)]
        for name, reason in zip(names, ("unlabelled-src", "unlabelled-dst")):
            if name == UNLABELLED:
                return reason, None, None
        _, rule, reason, by = self.speak(source, end, names, inner, vid)
        return reason, by, rule and rule[1]

    def live_question(self, source, end, vid, inner):
        """The same of ports that are there: with their guards."""
        stopped = self.enter(source, inner)
        if stopped:
            return stopped.reason, None, None
        said = self.question(source, end, vid, inner)
        if not said[0] and self.other_host(end, inner[:6]):
            return "other-host", None, None
        return said

    def key(self, cell):
        """The pair that a cell is listed for."""
        return next(pair for pair, one in self.policy.cells.items()
                    if one is cell)

    @staticmethod
    def describe(inner, vid):
        """Fields of a frame at the hook."""
        said, places = fields.describe(inner, len(inner), vid)
        said["version"] = places.get("version")
        return said

    def ask_cell(self, source, end, names, cell, said):
        """What a cell says: the rule, and the reason if it doesn't allow."""
        if cell is None:
            return None, "default-deny"
        if cell.action == "rules":
            return decide_rules(cell, said)
        if cell.isolate and names[0] == names[1] and (
                self.is_guest(source) and self.is_guest(end)):
            return None, "isolated"
        return None, DENIED.get(cell.action)

    def ask_passes(self, names, source, inner, cell, reason):
        """A built-in pass or a service that knows the frame."""
        kind = messages.kind_of(inner)
        settings = self.policy.settings
        back = self.cell(names[1], names[0])
        if kind == "address-resolution" and settings["address-resolution"]:
            isolated = reason == "isolated"
            if not isolated and (carries_ip(cell) or carries_ip(back)):
                return "address-resolution"
        if kind == "query" and settings["bridge-control"]:
            port = self.policy.ports.get(source.dev)
            if port and port.trunk:
                return "bridge-control"
        if cell and CLIENT.get(kind) in cell.services:
            return "service"
        if back and SERVER.get(kind) in back.services:
            return "service"
        return None

    def other_host(self, end, dest):
        """A unicast copy that isn't for the guest behind the port."""
        if not self.is_guest(end) or not self.policy.settings["guard"]:
            return False
        port = self.policy.ports[end.dev]
        permits = port.permit | self.policy.domains[port.domain].permit
        return (bool(port.macs) and "all" not in permits and
                not scene.group(dest) and dest not in port.macs)
