# SPDX-License-Identifier: GPL-2.0
"""The same policy for nftables' bridge family; and where the two differ, and why.

What nftables can't say is left out of such policies (policies.Maker's common):
guards, services, trunks, fragments, the host.
"""

import scene
import verdict

IP = {4: "ip", 6: "ip6"}
# A tag that nftables' `vlan id` knows.
TAG = 0x8100
# Where a frame's IPv6 header says what follows it.
NEXT_HEADER = 20


def merged(ranges):
    """The same numbers in ranges that don't overlap, as a set of nftables'."""
    found = []
    for first, last in sorted(ranges):
        if found and first <= found[-1][1] + 1:
            found[-1][1] = max(found[-1][1], last)
        else:
            found.append([first, last])
    return "{ %s }" % ", ".join(f"{first}-{last}" if last > first else f"{first}"
                                for first, last in found)


def address(key, looks, words):
    """Prefixes; of all addresses the version alone is asked for."""
    word = {"from": "saddr", "to": "daddr"}[key]
    version = looks[0][0]
    if any(word in ("0.0.0.0/0", "::/0") for word in words):
        return f"meta protocol {IP[version]}"
    words = [one for one in words if not inside(one, words)]
    return f"{IP[version]} {word} {{ {', '.join(words)} }}"


def inside(word, words):
    """Is it part of another prefix?  A set doesn't take both."""
    net = verdict.network(word)
    return any(net != other and net.subnet_of(other)
               for other in map(verdict.network, words)
               if net.version == other.version)


def vlans(looks):
    """Alternatives: no tag, that of VLAN 0, those of others."""
    if any(first == 0 for first, _ in looks):
        yield f"ether type != {TAG:#x}"
    yield f"ether type {TAG:#x} vlan id {merged(looks)}"


def matches(rule):
    """Alternatives of one rule, each a list of matches."""
    looks, words = rule.looks, rule.words
    found = []
    for key in ("from", "to"):
        if key in looks:
            found.append(address(key, looks[key], words[key]))
    if "ethertype" in looks:
        found.append(f"meta protocol {merged(looks['ethertype'])}")
    if "ip" in looks:
        found.append(f"meta protocol {IP[looks['ip'][0]]}")
    if "protocol" in looks:
        found.append(f"meta protocol {{ ip, ip6 }} meta l4proto "
                     f"{looks['protocol'][0][0]}")
    for key, word in (("port", "dport"), ("source-port", "sport")):
        if key in looks:
            found.append(f"th {word} {merged(looks[key])}")
    if "tcp-flags" in looks:
        flags, mask = looks["tcp-flags"][0]
        found.append(f"tcp flags & {mask:#x} == {flags:#x}")
    if "icmp" in looks:
        kind, code = looks["icmp"][0]
        four = looks["protocol"][0][0] == 1
        found.append(f"meta protocol {IP[4 if four else 6]}")
        # Type and code, where the header of either is.
        size, value = (8, kind) if code is None else (16, kind << 8 | code)
        found.append(f"@th,0,{size} {value}")
    if "vlan" not in looks:
        return [found]
    return [[one] + found for one in vlans(looks["vlan"])]


def chain(name, cell):
    """The cell of a pair."""
    yield f"\tchain {name} {{"
    if cell and cell.action == "rules":
        for rule in cell.rules:
            action = "accept" if rule.allow else "drop"
            for alternative in matches(rule):
                yield f"\t\t{' '.join(alternative)} {action}"
    yield f"\t\t{'accept' if cell and cell.action == 'allow' else 'drop'}"
    yield "\t}"


def ruleset(policy):
    """A table that does on br2 what the policy does on br0."""
    judge = verdict.Judge(policy)
    lines, ways = [], []
    ends = [end for end in scene.of_bridge("br0") if not end.host]
    for source in policy.domains:
        for dest in policy.domains:
            name = f"{source}_{dest}"
            lines += chain(name, judge.cell(source, dest))
            ways += [f'"{twin(one).dev}" . "{twin(two).dev}" : jump {name}'
                     for one in ends for two in ends if one is not two and
                     (judge.label(one, 0), judge.label(two, 0)) ==
                     (source, dest)]
    lines += ["\tchain forward {",
              "\t\ttype filter hook forward priority 0; policy accept;",
              '\t\tmeta ibrname != "br2" accept']
    if ways:
        lines.append("\t\tiifname . oifname vmap { %s }" % ", ".join(ways))
    lines += ["\t\tdrop", "\t}"]
    return "\n".join(["table bridge judge", "delete table bridge judge",
                      "table bridge judge {"] + lines + ["}"]) + "\n"


def twin(end):
    """The end of br2 that has the place of one of br0."""
    return scene.BY_DEV["n" + end.dev[1:]]


def explained(cue, unparsed):
    """Why nftables may say something else of a frame; None where it may not.

    It looks at what is behind one tag that the skb has beside it, and at no more
    than what its matches name:

    unparsed: vseg drops what it can't tell; nftables takes the bytes that are
	there, or the match for one that doesn't fit
    tag: behind a second tag, or one of 802.1ad or older, there is no IP for
	nftables, and no VLAN
    llc: neither behind LLC/SNAP
    extension: nftables follows IPv6's extension headers to the protocol, but AH
	in IPv4 is one
    fragment: of a later fragment nftables has no protocol's fields, vseg can't
	tell them: a `deny` of them doesn't fit in the one, and drops in the other
    paged: ipv6_find_hdr() takes the byte where the protocol would be in the skb's
	head, also where the frame's lies in a fragment: any protocol matches
    """
    tag, inner = scene.take_tag(cue.frame)
    kind = int.from_bytes(inner[12:14], "big")
    if unparsed:
        return "unparsed"
    if kind in verdict.fields.TAGS or (tag and tag[0] != TAG):
        return "tag"
    if kind < 0x600:
        return "llc"
    if kind == 0x86DD and inner[NEXT_HEADER:][:1] in (b"\0", b"\x2b", b"\x2c", b"\x33",
                                          b"\x3c"):
        return "extension"
    if kind == 0x0800 and inner[23:24] == b"\x33":
        return "extension"
    if kind == 0x0800 and int.from_bytes(inner[20:22], "big") & 0x1FFF:
        return "fragment"
    if kind == 0x86DD and scene.lies_apart(
            cue, len(cue.frame) - len(inner) + NEXT_HEADER):
        return "paged"
    return None
