# SPDX-License-Identifier: GPL-2.0
"""Policies by chance: what they say, and how the policy file says it."""

import ipaddress

import scene

# What makes rules of TCP, UDP and ICMP look at each frame alone, if a word does.
STATELESS = {"state": "false"}
PORTS = (22, 53, 67, 68, 80, 443, 546, 547, 1000, 2000, 5353, 8080)
PERMITS = ("dhcp-server", "router", "spanning-tree", "link-local",
           "multicast-router")
SERVICES = ("dhcp", "dhcpv6", "ra", "mdns")
ETHERTYPES = {"arp": 0x0806, "0x88b5": 0x88B5, "ipv4": 0x0800,
              "ipv6": 0x86DD, "0x8847": 0x8847, "rarp": 0x8035}
PROTOCOLS = {"tcp": 6, "udp": 17, "icmp": 1, "icmpv6": 58, "47": 47,
             "sctp": 132, "4": 4, "2": 2, "dccp": 33, "udplite": 136}
WITH_PORTS = ("tcp", "udp", "sctp", "dccp", "udplite")
FLAGS = {"fin": 1, "syn": 2, "rst": 4, "psh": 8, "ack": 16}
PREFIXES = ("10.0.0.0/24", "10.0.0.0/30", "10.0.0.2", "10.0.0.4/31",
            "10.0.1.0/24", "0.0.0.0/0", "fd00::/64", "fd00::2", "fd00::4/127",
            "fe80::/10", "::/0", "::a00:0/120")
# Keys whose values are one word.
TOGETHER = ("ip", "fragment", "tcp-flags")
FRAGMENTS = ("whole", "first", "later")


class Rule:
    """looks: what it asks for, key by key; words: the same for the file."""

    def __init__(self, allow):
        self.allow, self.looks, self.words = allow, {}, {}

    def look(self, key, wanted, words):
        """One key."""
        self.looks[key] = wanted
        self.words[key] = words

    def line(self):
        """As the policy file says it."""
        inside = ", ".join(
            f"{key}: {quoted(','.join(map(str, words)))}" if key in TOGETHER
            else f"{key}: [{', '.join(map(quoted, words))}]"
            for key, words in self.words.items())
        verb = "allow" if self.allow else "deny"
        text = f"{verb}: {{{inside}}}" if inside else f"{verb}: any"
        if self.allow:
            text += "".join(f", {key}: {value}"
                            for key, value in STATELESS.items())
        return f"{{{text}}}"


def quoted(word):
    """A word as YAML takes it."""
    return f'"{word}"'


class Cell:
    """What is said of a pair."""

    def __init__(self, action, rules=(), services=(), monitor=False,
                 isolate=False):
        self.action, self.rules = action, list(rules)
        self.services, self.monitor = set(services), monitor
        self.isolate = isolate

    def lines(self):
        """As the policy file says it."""
        if self.rules or self.action == "rules":
            yield "      rules:"
            yield from (f"        - {rule.line()}" for rule in self.rules)
        else:
            yield f"      action: {self.action}"
        if self.services:
            yield f"      services: [{', '.join(sorted(self.services))}]"
        if self.monitor:
            yield "      mode: monitor"
        if self.isolate:
            yield "      isolate: true"


class Domain:
    """A domain of the operator's."""

    def __init__(self, number, permit):
        self.number, self.permit = number, permit


class Port:
    """What is known of a port; trunk: its map, or None."""

    def __init__(self, selector, domain=None, trunk=None):
        self.selector, self.domain, self.trunk = selector, domain, trunk
        self.macs, self.prefixes, self.permit = [], [], set()
        self.given = {}

    def lines(self):
        """As the policy file says it."""
        kind, word = self.selector
        yield f'  - {kind}: "{word}"'
        if self.trunk:
            vlans = ", ".join(f"{vid}: {name}" for vid, name in
                              self.trunk["vlans"].items())
            words = [f"vlans: {{{vlans}}}"] if vlans else []
            if self.trunk["default"]:
                words.insert(0, f"default: {self.trunk['default']}")
            yield f"    trunk: {{{', '.join(words)}}}"
            return
        yield f"    domain: {self.domain}"
        if self.given:
            yield "    guard: {%s}" % ", ".join(
                f"{key}: [{', '.join(map(quoted, words))}]"
                for key, words in self.given.items())


