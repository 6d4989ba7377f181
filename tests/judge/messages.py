# SPDX-License-Identifier: GPL-2.0
"""Which message of a built-in pass or of a service a frame is: exactly what the
RFCs have its sender send, to its end.
"""

import frames

LONGEST = 1518
BROADCAST = b"\xff" * 6
ALL_NODES, ALL_ROUTERS = (frames.ip6("ff02::1"), frames.ip6("ff02::2"))
ALL_HOSTS = frames.ip4("224.0.0.1")
# Router alert of a multicast listener, and two bytes of padding, in any order.
ALERTS = [one + two for one in (b"\5\2\0\0",) for two in (b"\1\0", bytes(2))]
ALERTS += [one[4:] + one[:4] for one in ALERTS]
DHCP_SERVERS = frames.ip6("ff02::1:2")
MDNS6, MDNS4 = frames.ip6("ff02::fb"), frames.ip4("224.0.0.251")
NOWHERE4, NOWHERE6 = bytes(4), bytes(16)


class Other(Exception):
    """It is none of these."""


def need(condition):
    """Something that a message has to be."""
    if not condition:
        raise Other


def number(data):
    """A number as the network writes it."""
    return int.from_bytes(data, "big")


def sound(data):
    """The sum of what holds its own checksum."""
    return frames.checksum(data) == 0


class Frame:
    """A frame that could be one."""

    def __init__(self, data):
        need(len(data) <= LONGEST)
        self.data = data
        # No bridge takes a frame from a group's address.
        self.dest, self.sender = data[:6], data[6:12]
        self.type = number(data[12:14])
        self.rest = data[14:]

    def upto(self, size):
        """What there is up to the end of the message; a short frame is padded."""
        need(len(self.rest) >= size)
        need(len(self.rest) == size or len(self.data) <= 64)
        return self.rest[:size]


def is_host4(address):
    """An address that one host has."""
    return 0 < address[0] < 224


def is_host6(address):
    """An address that one host has."""
    return any(address) and address[0] != 0xFF


def goes_to(frame, address):
    """To a group by its own Ethernet address, to one host by one of a host's."""
    if len(address) == 16 and address[0] == 0xFF:
        return frame.dest == frames.group_mac(address)
    return not frame.dest[0] & 1


def resolution4(frame, reverse):
    """RFC 826, RFC 903"""
    data = frame.upto(28)
    need(data[:6] == b"\0\1\x08\0\6\4")
    oper = number(data[6:8])
    need(oper in ((3, 4) if reverse else (1, 2)))
    need(data[8:14] == frame.sender)
    return "address-resolution"


class Packet6:
    """An IPv6 packet of a message."""

    def __init__(self, frame):
        need(len(frame.rest) >= 40 and frame.rest[0] >> 4 == 6)
        size = number(frame.rest[4:6])
        data = frame.upto(40 + size)
        self.frame, self.body = frame, data[40:]
        self.next, self.hops = data[6], data[7]
        self.source, self.dest = data[8:24], data[24:40]

    def sums(self, protocol, body):
        """Is the checksum of it right?"""
        # pylint: disable=protected-access
        return sound(frames._pseudo6(self.source, self.dest, protocol, body))

    def link_local(self):
        """From an address of the link."""
        return self.source[:2] >= b"\xfe\x80" and self.source[:2] < b"\xfe\xc0"


def options6(data):
    """Options of neighbour discovery: whole ones to the end."""
    while data:
        need(len(data) >= 2 and data[1] and len(data) >= 8 * data[1])
        yield data[0], data[:8 * data[1]]
        data = data[8 * data[1]:]


def discovery(packet):
    """RFC 4861"""
    body = packet.body
    need(packet.hops == 255 and len(body) >= 8 and body[1] == 0)
    need(packet.sums(58, body))
    kind = {133: solicitation_of_router, 134: advertisement_of_router,
            135: solicitation, 136: advertisement}.get(body[0])
    need(kind)
    return kind(packet, body)


def link_address(packet, found, wanted, most=1):
    """Options: no other than the one wanted, with the frame's own address; a
    nonce in a question (RFC 7527)."""
    kinds = []
    for kind, option in found:
        need(kind == wanted or (kind == 14 and wanted == 1))
        need(kind != wanted or own_address(packet, option))
        kinds.append(kind)
    need(kinds.count(wanted) <= most and kinds.count(14) <= 1)


def own_address(packet, option):
    """Whether an option tells the link-layer address that the frame is from."""
    return len(option) == 8 and option[2:8] == packet.frame.sender


