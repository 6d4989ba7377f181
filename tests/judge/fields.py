# SPDX-License-Identifier: GPL-2.0
"""What a frame says of itself, by the RFCs and the comments of kmod/frame.h.

describe() returns a dictionary.  A field that can't be told is None; one that
the frame doesn't have isn't in it.
"""

IP_FIELDS = ("protocol", "sport", "dport", "icmp", "source", "destination",
             "tcp_flags", "fragment")
TAGS = {0x8100, 0x88A8, 0x9100, 0x9200, 0x9300}
TUNNELS = {
    0x22EB, 0x22F3, 0x4305, 0x6558, 0x8847, 0x8848, 0x8864, 0x8874, 0x8899,
    0x88BE, 0x88E5, 0x88E7, 0x88FB, 0x8903, 0x8909, 0x890D, 0x8926, 0x892F,
    0x893B, 0x893F, 0x894F, 0xA0ED, 0xDADA, 0xDADB, 0xE001, 0xF1C1,
}
READABLE, MAX_TAGS, MAX_EXTENSIONS = 256, 4, 8
WHOLE, FIRST, LATER = range(3)
HOPBYHOP, ROUTING, FRAGMENT, AUTHENTICATION, OPTIONS = 0, 43, 44, 51, 60
TCP, UDP, DCCP, SCTP, UDPLITE = 6, 17, 33, 132, 136
HEADER = {TCP: 20, UDP: 8, DCCP: 12, SCTP: 12, UDPLITE: 8, 1: 8, 58: 8}


class Doubt(Exception):
    """Something can't be told."""


class Part:
    """Bytes of a frame from here to there, of which some can be read."""

    def __init__(self, data, start, end):
        self.data, self.start, self.end = data, start, end

    def __len__(self):
        return self.end - self.start

    def take(self, size):
        """The next bytes, and what is behind them."""
        if size > len(self) or self.start + size > len(self.data):
            raise Doubt
        head = self.data[self.start:self.start + size]
        return head, Part(self.data, self.start + size, self.end)

    def first(self, size):
        """Its beginning alone."""
        if size > len(self):
            raise Doubt
        return Part(self.data, self.start, self.start + size)


def number(data):
    """A number as the network writes it."""
    return int.from_bytes(data, "big")


def link(part, length):
    """The type, what is behind it, and whether that is opaque."""
    _, part = part.take(12)
    tags = 0
    while True:
        head, part = part.take(2)
        kind = number(head)
        if kind not in TAGS:
            break
        tags += 1
        if tags > MAX_TAGS:
            raise Doubt
        _, part = part.take(2)
    if kind >= 0x600:
        return kind, part, kind in TUNNELS
    padded = length <= 64 + 4 * tags
    if not 3 <= kind <= 1500 or (kind != len(part) and not padded):
        raise Doubt
    return logical_link(part.first(kind))


def logical_link(part):
    """802.2: SNAP with a type, or something that has but a length."""
    head, _ = part.take(3)
    addresses = {head[0] & 0xFE, head[1] & 0xFE}
    if addresses & {0x06, 0x98}:
        raise Doubt
    if 0xAA not in addresses:
        return len(part), part, False
    if head != b"\xaa\xaa\x03":
        raise Doubt
    head, inside = part.take(8)
    organization, kind = head[3:6], number(head[6:])
    if organization not in (b"\0\0\0", b"\0\0\xf8"):
        return len(part), part, organization == b"\0\x80\xc2"
    if kind < 0x600 or kind in TAGS:
        raise Doubt
    return kind, inside, kind in TUNNELS


def options4(data):
    """RFC 791: the options of a header."""
    while data and data[0]:
        if data[0] == 1:
            data = data[1:]
            continue
        if len(data) < 2 or not 2 <= data[1] <= len(data):
            raise Doubt
        yield data[0]
        data = data[data[1]:]


def options6(data):
    """RFC 8200, 4.2: the options of an extension header."""
    while data:
        if not data[0]:
            data = data[1:]
            continue
        if len(data) < 2 or len(data) < 2 + data[1]:
            raise Doubt
        yield data[0]
        data = data[2 + data[1]:]


