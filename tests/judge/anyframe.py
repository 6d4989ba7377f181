# SPDX-License-Identifier: GPL-2.0
"""Any frame: {tags and wrappings} x {what is inside} x {extension headers,
fragments, options, padding, truncation}.
"""

import struct

import fields

WRAPPINGS = sorted(fields.TUNNELS)
PLAIN = (0x0806, 0x8035, 0x8863, 0x88CC, 0x888E, 0x8809, 0x0600)
TAGS = (0x8100, 0x8100, 0x8100, 0x88A8, 0x9100, 0x9200, 0x9300)
PROTOCOLS = (6, 6, 6, 17, 17, 17, 1, 58, 2, 132, 33, 136, 47, 4, 41, 50, 59,
             103, 135, 139, 140, 255)


class Maker:
    """Makes frames of what a random generator says."""

    def __init__(self, rnd):
        self.rnd = rnd

    def rarely(self, times):
        """True once in so many times."""
        return not self.rnd.randrange(times)

    def near(self, value, top):
        """A value, or now and then one beside it."""
        if not self.rarely(25):
            return value
        if self.rarely(2):
            return self.rnd.randint(0, self.rnd.choice((top, min(top, 30))))
        return min(max(0, value + self.rnd.randint(-9, 9)), top)

    def noise(self, least, most):
        """So many bytes."""
        return self.rnd.randbytes(self.rnd.randint(least, most))

    def port(self):
        """A port, in most cases one that rules name."""
        return self.rnd.choice((22, 53, 67, 80, 443, 5353,
                                self.rnd.randrange(0x10000)))

    def transport(self, protocol):
        """Something of this protocol."""
        data = self.noise(0, 40)
        ports = struct.pack(">HH", self.port(), self.port())
        if protocol == 6:
            words = self.near(self.rnd.choice((5, 5, 8)), 15)
            body = (ports + self.noise(8, 8) +
                    bytes([words << 4, self.rnd.randrange(256)]) +
                    self.noise(6, 6) + bytes(max(0, 4 * words - 20)) + data)
        elif protocol in (17, 136):
            size = 8 + len(data)
            if protocol == 136:
                size = self.rnd.choice((0, 8, size))
            body = ports + struct.pack(">HH", self.near(size, 65535), 0) + data
        elif protocol == 33:
            body = (ports + bytes([self.near(self.rnd.choice((3, 4)), 255)]) +
                    self.noise(3, 3) +
                    self.noise(8, 8) + data)
        elif protocol in (1, 58):
            body = bytes([self.rnd.choice((0, 3, 8, 133, 134, 135, 136, 137)),
                          self.rnd.randrange(4)]) + self.noise(6, 30)
        else:
            body = self.noise(0, 60)
        if self.rarely(12):
            body = body[:self.rnd.randint(0, len(body))]
        return body

    def fragment(self, unit, more):
        """Where a fragment is, and whether more of them follow."""
        if not self.rarely(4):
            return 0
        offset = self.rnd.choice((0, 0, unit, 2 * unit, 0x1000 * unit))
        return offset | (0 if self.rarely(3) else more)

    def authentication(self, following):
        """AH"""
        words = self.near(self.rnd.choice((2, 4)), 255)
        return bytes([following, words]) + self.noise(2, 2) + self.noise(
            4 * min(words, 8) + 4, 4 * min(words, 8) + 4)

    def options4(self):
        """Options of IPv4, a multiple of four bytes."""
        data = b""
        while len(data) < 36 and not self.rarely(3):
            kind = self.rnd.choice((1, 7, 68, 131, 137, 148, 148))
            body = b"" if kind == 1 else self.noise(0, 6)
            data += bytes([kind])
            if kind != 1:
                data += bytes([self.near(2 + len(body), 255)]) + body
        data = data[:40]
        return data + bytes(-len(data) % 4)

    def ip4(self):
        """An IPv4 packet."""
        protocol = self.rnd.choice(PROTOCOLS)
        options = self.options4() if self.rarely(4) else b""
        body = self.transport(protocol)
        for _ in range(self.rnd.randint(1, 2) if self.rarely(8) else 0):
            body = self.authentication(protocol) + body
            protocol = 51
        word = self.fragment(1, 0x2000) | (0x4000 if self.rarely(3) else 0)
        words = self.near(5 + len(options) // 4, 15)
        version = 6 if self.rarely(25) else 4
        total = self.near(20 + len(options) + len(body), 65535)
        return struct.pack(">BBHHHBBH", version << 4 | words, 0, total,
                           self.rnd.randrange(65536), word, 64, protocol,
                           0) + self.noise(8, 8) + options + body

    def options6(self, following):
        """Hop-by-Hop or destination options."""
        data = b""
        while not self.rarely(3):
            if self.rarely(4):
                data += b"\0"
                continue
            body = self.noise(0, 18)
            kind = self.rnd.choice((1, 1, 1, 4, 5, 38, 0xC2, 0xC9))
            data += bytes([kind, self.near(len(body), 255)]) + body
        data += bytes(-(len(data) + 2) % 8)
        return bytes([following, self.near(len(data) // 8, 255)]) + data

    def extension(self, kind, following):
        """One extension header."""
        if kind == 44:
            return struct.pack(">BBHI", following, 0, self.fragment(8, 1), 7)
        if kind == 43:
            return (bytes([following, self.near(2, 255),
                           self.rnd.choice((0, 2, 3, 4)),
                           int(self.rarely(3))]) + self.noise(20, 20))
        if kind == 51:
            return self.authentication(following)
        return self.options6(following)

    def ip6(self):
        """An IPv6 packet."""
        protocol = self.rnd.choice(PROTOCOLS)
        body = self.transport(protocol)
        chain = []
        if self.rarely(2):
            chain = self.rnd.choices((43, 44, 44, 51, 60, 60),
                                     k=self.rnd.choice((1, 1, 2, 3, 8, 9)))
            if self.rarely(3):
                chain.insert(self.rnd.randrange(2), 0)
        for kind in reversed(chain):
            body = self.extension(kind, protocol) + body
            protocol = kind
        if self.rarely(30):
            body = b""
        version = 4 if self.rarely(25) else 6
        return struct.pack(">IHBB", version << 28, self.near(len(body), 65535),
                           protocol, 64) + self.noise(32, 32) + body

    def inside(self):
        """A type, and what is behind it."""
        return self.rnd.choice((
            lambda: (0x0800, self.ip4()), lambda: (0x0800, self.ip4()),
            lambda: (0x86DD, self.ip6()), lambda: (0x86DD, self.ip6()),
            lambda: (self.rnd.choice(PLAIN), self.noise(0, 60)),
            lambda: (self.rnd.choice(WRAPPINGS), self.noise(2, 8) + self.ip4()),
        ))()

    def logical_link(self, kind, body):
        """802.3, in most cases with SNAP."""
        choice = self.rnd.randrange(8)
        if choice < 5:
            organization = self.rnd.choice((b"\0\0\0", b"\0\0\0", b"\0\0\xf8",
                                            b"\0\x80\xc2", b"\0\0\x0c"))
            if self.rarely(12):
                kind = self.rnd.choice((0x8100, 0x88A8, 46))
            body = (bytes([self.near(0xAA, 255), self.near(0xAA, 255),
                           self.near(3, 255)]) + organization +
                    struct.pack(">H", kind) + body)
        else:
            sap = self.rnd.choice((0x42, 0xE0, 0xFF, 0x06, 0x98, 0xAB, 0xFE))
            body = bytes([sap, sap, 3]) + body
        size = self.near(len(body), 0x5FF) % 0x600
        return struct.pack(">H", size) + body

    def frame(self):
        """A frame, and how many of its bytes can be read."""
        tags = b""
        for _ in range(self.rnd.choice((0, 0, 0, 1, 1, 2, 3, 4, 5))):
            tags += struct.pack(">HH", self.rnd.choice(TAGS), self.rnd.choice(
                (0, 0xE000, self.rnd.randrange(65536))))
        kind, body = self.inside()
        if self.rarely(6):
            body = self.logical_link(kind, body)
        else:
            body = struct.pack(">H", kind) + body
        data = self.noise(12, 12) + tags + body
        if not self.rarely(3):
            data += bytes(max(0, 60 - len(data)))
        if self.rarely(6):
            data += self.noise(0, 80)
        if self.rarely(12):
            data = data[:self.rnd.randint(0, len(data))]
        readable = len(data)
        if self.rarely(8):
            readable = self.rnd.randint(0, len(data))
        return data, readable