class Policy:
    """All of it."""

    implicit = Cell("allow")

    def __init__(self):
        self.settings, self.domains, self.bridges = {}, {}, {}
        self.ports, self.cells = {}, {}

    def text(self):
        """The policy file."""
        lines = ["version: 1", "domains:"]
        for name, domain in self.domains.items():
            lines.append(f"  {name}: {{id: {domain.number}, permit: "
                         f"[{', '.join(sorted(domain.permit))}]}}")
        lines.append("bridges:")
        lines += [f"  {name}: {mode}" for name, mode in self.bridges.items()]
        lines.append("ports:")
        for port in self.ports.values():
            lines += port.lines()
        if self.cells:
            lines.append("cells:")
        for (source, dest), cell in self.cells.items():
            lines.append(f"  - {source} -> {dest}:")
            lines += cell.lines()
        lines.append("settings:")
        lines += [f"  {key}: {str(value).lower()}"
                  for key, value in self.settings.items()]
        return "\n".join(lines) + "\n"


class Maker:
    """Makes policies of what a random generator says.

    common: only what nftables' bridge family can say, too.
    """

    def __init__(self, rnd, number, common=False):
        self.rnd, self.number, self.common = rnd, number, common

    def rarely(self, times):
        """True once in so many times."""
        return not self.rnd.randrange(times)

    def some(self, words, most):
        """A few of them."""
        return self.rnd.sample(words, self.rnd.randint(1, most))

    def policy(self):
        """A policy."""
        policy = Policy()
        # Each policy has domains of its own, so that nothing is counted twice.
        names = [f"p{self.number}{letter}" for letter in
                 "abcde"[:self.rnd.randint(2, 5)]]
        for place, name in enumerate(names):
            policy.domains[name] = Domain(16 + place, self.permits())
        for name in ("br0", "br1"):
            policy.bridges[name] = "monitor" if self.rarely(8) and (
                not self.common) else "enforce"
        for end in scene.ENDS:
            if not end.host and end.bridge != "br2" and not self.rarely(12):
                policy.ports[end.dev] = self.port(end, names)
        for pair in self.pairs(names):
            policy.cells[pair] = self.cell(pair)
        policy.settings = {
            "guard": not self.common and not self.rarely(4),
            "address-resolution": not self.common and not self.rarely(4),
            "bridge-control": not self.common and not self.rarely(4)}
        return policy

    def permits(self):
        """What a guard lets pass."""
        if self.common or not self.rarely(4):
            return set()
        return {"all"} if self.rarely(6) else set(self.some(PERMITS, 3))

    def port(self, end, names):
        """A port: a guest's, or a trunk."""
        if end.dev in ("v0", "v1") or (end.dev == "a5" and self.rarely(3) and
                                       not self.common):
            vlans = {vid: self.rnd.choice(names) for vid in (0, 1, 10, 20, 30)
                     if vid != (0 if end.vlans else 1) and not self.rarely(4)}
            default = None if vlans and self.rarely(2) else (
                self.rnd.choice(names))
            return Port(("name", end.dev), None,
                        {"vlans": vlans, "default": default})
        port = Port(("name", end.dev), self.rnd.choice(names))
        self.guard(end, port)
        return port

    def guard(self, end, port):
        """What is known of a guest."""
        if self.rarely(3):
            port.selector = ("mac", end.who.mac.hex(":"))
            port.macs = [end.who.mac]
        elif self.rarely(2):
            port.macs = [end.who.mac]
            if self.rarely(3):
                port.macs.append(b"\2\0\0\0\x77" + end.who.mac[5:])
            port.given["mac"] = [mac.hex(":") for mac in port.macs]
        if self.rarely(3):
            words = [f"10.0.{end.number >> 8}.{end.number & 255}",
                     f"fd00::{end.number:x}", "10.0.0.0/29", "fd00::/64",
                     "fe80::/64"]
            words = self.some(words, 3)
            port.given["address"] = words
            for word in words:
                net = ipaddress.ip_network(word)
                port.prefixes.append((net.version, int(net.network_address),
                                      net.prefixlen))
        port.permit = self.permits()
        if port.permit:
            port.given["permit"] = sorted(port.permit)

    def pairs(self, names):
        """Pairs that a cell is for."""
        ends = names + ["any", "host"]
        for source in ends:
            for dest in ends:
                if (source, dest) == ("host", "host"):
                    continue
                likely = 2 if source == dest or "any" not in (source,
                                                             dest) else 8
                if self.rarely(likely):
                    yield source, dest

    def cell(self, pair):
        """What is said of a pair."""
        action = self.rnd.choice(("allow", "deny", "rules", "rules", "rules"))
        own = pair[0] == pair[1] and pair[0] != "any"
        services = ()
        if not self.common and self.rarely(3):
            services = self.some(SERVICES, 4)
        monitor = not self.common and action != "allow" and self.rarely(8)
        if action == "rules":
            return Cell(action, [self.rule() for _ in
                                 range(self.rnd.choice((1, 2, 4, 8)))],
                        services, monitor)
        isolate = own and action == "allow" and not self.common and (
            self.rarely(2))
        return Cell(action, (), services, monitor, isolate)

    def ranges(self, words):
        """Numbers and ranges of them."""
        found = []
        for word in words:
            last = word if self.rarely(2) else min(
                65535, word + self.rnd.choice((1, 5, 1000)))
            found.append((word, last))
        return found, [f"{first}-{last}" if last > first else f"{first}"
                       for first, last in found]

    def rule(self):
        """A rule: a kind of packet, and some of what it has."""
        rule = Rule(not self.rarely(3))
        if self.rarely(15):
            return rule
        if self.rarely(6):
            words = self.some(sorted(ETHERTYPES), 2)
            rule.look("ethertype", [(ETHERTYPES[word],) * 2 for word in words],
                      [f"0x{ETHERTYPES[word]:04x}" for word in words])
        elif not self.rarely(4):
            self.packet(rule)
        if self.rarely(5) or not rule.looks:
            vids = self.some((0, 1, 10, 20, 30), 2)
            found, words = zip(*(((vid, vid), f"{vid}") for vid in vids))
            rule.look("vlan", list(found), list(words))
        return rule

    def packet(self, rule):
        """What a rule asks of an IP packet."""
        protocol = self.rnd.choice(sorted(PROTOCOLS))
        version = None
        if self.rarely(2):
            version = self.addresses(rule, protocol)
        if self.rarely(4) and "from" not in rule.looks and (
                "to" not in rule.looks):
            version = {"icmp": 4, "icmpv6": 6}.get(
                protocol, self.rnd.choice((4, 6)))
            rule.look("ip", [version], [version])
        if not self.common and self.rarely(4):
            # A rule of ports, types or flags can't be of later ones alone.
            words = self.some(FRAGMENTS[:2] if self.rarely(2) else FRAGMENTS, 2)
            rule.look("fragment", [(FRAGMENTS.index(word),) * 2
                                   for word in words], words)
        if self.rarely(5) and rule.looks:
            return
        rule.look("protocol", [(PROTOCOLS[protocol],) * 2], [protocol])
        if rule.words.get("fragment") != ["later"]:
            self.transport(rule, protocol)

    def addresses(self, rule, protocol):
        """Prefixes of one version."""
        version = {"icmp": 4, "icmpv6": 6}.get(protocol,
                                               self.rnd.choice((4, 6)))
        words = [word for word in PREFIXES if (":" in word) == (version == 6)]
        for key in self.some(("from", "to"), 2):
            some = self.some(words, 2)
            nets = [ipaddress.ip_network(word) for word in some]
            rule.look(key, [(net.version, int(net.network_address),
                             net.max_prefixlen - net.prefixlen)
                            for net in nets], some)
        return version

    def transport(self, rule, protocol):
        """Ports, types, flags."""
        if protocol in ("icmp", "icmpv6") and not self.rarely(3):
            kind = self.rnd.choice((0, 3, 8) if protocol == "icmp" else
                                   (1, 128, 129, 134, 135, 136))
            code = self.rnd.choice((None, None, 0, 1))
            rule.look("icmp", [(kind, code)],
                      [f"{kind}" if code is None else f"{kind}/{code}"])
        if protocol not in WITH_PORTS:
            return
        for key in ("port", "source-port"):
            if self.rarely(2):
                rule.look(key, *self.ranges(self.some(PORTS, 3)))
        if protocol == "tcp" and self.rarely(3):
            mask = self.some(sorted(FLAGS), 3)
            value = [flag for flag in mask if self.rarely(2)] or mask[:1]
            rule.look("tcp-flags", [(sum(FLAGS[f] for f in value),
                                     sum(FLAGS[f] for f in mask))],
                      [f"{','.join(value)}/{','.join(mask)}"])