class Packet:
    """An IP packet on the way to what it carries."""

    def __init__(self, version, part, protocol):
        self.version, self.part, self.protocol = version, part, protocol
        self.fragment = WHOLE
        self.doubtful = set()

    def cut(self, offset, more):
        """A fragment: receivers keep eights of bytes."""
        if offset:
            self.fragment = LATER
        elif more:
            self.fragment = FIRST
            self.part = self.part.first(len(self.part) // 8 * 8)

    def extends(self):
        """Is what comes next an extension header?"""
        if self.version == 4:
            return self.protocol == AUTHENTICATION
        return self.protocol in (HOPBYHOP, ROUTING, FRAGMENT, AUTHENTICATION,
                                 OPTIONS, 139, 140)

    def header(self):
        """Take one."""
        kind = self.protocol
        head, _ = self.part.take(8)
        if kind == AUTHENTICATION:
            size = 4 * head[1] + 8
            if not head[1] or (self.version == 6 and size % 8):
                raise Doubt
        elif kind == FRAGMENT:
            size = 8
        elif kind in (HOPBYHOP, ROUTING, OPTIONS):
            size = 8 * head[1] + 8
        else:
            raise Doubt
        head, self.part = self.part.take(size)
        self.protocol = head[0]
        if kind == FRAGMENT:
            self.cut(number(head[2:4]) >> 3, head[3] & 1)
        elif kind == ROUTING and head[3]:
            self.doubtful.add("destination")
        elif kind in (HOPBYHOP, OPTIONS):
            kinds = list(options6(head[2:]))
            if 0xC2 in kinds:
                raise Doubt
            if 0xC9 in kinds:
                self.doubtful.add("source")
        return kind

    def chain(self):
        """Take all of them."""
        seen = []
        while self.extends() and self.fragment != LATER:
            if len(seen) == MAX_EXTENSIONS:
                raise Doubt
            if self.protocol == HOPBYHOP and seen:
                raise Doubt
            if self.protocol == FRAGMENT and FRAGMENT in seen:
                raise Doubt
            seen.append(self.header())


def packet4(part):
    """RFC 791"""
    head, _ = part.take(20)
    size, total = 4 * (head[0] & 15), number(head[2:4])
    if head[0] >> 4 != 4 or size < 20 or total < size:
        raise Doubt
    part = part.first(total)
    head, inside = part.take(size)
    packet = Packet(4, inside, head[9])
    if set(options4(head[20:])) & {131, 137}:
        packet.doubtful.add("destination")
    word = number(head[6:8])
    packet.cut(word & 0x1FFF, word & 0x2000)
    packet.chain()
    return packet, number(head[12:16]), number(head[16:20]), part.end


def packet6(part):
    """RFC 8200"""
    head, inside = part.take(40)
    payload = number(head[4:6])
    if head[0] >> 4 != 6 or (not payload and head[6] != 59):
        raise Doubt
    inside = inside.first(payload)
    packet = Packet(6, inside, head[6])
    packet.chain()
    return packet, number(head[8:24]), number(head[24:]), inside.end


def fields_of(packet):
    """Fields that the protocol of a packet has."""
    if packet.protocol == TCP:
        return ("sport", "dport", "tcp_flags")
    if packet.protocol in (UDP, DCCP, SCTP, UDPLITE):
        return ("sport", "dport")
    if packet.protocol == {4: 1, 6: 58}[packet.version]:
        return ("icmp",)
    return ()


def transport(packet):
    """What they are."""
    if packet.fragment == LATER:
        raise Doubt
    kind, part = packet.protocol, packet.part
    head, _ = part.take(HEADER[kind])
    least, size, elsewhere = HEADER[kind], HEADER[kind], False
    if kind == TCP:
        size = 4 * (head[12] >> 4)
    elif kind == DCCP:
        least, size = 16 if head[8] & 1 else 12, 4 * head[4]
    elif kind in (UDP, UDPLITE):
        size = number(head[4:6])
        if kind == UDPLITE and not size:
            size = 8
        elsewhere = packet.fragment == FIRST
    if size < least or (size > len(part) and not elsewhere):
        raise Doubt
    return {"sport": number(head[:2]), "dport": number(head[2:4]),
            "icmp": number(head[:2]), "tcp_flags": head[13:14]}


def describe_packet(part, read):
    """Fields of IP, and where the packet ends."""
    try:
        packet, source, destination, end = read(part)
    except Doubt:
        return dict.fromkeys(IP_FIELDS), {}
    fields = {"source": source, "destination": destination,
              "fragment": packet.fragment}
    fields.update(dict.fromkeys(packet.doubtful))
    places = {"version": packet.version, "end": end}
    if packet.extends():
        fields.update(dict.fromkeys(("protocol", "sport", "dport", "icmp",
                                     "tcp_flags")))
        return fields, places
    fields["protocol"] = packet.protocol
    if packet.fragment != LATER:
        places["transport"] = packet.part.start
    wanted = fields_of(packet)
    if not wanted:
        return fields, places
    try:
        values = transport(packet)
    except Doubt:
        fields.update(dict.fromkeys(wanted))
        return fields, places
    fields.update((name, values[name]) for name in wanted)
    if "tcp_flags" in wanted:
        fields["tcp_flags"] = number(values["tcp_flags"])
    return fields, places


def describe(data, length, vlan):
    """Fields of a frame of which the first bytes are given, and places."""
    fields = {"vlan": vlan}
    data = data[:min(length, READABLE)]
    try:
        kind, part, opaque = link(Part(data, 0, length), length)
    except Doubt:
        fields.update(dict.fromkeys(("ethertype",) + IP_FIELDS))
        return fields, {}
    fields["ethertype"] = kind
    places = {"network": part.start}
    if opaque:
        fields.update(dict.fromkeys(IP_FIELDS))
    elif kind in (0x0800, 0x86DD):
        inside, more = describe_packet(part, packet4 if kind == 0x0800
                                       else packet6)
        fields.update(inside)
        places.update(more)
    return fields, places
