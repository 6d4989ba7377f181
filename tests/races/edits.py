# SPDX-License-Identifier: GPL-2.0
"""From one policy to another: the netlink requests, and sending them at once."""

import struct

import vsegnl
from check import attrs
from policies import ALLOW, BR0, BR1, MONITOR
from vsegnl import COMMANDS, ENUMS, SETS, attr, u32

GUEST, TRUNK_KIND = ENUMS["port-kind"]["guest"], ENUMS["port-kind"]["trunk"]


def cell_set(pair, action):
    return ("cell-set", attrs("cell", src=pair[0], dst=pair[1],
                              action=int(action == ALLOW),
                              flags=int(action == MONITOR)))


def cell_del(pair):
    return ("cell-del", attrs("cell", src=pair[0], dst=pair[1]))


def domain(verb, name):
    return ("domain-" + verb, attrs("domain", name=name))


def bridge(verb, name, monitored=None):
    values = {} if monitored is None else {"mode": int(monitored)}
    return ("bridge-" + verb, attrs("bridge", name=name, **values))


def bind(port, label):
    """Label as in Policy.labels."""
    if not isinstance(label, dict):
        return ("port-bind", attrs("port", ifname=port, domain=label,
                                   kind=GUEST))
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


def edits(old, new, renew=()):
    """What makes `new` of `old`; domains in `renew` are deleted and come
    again under their names in between, which no frame may notice."""
    found = bridge_edits(old, new)
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
    found += [cell_del(pair) for pair in cells if pair not in new.cells]
    found += [cell_set(pair, action) for pair, action in new.cells.items()
              if cells.get(pair) != action]
    for port in BR0 + (BR1 if new.managed["br1"] else ()):
        if new.labels[port] == labels[port]:
            continue
        found.append(bind(port, new.labels[port]) if new.labels[port]
                     else unbind(port))
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