def solicitation(packet, body):
    """RFC 4861, 7.1.1"""
    need(len(body) >= 24)
    target = body[8:24]
    need(target[0] != 0xFF)
    if packet.source == NOWHERE6:
        need(packet.dest[:13] == frames.solicited(target)[:13])
        link_address(packet, options6(body[24:]), 1, 0)
    else:
        need(is_host6(packet.source))
        link_address(packet, options6(body[24:]), 1)
    return "address-resolution"


def advertisement(packet, body):
    """RFC 4861, 7.1.2"""
    need(len(body) >= 24)
    need(body[8] != 0xFF and is_host6(packet.source))
    need(packet.dest[0] != 0xFF or not body[4] & 0x40)
    link_address(packet, options6(body[24:]), 2)
    return "address-resolution"


def solicitation_of_router(packet, body):
    """RFC 4861, 6.1.1"""
    nowhere = packet.source == NOWHERE6
    need(nowhere or is_host6(packet.source))
    link_address(packet, options6(body[8:]), 1, 0 if nowhere else 1)
    need(packet.dest == ALL_ROUTERS or is_host6(packet.dest))
    need(goes_to(packet.frame, packet.dest))
    return "router-solicitation"


def advertisement_of_router(packet, body):
    """RFC 4861, 6.1.2"""
    need(len(body) >= 16 and packet.link_local())
    for kind, option in options6(body[16:]):
        need(kind not in (2, 4))
        need(kind != 1 or own_address(packet, option))
        need(len(option) == {3: 32, 5: 8}.get(kind, len(option)))
    need(packet.dest == ALL_NODES or is_host6(packet.dest))
    need(goes_to(packet.frame, packet.dest))
    return "router-advertisement"


def query6(packet):
    """RFC 2710, RFC 3810: behind a Hop-by-Hop header with router alert."""
    body = packet.body
    need(packet.hops == 1 and packet.link_local())
    need(body[:2] == b"\x3a\0" and body[2:8] in ALERTS)
    body = body[8:]
    need(len(body) >= 24 and body[0] == 130 and body[1] == 0)
    need(packet.sums(58, body))
    asked = body[8:24]
    if len(body) > 24:
        need(len(body) >= 28)
        need(len(body) == 28 + 16 * number(body[26:28]))
    need(packet.dest in (asked, ALL_NODES) and packet.dest[0] == 0xFF)
    need(goes_to(packet.frame, packet.dest))
    return "query"


class Packet4:
    """An IPv4 packet of a message."""

    def __init__(self, frame):
        data = frame.rest
        need(len(data) >= 20 and data[0] >> 4 == 4)
        size = 4 * (data[0] & 15)
        need(size >= 20)
        data = frame.upto(number(data[2:4]))
        need(len(data) >= size and sound(data[:size]))
        need(not number(data[6:8]) & 0x3FFF)
        self.frame, self.body, self.options = frame, data[size:], data[20:size]
        self.ttl, self.protocol = data[8], data[9]
        self.source, self.dest = data[12:16], data[16:20]

    def sums(self, protocol, body):
        """Is the checksum of it right?"""
        return sound(self.source + self.dest + bytes([0, protocol]) +
                     len(body).to_bytes(2, "big") + body)


def query4(packet):
    """RFC 1112, 2236, 3376"""
    body = packet.body
    need(packet.ttl == 1 and packet.options in (b"", b"\x94\4\0\0"))
    need(len(body) >= 8 and body[0] == 0x11 and sound(body))
    if len(body) > 8:
        need(len(body) >= 12)
        need(len(body) == 12 + 4 * number(body[10:12]))
    need(packet.dest in (body[4:8], ALL_HOSTS) and packet.dest[0] >> 4 == 14)
    need(packet.frame.dest == frames.group_mac(packet.dest))
    return "query"


def datagram(packet, body):
    """UDP: ports, and what it carries."""
    need(len(body) >= 8 and number(body[4:6]) == len(body))
    if number(body[6:8]):
        need(packet.sums(17, body))
    else:
        need(len(packet.dest) == 4)
    return (number(body[:2]), number(body[2:4])), body[8:]


def dhcp(packet, ports, body):
    """RFC 2131: what clients and servers of one link send."""
    need(not packet.options)
    need(len(body) >= 240 and body[1:3] == b"\1\6")
    need(body[236:240] == b"\x63\x82\x53\x63")
    asks = ports == (68, 67)
    need(body[0] == (1 if asks else 2))
    client, relay = body[28:34], body[24:28]
    kinds, relayed = dhcp_options(body[240:])
    need(len(kinds) == 1)
    everybody = packet.dest == b"\xff" * 4
    if not asks:
        need(kinds[0] in (2, 5, 6) and is_host4(packet.source))
        need(everybody or is_host4(packet.dest))
        need(packet.frame.dest in (BROADCAST, client))
        need(packet.frame.dest == BROADCAST or not packet.frame.dest[0] & 1)
        return "dhcp-reply"
    need(kinds[0] in (1, 3, 4, 7, 8))
    need(not relayed and not body[3] and not any(relay))
    need(client == packet.frame.sender)
    if everybody:
        need(packet.source == NOWHERE4 or is_host4(packet.source))
    else:
        need(is_host4(packet.dest) and is_host4(packet.source))
        need(not packet.frame.dest[0] & 1)
    return "dhcp-request"


