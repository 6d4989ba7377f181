# SPDX-License-Identifier: GPL-2.0
"""The bridges that policies are about, and what bridges do with a frame.

    a0..a5, the host --- br0, which doesn't filter VLANs
    n0..n5 ------------- br2, the same, which nftables filters

    v0  trunk: 1 untagged, 10, 20, 30 --.       .-- v4  10 and 20, both untagged
    v1  trunk: 10, 20 ------------------|  br1  |-- v5  1
    v2  10 -----------------------------|       |-- the host: 10 untagged, 20
    v3  20 -----------------------------'-------'

No port learns: where a frame goes hangs on the frame alone.
"""

import collections
import struct

import frames

TAGGED, UNTAGGED = False, True
LINK_LOCAL = bytes.fromhex("0180c20000")
LLDP = LINK_LOCAL + b"\x0e"
# br1 forwards LLDP, as it may be told to.
FORWARDED = {"br0": (), "br1": (0x0E,), "br2": ()}

# A copy of a frame on its way: where to, in which VLAN, what leaves there; and
# the bytes and the tag as they are at the hook.  seen: whether it arrives where
# the player looks.
Copy = collections.namedtuple("Copy", "end vlan wire inner tag seen")


class End:
    """A port and who is behind it, or the host."""

    def __init__(self, dev, bridge, number, vlans=None, pvid=None):
        self.dev, self.bridge, self.number = dev, bridge, number
        self.who = frames.End(number)
        self.host = dev == bridge
        self.vlans, self.pvid = vlans or {}, pvid
        self.index = None

    def untagged(self):
        """VLANs that leave it without a tag."""
        return [vid for vid, bare in self.vlans.items() if bare]

    @property
    def hwaddr(self):
        """The address of its device."""
        return self.who.mac if self.host else b"\xfe" + self.who.mac[1:]


def make_ends():
    """All ends, in the player's order."""
    ends = [End(f"a{i}", "br0", 1 + i) for i in range(6)]
    ends.append(End("br0", "br0", 254))
    plan = (({1: UNTAGGED, 10: TAGGED, 20: TAGGED, 30: TAGGED}, 1),
            ({10: TAGGED, 20: TAGGED}, None),
            ({10: UNTAGGED}, 10), ({20: UNTAGGED}, 20),
            ({10: UNTAGGED, 20: UNTAGGED}, 10), ({1: UNTAGGED}, 1))
    ends += [End(f"v{i}", "br1", 0x101 + i, *one)
             for i, one in enumerate(plan)]
    ends.append(End("br1", "br1", 0x1FE, {10: UNTAGGED, 20: TAGGED}, 10))
    ends += [End(f"n{i}", "br2", 1 + i) for i in range(6)]
    for index, end in enumerate(ends):
        end.index = index
    return ends


ENDS = make_ends()
BY_DEV = {end.dev: end for end in ENDS}


def of_bridge(bridge):
    """Its ends."""
    return [end for end in ENDS if end.bridge == bridge]


def in_pieces(end):
    """Does its tap make fragments of what is written to it?"""
    return not end.host and end.number % 2 == 1


def lies_apart(cue, at):
    """Is this byte of a frame outside of its skb's head?"""
    return in_pieces(cue.end) and 0 < cue.linear <= at


def player_line(end):
    """What the player has to know of an end."""
    if end.host:
        return f"host {end.dev}"
    return (f"tap {end.dev} {'pieces' if in_pieces(end) else 'whole'} "
            f"{'copied' if end.number & 0xFF in (3, 4) else 'alone'}")


def link_lines():
    """The ports, for ip -batch."""
    for end in ENDS:
        if not end.host:
            yield f"link set {end.dev} address {end.hwaddr.hex(':')} mtu 9000"
            yield f"link set {end.dev} master {end.bridge} up"


def bridge_lines():
    """VLANs and addresses, for bridge -batch."""
    for end in ENDS:
        for vid, bare in end.vlans.items():
            words = " pvid" if vid == end.pvid else ""
            words += " untagged" if bare else ""
            yield (f"vlan add dev {end.dev} vid {vid}{words}"
                   f"{' self' if end.host else ''}")
    for end in ENDS:
        if end.host:
            continue
        yield f"link set dev {end.dev} learning off"
        for vid in end.vlans or (None,):
            yield (f"fdb add {end.who.mac.hex(':')} dev {end.dev} master static"
                   f"{f' vlan {vid}' if vid else ''}")


