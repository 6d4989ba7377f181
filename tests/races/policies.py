# SPDX-License-Identifier: GPL-2.0
"""Random policies for the checked ends, and an obvious model of what they say.

    br0: guests a b c d e, and the host     always managed, enforcing
    br1: guests f h in VLAN 10, g in 20,    sometimes managed, sometimes
         trunk t with ends t10 and t20      monitored

Whatever else a policy says, a reaches b, c and d reach the host, and e doesn't
reach b; f reaches h, now because a cell allows it, now because br1 is monitored,
unless one of them is unlabelled or br1 closed.  All that leads to this changes
all the time, so a frame that is decided by half of one policy and half of
another breaks it sooner or later.

Cells may have rules, which tell the kinds of frames apart, and guest ports a guard
that knows the guest or takes it for another one.  Some rules are stateful: an
answer passes then that no cell allows by itself.  A later fragment has the ports of
the first one.
"""

import copy

DOMAINS = [f"d{i}" for i in range(10)]
BR0 = ("a", "b", "c", "d", "e")
BR1 = ("f", "g", "h", "t")
TRUNK = {"t10": 10, "t20": 20}
ALWAYS = (("a", "b"), ("c", "host"), ("d", "host"))
NEVER = (("e", "b"),)
# Who often has stateful rules, and nothing that lets the answers pass.
TALKS = (("e", "a"), ("d", "b"), ("c", "e"), ("b", "c"), ("t10", "f"),
         ("g", "t20"))
ALLOW, DENY, MONITOR = "allow", "deny", "monitor"
PLAIN, ARP, LOW, HIGH, ASK, ANSWER, FIRST, LATER = KINDS = range(8)
# With addresses of their own; and those whose ports are as those of HIGH.
OWN, FRAGMENTS = {ASK, ANSWER, FIRST, LATER}, {FIRST, LATER}
UDP = {LOW, HIGH} | OWN

# Rules look at: which kinds fit, and may they carry IP?
MATCHES = {
    "any": (set(KINDS), True),
    "plain": ({PLAIN}, False),
    "arp": ({ARP}, False),
    "udp": (UDP, True),
    "low": ({LOW}, True),
    "high": ({HIGH} | FRAGMENTS, True),
    "sender": (UDP, True),
    "ask": ({ASK}, True),
    "receiver": ({LOW, HIGH}, True),
    # What nobody sends.
    "tcp": (set(), True),
    "elsewhere": (set(), True),
    "vlan": (set(), True),
}

# Where a later fragment has to be told by the first one whether they fit; and the
# one that is stateful where it allows.
PORTS, STATEFUL = {"low", "high", "ask"}, "ask"

# A guard knows the guest's addresses; or takes it for another one, of which it
# knows all, or the IP addresses alone.  What each lets enter:
GUARDS = {None: set(KINDS), "own": set(KINDS), "foreign": set(),
          "address": {PLAIN}}
# Those whose guests always get something through.
TRUSTED = ("a", "b", "c", "d", "f", "h")


def rules_pass(rules, kind):
    """The first that matches decides; a tuple of (match, action)."""
    for match, action in rules:
        if kind in MATCHES[match][0]:
            return action == ALLOW
    return False


def surely_pass(rules, kind):
    """Likewise, whatever came before."""
    for match, action in rules:
        if kind == LATER and match in PORTS:
            return False
        if kind in MATCHES[match][0]:
            return action == ALLOW and (kind, match) != (ASK, STATEFUL)
    return False


def answered(rules):
    """Do the answers to ASK pass?"""
    return next((rule for rule in rules if ASK in MATCHES[rule[0]][0]),
                None) == (STATEFUL, ALLOW)


def carries_ip(cell):
    """Makes that address resolution pass, in both directions?"""
    if isinstance(cell, tuple):
        return any(action == ALLOW and MATCHES[match][1]
                   for match, action in cell)
    return cell == ALLOW


def port_of(end):
    return "t" if end in TRUNK else end