def dhcp_options(data):
    """Message types, and whether a relay was here; zeros behind the end."""
    kinds, relayed = [], False
    while data and data[0] != 255:
        if not data[0]:
            data = data[1:]
            continue
        need(len(data) >= 2 and len(data) >= 2 + data[1])
        if data[0] == 53:
            need(data[1] == 1)
            kinds.append(data[2])
        relayed |= data[0] == 82
        data = data[2 + data[1]:]
    need(data and not any(data[1:]))
    return kinds, relayed


def dhcpv6(packet, ports, body):
    """RFC 8415"""
    need(len(body) >= 4)
    found, data = set(), body[4:]
    while data:
        size = number(data[2:4])
        need(len(data) >= 4 + size)
        found.add(number(data[:2]))
        data = data[4 + size:]
    if ports == (547, 546):
        need(body[0] in (2, 7, 10) and 2 in found)
        need(is_host6(packet.source) and is_host6(packet.dest))
        need(not packet.frame.dest[0] & 1)
        return "dhcpv6-reply"
    need(body[0] in (1, 3, 4, 5, 6, 8, 9, 11))
    need(1 in found or body[0] == 11)
    if packet.dest == DHCP_SERVERS:
        need(packet.link_local() and goes_to(packet.frame, packet.dest))
    else:
        need(body[0] in (3, 5, 8, 9))
        need(is_host6(packet.source) and is_host6(packet.dest))
        need(not packet.frame.dest[0] & 1)
    return "dhcpv6-request"


def dns_name(body, at):
    """Where a name ends; pointers go back."""
    start = at
    while True:
        need(at < len(body))
        size = body[at]
        if size >= 0xC0:
            need(at + 1 < len(body))
            need(number(body[at:at + 2]) & 0x3FFF < start)
            return at + 2
        need(size < 0x40)
        at += 1 + size
        if not size:
            return at


def mdns(packet, body):
    """RFC 6762: from port 5353 to port 5353."""
    need(len(body) >= 12)
    flags = number(body[2:4])
    need(not flags & ~0x8600)
    counts = [number(body[4 + 2 * i:6 + 2 * i]) for i in range(4)]
    answer = bool(flags & 0x8000)
    need(not counts[0] if answer else True)
    need(counts[0] or counts[1])
    at = 12
    for turn in range(sum(counts)):
        at = dns_name(body, at)
        if turn < counts[0]:
            at += 4
        else:
            need(at + 10 <= len(body))
            at += 10 + number(body[at + 8:at + 10])
        need(at <= len(body))
    need(at == len(body))
    six = len(packet.dest) == 16
    need(is_host6(packet.source) if six else is_host4(packet.source))
    if packet.dest in (MDNS6, MDNS4):
        need(packet.frame.dest == frames.group_mac(packet.dest))
        return "mdns"
    need(answer and not packet.frame.dest[0] & 1)
    need((packet.hops if six else packet.ttl) == 255)
    need(is_host6(packet.dest) if six else is_host4(packet.dest))
    return "mdns"


def packet6(frame):
    """What an IPv6 packet is."""
    packet = Packet6(frame)
    if packet.next == 58:
        return discovery(packet)
    if packet.next == 0:
        return query6(packet)
    need(packet.next == 17)
    ports, body = datagram(packet, packet.body)
    if ports == (5353, 5353):
        return mdns(packet, body)
    need(ports in ((546, 547), (547, 546)))
    return dhcpv6(packet, ports, body)


def packet4(frame):
    """What an IPv4 packet is."""
    packet = Packet4(frame)
    if packet.protocol == 2:
        return query4(packet)
    need(packet.protocol == 17 and not packet.options)
    ports, body = datagram(packet, packet.body)
    if ports == (5353, 5353):
        return mdns(packet, body)
    need(ports in ((68, 67), (67, 68)))
    return dhcp(packet, ports, body)


def kind_of(data):
    """The name of its kind; "other"."""
    try:
        frame = Frame(data)
        if frame.type == 0x0806:
            return resolution4(frame, False)
        if frame.type == 0x8035:
            return resolution4(frame, True)
        need(frame.type in (0x0800, 0x86DD))
        return packet4(frame) if frame.type == 0x0800 else packet6(frame)
    except Other:
        return "other"
