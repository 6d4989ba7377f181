# SPDX-License-Identifier: GPL-2.0
"""From one policy to another: the netlink requests, and sending them at once."""

import struct

import vsegnl
from check import attrs
from matches import asks, guard
from policies import ALLOW, BR0, BR1, MONITOR, STATEFUL
from vsegnl import COMMANDS, ENUMS, SETS, attr, u32

GUEST, TRUNK_KIND = ENUMS["port-kind"]["guest"], ENUMS["port-kind"]["trunk"]
RULES = ENUMS["action"]["rules"]
PERMIT_ALL = 1
STATE = attr(SETS["rule"]["flags"], u32(ENUMS["rule-flags"]["state"]))

# As policies.MATCHES names them; see ends.c for what the frames are like.
ASKS = {
    "any": b"",
    "plain": asks(ethertype=0x88b5),
    "arp": asks(ethertype=0x806),
    "udp": asks(protocol=17),
    "low": asks(protocol=17, destination_port=(1, 1999)),
    "high": asks(protocol=17, source_port=1000, destination_port=2000),
    "sender": asks(source="10.9.0.0/24"),
    "receiver": asks(destination="10.9.0.1/32", fragment=0),
    "ask": asks(protocol=17, destination_port=3000),
    "tcp": asks(protocol=6, destination_port=(1, 9999)),
    "elsewhere": asks(source="10.8.0.0/16", destination="10.9.0.1/32"),
    "vlan": asks(vlan=30, source="10.9.0.2/32"),
}
OTHER_MAC = bytes.fromhex("0200000001ff")
PREFIX = {"own": "10.9.0.0/24", "foreign": "10.8.0.0/24",
          "address": "10.8.0.0/24"}


def cell_set(pair, action):
    return ("cell-set", attrs("cell", src=pair[0], dst=pair[1],
                              action=int(action == ALLOW),
                              flags=int(action == MONITOR)))


def rule_add(pair, match, action):
    state = STATE * ((match, action) == (STATEFUL, ALLOW))
    return ("rule-add", attrs("rule", src=pair[0], dst=pair[1],
                              action=int(action == ALLOW)) +
            ASKS[match] + state)


def list_set(pair, rules, old):
    """The cell has these rules, whatever it has been."""
    found = [("cell-set", attrs("cell", src=pair[0], dst=pair[1],
                                action=RULES))]
    if isinstance(old, tuple) and old:
        found.append(("rule-del", attrs("rule", src=pair[0], dst=pair[1])))
    return found + [rule_add(pair, *rule) for rule in rules]


def cell_make(pair, new, old):
    if isinstance(new, tuple):
        return list_set(pair, new, old)
    return [cell_set(pair, new)]


def permit(name, all_of_it):
    return ("domain-set", attrs("domain", name=name,
                                guard_permit=PERMIT_ALL * all_of_it))


def cell_del(pair):
    return ("cell-del", attrs("cell", src=pair[0], dst=pair[1]))


def domain(verb, name):
    return ("domain-" + verb, attrs("domain", name=name))


def bridge(verb, name, monitored=None):
    values = {} if monitored is None else {"mode": int(monitored)}
    return ("bridge-" + verb, attrs("bridge", name=name, **values))


def guard_of(what, mac):
    """Guard as in Policy.guards, of the guest that has this address."""
    if not what:
        return b""
    return guard("port", OTHER_MAC if what == "foreign" else mac,
                 [PREFIX[what]])


def bind(port, label, guards=b""):
    """Label as in Policy.labels."""
    if not isinstance(label, dict):
        return ("port-bind", attrs("port", ifname=port, domain=label,
                                   kind=GUEST) + guards)
    data = attrs("port", ifname=port, kind=TRUNK_KIND)
    if label[0]:
        data += attrs("port", domain=label[0])
    for vid, name in label.items():
        if vid:
            data += attr(SETS["port"]["vlan"],
                         [attrs("vlan", first=vid, domain=name)])
    return ("port-bind", data)


def unbind(port):
    return ("port-unbind", attrs("port", ifname=port))


def settings(values):
    return ("settings-set", attrs("settings", **values))


def bridge_edits(old, new):
    if not old.managed["br1"]:
        return [bridge("add", "br1", new.monitored)] * new.managed["br1"]
    if not new.managed["br1"]:
        return [bridge("del", "br1")]
    return [bridge("set", "br1", new.monitored)] * (
        old.monitored != new.monitored)


def edits(old, new, macs, renew=()):
    """What makes `new` of `old`; domains in `renew` are deleted and come
    again under their names in between, which no frame may notice.  Ports have
    the addresses `macs`."""
    found = bridge_edits(old, new)
    permits = set(old.permits)
    labels = {port: old.labels[port] for port in BR0}
    # A bridge that is taken back has forgotten its labels.
    keep = old.managed["br1"] and new.managed["br1"]
    labels.update({port: old.labels[port] if keep else None for port in BR1})
    cells = dict(old.cells)
    for name in renew:
        for pair in [one for one in cells if name in one]:
            found.append(cell_del(pair))
            del cells[pair]
        for port in labels:
            if labels[port] and old.carries(port, name):
                found.append(unbind(port))
                labels[port] = None
        found += [domain("del", name), domain("add", name)]
        permits.discard(name)
    found += [permit(name, name in new.permits)
              for name in sorted(permits ^ new.permits)]
    found += [cell_del(pair) for pair in cells if pair not in new.cells]
    for pair, action in new.cells.items():
        if cells.get(pair) != action:
            found += cell_make(pair, action, cells.get(pair))
    for port in BR0 + (BR1 if new.managed["br1"] else ()):
        if new.labels[port] == labels[port] and (
                new.guards[port] == old.guards[port] or not labels[port]):
            continue
        found.append(bind(port, new.labels[port],
                          guard_of(new.guards[port], macs.get(port)))
                     if new.labels[port] else unbind(port))
    if new.settings != old.settings:
        found.append(settings(new.settings))
    return found


def begin(genl):
    return genl.call("begin")[0]["cookie"]


def send(genl, cookie, requests):
    """All in one message to the kernel, which handles it before it returns.
    Raises the first refusal."""
    data = b""
    for command, body in requests:
        which = vsegnl.set_of(command)
        body = (struct.pack("=BBH", COMMANDS[command], genl.version, 0) +
                attrs(which, cookie=cookie) + body)
        genl.seq += 1
        data += struct.pack("=IHHII", 16 + len(body), genl.family,
                            vsegnl.NLM_F_REQUEST, genl.seq, 0) + body
    if data:
        genl.sock.send(data)
        refusals(genl)


def refusals(genl):
    """Errors that wait in the socket; the first is raised."""
    first = None
    genl.sock.setblocking(False)
    try:
        while True:
            data, at = genl.sock.recv(1 << 20), 0
            while at + 16 <= len(data):
                size, kind, flags = struct.unpack_from("=IHH", data, at)
                try:
                    genl._status(kind, flags, data[at + 16:at + size])
                except vsegnl.Refused as refused:
                    first = first or refused
                at += (size + 3) & ~3
    except BlockingIOError:
        pass
    finally:
        genl.sock.settimeout(20)
    if first:
        raise first


def commit(genl, cookie, nowait=False):
    data = attrs("txn", cookie=cookie)
    if nowait:
        data += attr(SETS["txn"]["flags"], u32(1))
    return genl.call("commit", data)