class Policy:
    """What the checked ends depend on.

    labels: domain of each port, None for unlabelled; of t by VLAN, 0 for the
    others: {0: None, 10: "d1"}, or a domain alone where it is a guest port
    guards: of each port, as GUARDS says
    permits: domains whose guests have no guard
    cells: ALLOW, DENY, MONITOR or a tuple of rules by (source, destination)
    """

    def __init__(self):
        self.labels = dict.fromkeys(BR0 + BR1)
        self.guards = dict.fromkeys(BR0 + BR1)
        self.permits = set()
        self.cells = {}
        self.managed = {"br0": True, "br1": True}
        self.monitored = False
        self.settings = {"address-resolution": 1, "unmanaged": 0,
                         "flood-events": 0, "guard": 1}

    def label(self, end):
        if end == "host":
            return "host"
        label = self.labels[port_of(end)]
        if isinstance(label, dict):
            return label.get(TRUNK[end], label[0])
        return label

    def carries(self, port, domain):
        label = self.labels[port]
        return domain in (label.values() if isinstance(label, dict)
                          else (label,))

    def cell(self, src, dst):
        """What decides the pair: ALLOW, DENY, MONITOR, rules, or None."""
        if not src or not dst:
            return None
        if (src, dst) in self.cells:
            return self.cells[src, dst]
        if src == dst:
            return ALLOW if src != "host" else None
        found = []
        if dst != "host":
            found.append(self.cells.get((src, "any")))
        if src != "host":
            found.append(self.cells.get(("any", dst)))
        for one in (DENY, MONITOR, ALLOW):
            if one in found:
                return one
        if "host" in (src, dst):
            return None
        return self.cells.get(("any", "any"))

    def foreign(self, end):
        """Is a frame to its address not for the guest that the guard knows?"""
        return self.guarded(end) and self.guards[port_of(end)] == "foreign"

    def passes(self, src_end, dst_end, kind=PLAIN, to_all=False):
        """Does a frame of this kind arrive, once it has entered?"""
        bridge = "br0" if port_of(src_end) in BR0 + ("host",) else "br1"
        if not self.managed[bridge]:
            return not self.settings["unmanaged"]
        if bridge == "br1" and self.monitored:
            return True
        src, dst = self.label(src_end), self.label(dst_end)
        cell = self.cell(src, dst)
        resolved = (kind == ARP and self.settings["address-resolution"] and
                    src and dst and (carries_ip(cell) or
                                     carries_ip(self.cell(dst, src))))
        # What the cell would have denied, and no pass let through.
        if cell == MONITOR and not resolved:
            return True
        passes = resolved or cell == ALLOW or (
            isinstance(cell, tuple) and surely_pass(cell, kind))
        return bool(passes and (to_all or not self.foreign(dst_end)))

    def maybe(self, src_end, dst_end, kind):
        """Does it, if what has to came before?"""
        bridge = "br0" if port_of(src_end) in BR0 + ("host",) else "br1"
        if not self.managed[bridge] or self.foreign(dst_end):
            return False
        src, dst = self.label(src_end), self.label(dst_end)
        if kind == ANSWER:
            back = self.cell(dst, src)
            return isinstance(back, tuple) and answered(back)
        cell = self.cell(src, dst)
        return (kind in (ASK, LATER) and isinstance(cell, tuple) and
                rules_pass(cell, kind))

    def guarded(self, end):
        """Does a guard look at what this end sends and gets?"""
        port, label = port_of(end), self.label(end)
        bridge = "br0" if port in BR0 else "br1"
        return not (end == "host" or not label or label in self.permits or
                    not self.settings["guard"] or not self.managed[bridge] or
                    isinstance(self.labels[port], dict) or
                    (bridge == "br1" and self.monitored))

    def enters(self, end, kind):
        """Does the guard let it enter?"""
        return not self.guarded(end) or kind in GUARDS[self.guards[port_of(end)]]

    def masks(self, ends):
        """For the judge: of each kind, which ends' frames enter; to one end, and
        then to all, of each kind and end, which ends it reaches; of each kind and
        end, which it may reach."""
        masks = [sum(1 << i for i, end in enumerate(ends)
                    if self.enters(end.name, kind)) for kind in KINDS] + [
                        sum(1 << i for i, dst in enumerate(ends)
                            if dst.group == src.group and dst is not src and
                            self.passes(src.name, dst.name, kind, to_all))
                        for to_all in (False, True)
                        for kind in KINDS for src in ends]
        return masks + [
            sum(1 << i for i, dst in enumerate(ends)
                if dst.group == src.group and dst is not src and
                self.maybe(src.name, dst.name, kind))
            for kind in KINDS for src in ends]