def take_tag(frame):
    """The tag that an skb has beside it, and the frame without: 802.1Q and
    802.1ad only."""
    kind = int.from_bytes(frame[12:14], "big")
    if len(frame) < 16 or kind not in (0x8100, 0x88A8):
        return None, frame
    return (kind, int.from_bytes(frame[14:16], "big")), (
        frame[:12] + frame[16:])


def put_tag(tag, frame):
    """And with it."""
    if not tag:
        return frame
    return frame[:12] + struct.pack(">HH", *tag) + frame[12:]


def whole_tag(frame):
    """Where the kernel is to take a tag off, the bytes of it must be there."""
    return frame[12:14] not in (b"\x81\0", b"\x88\xa8") or len(frame) >= 20


def enters(source, frame):
    """Whether the kernel takes it at all."""
    if source.host and (not source.vlans or frame[12:14] != b"\x81\0"):
        return True
    return whole_tag(frame)


def group(mac):
    """Is it a group's address?"""
    return bool(mac[0] & 1)


def classify(end, tag, inner):
    """The VLAN of a frame that enters a filtering bridge, its tag from then on,
    and what is behind; None where the bridge drops it."""
    vid = 0
    if tag and tag[0] == 0x8100:
        vid = tag[1] & 0xFFF
    elif tag:
        inner, tag = put_tag(tag, inner), None
    if not vid:
        if end.pvid is None:
            return None
        tag = (0x8100, (tag[1] if tag else 0) | end.pvid)
        vid = end.pvid
    if vid not in end.vlans:
        return None
    return vid, tag, inner


def copy_to(end, vid, tag, inner):
    """A copy on its way out of a bridge."""
    if end.vlans and end.vlans[vid]:
        tag = None
    # The host would take off one more.
    seen = bool(not end.host or tag or whole_tag(inner))
    return Copy(end, vid, put_tag(tag, inner), inner, tag, seen)


def forward(source, frame):
    """All copies that the bridge makes of a frame, whatever filters say; None
    where it never comes to forward it."""
    if source.host and source.bridge != "br1":
        # Nobody looks for a tag in what the host sends.
        tag, inner = None, frame
    else:
        tag, inner = take_tag(frame)
    dest, sender = inner[:6], inner[6:12]
    if not source.host:
        if group(sender) or not any(sender):
            return None
        if dest[:5] == LINK_LOCAL and dest[5] < 16:
            special = reserved(source, dest[5], tag, inner)
            if special is not None:
                return special
    vid = None
    if source.vlans:
        found = classify(source, tag, inner)
        if not found:
            return None
        vid, tag, inner = found
    return [copy_to(end, vid, tag, inner)
            for end in receivers(source, dest, vid)]


def reserved(source, last, tag, inner):
    """Link-local frames: STP's are forwarded where the bridge doesn't speak it,
    pause frames never, LLDP goes to who listens at the port; the rest to the
    host alone, and not by way of the bridge's device.  None: as any group."""
    if last == 0 or last in FORWARDED[source.bridge]:
        return None
    if last in (0x01, 0x0E):
        return []
    host = BY_DEV[source.bridge] if source.bridge in BY_DEV else None
    if not host:
        return []
    vid = None
    if source.vlans:
        # Nobody asks whether the port is in the VLAN of a tag.
        vid = tag[1] & 0xFFF if tag and tag[0] == 0x8100 else 0
        vid = vid or source.pvid or 0
    return [Copy(host, vid, b"", inner, tag, False)]


def receivers(source, dest, vid):
    """Whom a bridge sends it to."""
    others = [end for end in of_bridge(source.bridge)
              if end is not source and (vid is None or vid in end.vlans)]
    if group(dest):
        return others
    for end in others + [source]:
        if dest in (end.who.mac, end.hwaddr):
            # From where it is for nothing is sent back.
            if end.host or dest == end.who.mac:
                return [] if end is source else [end]
    return [end for end in others if not end.host]


def alone(source, dest, vid):
    """Whether the bridge would send it to one port, or to the host, only."""
    if group(dest):
        return False
    return any(dest == end.who.mac and (vid is None or vid in end.vlans)
               for end in of_bridge(source.bridge))
