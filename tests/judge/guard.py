# SPDX-License-Identifier: GPL-2.0
"""What a guard says of a frame, by the administration guide.

The reasons are asked in the order of its table; what can't be told, and would
have to be, comes where it would have been needed.
"""

import fields

BRIDGES = (bytes.fromhex("0180c2000000"), bytes.fromhex("0180c2000008"),
           bytes.fromhex("01000ccccccd"))
CISCO = bytes.fromhex("01000ccccccc")
LINK_LOCAL = bytes.fromhex("0180c20000")
ICMP, IGMP, UDP, ICMPV6, PIM = 1, 2, 17, 58, 103
RS, RA, NS, NA, REDIRECT = range(133, 138)
DISCOVERY = (RS, RA, NS, NA, REDIRECT)


class Bad(Exception):
    """A reason to drop it."""


class Look:
    """One frame, and who sends it."""

    def __init__(self, port, permits, frame):
        self.port, self.permits, self.frame = port, permits, frame
        self.sender = frame[6:12]
        self.said, self.places = fields.describe(frame, len(frame), 0)

    def tells(self, name):
        """A field that has to be told; -1 where there is none."""
        value = self.said.get(name, -1)
        if value is None:
            raise Bad("guard-unparsed")
        return value

    def role(self, permit, reason=None):
        """It plays a role: is it permitted?"""
        if permit not in self.permits:
            raise Bad(f"guard-{reason or permit}")

    def knows(self):
        """Is anything known of the guest?"""
        return self.port.macs or self.port.prefixes

    def own_mac(self, mac):
        """One of the guest's; where none is known, that of the frame."""
        return mac in (self.port.macs or [self.sender])

    def own_address(self, address):
        """One of the guest's, where some are known."""
        if not self.port.prefixes:
            return True
        version, value = (4 if len(address) == 4 else 6,
                          int.from_bytes(address, "big"))
        shift = 32 if version == 4 else 128
        for kind, prefix, length in self.port.prefixes:
            if kind == version and (value >> (shift - length) ==
                                    prefix >> (shift - length)):
                return True
        return version == 6 and any(
            address == b"\xfe\x80" + bytes(6) + bytes([mac[0] ^ 2]) + mac[1:3] +
            b"\xff\xfe" + mac[3:] for mac in self.port.macs)

    def check(self):
        """All of it."""
        if self.sender[0] & 1 or (self.port.macs and
                                  self.sender not in self.port.macs):
            raise Bad("guard-mac")
        kind = self.said.get("ethertype")
        if kind is not None and kind < 0x600 and self.bpdu():
            # Wherever it goes: a bridge may be told to use other groups.
            self.role("spanning-tree")
        else:
            self.by_destination()
        kind = self.tells("ethertype")
        if kind == 0x88CC:
            self.role("link-local")
        elif kind in (0x0806, 0x8035):
            self.resolution(kind == 0x8035)
        elif kind in (0x0800, 0x86DD):
            self.packet()
        elif self.port.prefixes:
            # Wrapped in it could be any address.
            self.said.setdefault("source", -1)
            self.tells("source")

    def by_destination(self):
        """Groups that bridges don't forward."""
        dest = self.frame[:6]
        if dest in BRIDGES:
            self.role("spanning-tree")
        elif dest == CISCO or (dest[:5] == LINK_LOCAL and dest[5] < 16):
            self.role("link-local")

    def bpdu(self):
        """Is it one, by its LLC?"""
        at = self.places["network"]
        return self.frame[at:at + 1] == b"\x42"

    def resolution(self, reverse):
        """ARP and RARP of the guest itself."""
        if not self.knows():
            return
        at = self.places["network"]
        data = self.frame[at:at + 28]
        if len(data) < 28 or data[:6] != b"\0\1\x08\0\6\4":
            raise Bad("guard-unparsed")
        oper, sender = data[6:8], data[8:14]
        source, target = data[14:18], data[24:28]
        good = sender == self.sender
        if reverse:
            good &= oper == b"\0\3" and self.own_mac(data[18:24])
            good &= not any(source) or self.own_address(source)
        elif any(source):
            good &= oper not in (b"\0\3", b"\0\4") and (
                self.own_address(source))
        else:
            good &= oper == b"\0\1" and self.own_address(target)
        if not good:
            raise Bad("guard-resolution")

    def packet(self):
        """An IP packet: its roles, its source, and what it tells of others."""
        self.tells("source")
        fragment = self.tells("fragment")
        version = self.places["version"]
        later = fragment == fields.LATER
        kind = None if later else self.roles(version)
        if kind in DISCOVERY and version == 6 and self.knows():
            # RFC 6980: never in fragments.
            if fragment != fields.WHOLE:
                raise Bad("guard-unparsed")
            self.discovery(kind)
        if self.port.prefixes:
            self.source(version, kind)

    def transport(self, size):
        """The first bytes behind IP: a port, a type.  What is wrong further on
        makes nobody take them for others."""
        at = self.places["transport"]
        data = self.frame[at:min(self.places["end"], fields.READABLE)]
        if len(data) < size:
            raise Bad("guard-unparsed")
        return data[:size]

    def source(self, version, kind):
        """Where it comes from: DHCP, router and multicast listeners' messages
        and duplicate address detection come from nowhere."""
        at = self.places["network"]
        size, skip = (4, 12) if version == 4 else (16, 8)
        source = self.frame[at + skip:at + skip + size]
        if self.own_address(source):
            return
        if any(source) or self.said["fragment"] != fields.WHOLE:
            raise Bad("guard-address")
        if version == 4 and self.said["protocol"] == UDP and (
                self.transport(4) == b"\0\x44\0\x43"):
            return
        if version == 4 or self.said["protocol"] != ICMPV6 or (
                kind not in (RS, NS, 131, 132, 143)):
            raise Bad("guard-address")

    def roles(self, version):
        """Who sends what only servers, routers and queriers send; the type of an
        ICMP message."""
        protocol = self.tells("protocol")
        kind = None
        if version == 6 and protocol == ICMPV6:
            kind = self.transport(1)[0]
            if kind in (RA, REDIRECT):
                self.role("router")
            elif kind in (130, 151, 153):
                self.role("multicast-router")
        elif protocol == ICMP and version == 4:
            kind = self.transport(1)[0]
            if kind in (5, 9):
                self.role("router")
        elif protocol == UDP:
            port = {4: b"\0\x43", 6: b"\2\x23"}[version]
            if self.transport(4)[:2] == port:
                self.role("dhcp-server", "dhcp")
        elif protocol == PIM:
            self.role("multicast-router")
        elif protocol == IGMP and version == 4 and self.transport(1)[0] in (
                0x11, 0x13, 0x14, 0x30, 0x32):
            self.role("multicast-router")
        return kind

    def discovery(self, kind):
        """Targets and link-layer options are the guest's own."""
        at, end = self.places["transport"], self.places["end"]
        body = self.frame[at:end]
        skip = {RS: 8, RA: 16, NS: 24, NA: 24, REDIRECT: 40}[kind]
        if len(body) < skip or end > fields.READABLE:
            raise Bad("guard-unparsed")
        source = self.frame[self.places["network"] + 8:][:16]
        target = body[8:24]
        claims = kind == NA or (kind == NS and not any(source))
        if claims and not self.own_address(target):
            raise Bad("guard-resolution")
        self.options(kind, body[skip:])

    def options(self, kind, data):
        """RFC 4861, 4.6: the one that tells of the sender; all others its
        receivers have to pass over, and a redirect tells of another."""
        own = {NA: 2, REDIRECT: None}.get(kind, 1)
        while data:
            if len(data) < 8 or not data[1] or len(data) < 8 * data[1]:
                raise Bad("guard-unparsed")
            if data[0] == own:
                if data[1] != 1:
                    raise Bad("guard-unparsed")
                if not self.own_mac(data[2:8]):
                    raise Bad("guard-resolution")
            data = data[8 * data[1]:]


def check(port, permits, frame):
    """The reason to drop a frame, or None."""
    try:
        Look(port, permits, frame).check()
    except Bad as bad:
        return str(bad)
    return None