def relabel(new, random):
    """Other labels: different ones for the ends of br0 that must differ."""
    pool = random.sample(DOMAINS, len(BR0))
    for port, domain in zip(BR0, pool):
        if not new.labels[port] or random.random() < 0.6:
            new.labels[port] = domain
    if random.random() < 0.15:
        new.labels["b"] = new.labels["a"]
    if random.random() < 0.15:
        new.labels["e"] = None
    while any(new.labels["e"] == new.labels[port] for port in "ab"):
        new.labels["e"] = random.choice(DOMAINS + [None])
    for port in BR1:
        if random.random() < 0.5:
            new.labels[port] = random.choice(DOMAINS + [None])
    if not isinstance(new.labels["t"], dict) and random.random() < 0.9:
        new.labels["t"] = {vid: random.choice(DOMAINS + [None])
                           for vid in (0, 10, 20)}
        for vid in (10, 20):
            if not new.labels["t"][vid]:
                del new.labels["t"][vid]


def some_rules(random):
    """A list of them, of no or a few or many rules."""
    count = random.choice([0, 1, 1, 2, 2, 3, 5, 8])
    if random.random() < 0.03:
        count = 40
    names = sorted(MATCHES)
    return tuple((random.choice(names), random.choice([ALLOW, DENY]))
                 for _ in range(count))


def reguard(new, random):
    """Other guards, and other domains without."""
    for port in BR0 + BR1:
        # Two guests stand behind t.
        if port != "t" and random.random() < 0.4:
            new.guards[port] = random.choice(
                [None, "own", "address"] +
                ["foreign"] * (port not in TRUSTED))
    new.permits = {name for name in DOMAINS if random.random() < 0.2}


def recell(new, random):
    """Other cells, most of them of domains in use; old ones go."""
    for pair in list(new.cells):
        if random.random() < 0.15:
            del new.cells[pair]
        elif isinstance(new.cells[pair], tuple) and random.random() < 0.2:
            new.cells[pair] = some_rules(random)
    used = sorted({new.label(end) for end in BR0 + ("f", "g", "h", "t10", "t20")
                   if new.label(end)})
    for _ in range(random.randrange(1, 11)):
        pool = used if random.random() < 0.8 else DOMAINS
        src, dst = (random.choice(pool + ["host"] + ["any"] * 2)
                    for _ in range(2))
        action = random.choice([ALLOW, ALLOW, DENY, MONITOR, None])
        if src == dst == "host":
            continue
        # Rules under a wildcard meet other cells' words: not modelled.
        if not action and "any" not in (src, dst):
            new.cells[src, dst] = some_rules(random)
        elif action:
            new.cells[src, dst] = action


def talk(new, random):
    """Flows and fragments may pass there, and most of the time nothing else."""
    for src, dst in TALKS:
        pair = new.label(src), new.label(dst)
        if None in pair or random.random() < 0.2:
            continue
        rules = [(STATEFUL, DENY if random.random() < 0.1 else ALLOW),
                 ("high", ALLOW)]
        random.shuffle(rules)
        new.cells[pair] = (*rules, *some_rules(random))
        if pair[0] != pair[1] and random.random() < 0.8:
            new.cells[pair[::-1]] = DENY


def keep_promises(new):
    promised = {(new.label(src), new.label(dst)) for src, dst in ALWAYS + NEVER}
    for src, dst in ALWAYS:
        if not new.passes(src, dst):
            new.cells[new.label(src), new.label(dst)] = ALLOW
    for src, dst in NEVER:
        if new.passes(src, dst):
            new.cells[new.label(src), new.label(dst)] = DENY
    pair = new.label("f"), new.label("h")
    if None not in pair and pair not in promised:
        new.cells[pair] = DENY if new.monitored else ALLOW


def successor(old, random):
    """A policy that differs from this one."""
    new = copy.deepcopy(old)
    if not new.labels["a"] or random.random() < 0.8:
        relabel(new, random)
    if random.random() < 0.7:
        recell(new, random)
    if random.random() < 0.4:
        reguard(new, random)
    if random.random() < 0.3:
        new.managed["br1"] = random.random() < 0.8
        new.monitored = random.random() < 0.5
    if random.random() < 0.3:
        new.settings = {"address-resolution": int(random.random() < 0.7),
                        "unmanaged": int(random.random() < 0.3),
                        "flood-events": random.randrange(2),
                        "guard": int(random.random() < 0.8)}
    talk(new, random)
    keep_promises(new)
    return new
