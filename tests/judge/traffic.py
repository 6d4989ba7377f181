# SPDX-License-Identifier: GPL-2.0
"""Frames by chance, for the ends of a scene: {tags and wrappings} x {kinds} x
{extension headers, fragments, options, padding, truncation} x {where to} x {how
they lie in memory}.
"""

import collections
import struct

import anyframe
import frames
import scene
from policies import PORTS

# How a frame lies in the skb: bytes in its head, of each fragment; and what the
# device is to cut it into.
Cue = collections.namedtuple("Cue", "end frame linear piece gso")
NO_GSO = b"\0" * 10
VIRTIO_NEEDS_CSUM, VIRTIO_TCP4, VIRTIO_TCP6 = 1, 1, 4

IP4 = ("udp", "tcp", "icmp")
IP6 = ("udp6", "echo6")
CONTROL = ("arp", "arp", "rarp", "ns", "na", "ra", "rs", "igmp", "mld", "stp",
           "dhcp", "dhcp6", "mdns", "mdns6", "llc", "raw", "raw")
TAGS = ("0", "1", "10", "10", "20", "20", "30", "0p5", "10p3", "ad.10", "10,20",
        "0,0", "ad.10,q.20", "q9100.10", "1,2,3", "1,2,3,4", "1,2,3,4,5,6",
        "0,10")
GROUPS = ("01:80:c2:00:00:00", "01:80:c2:00:00:01", "01:80:c2:00:00:02",
          "01:80:c2:00:00:03", "01:80:c2:00:00:08", "01:80:c2:00:00:0e",
          "01:80:c2:00:00:20", "01:00:0c:cc:cc:cc", "01:00:0c:cc:cc:cd",
          "01:00:5e:00:00:01", "33:33:00:00:00:01", "01:00:5e:7f:00:01")
PIECES = (1, 2, 3, 7, 14, 16, 20, 33, 64)


class Maker:
    """Makes frames of what a random generator says."""

    def __init__(self, rnd, number):
        self.rnd, self.number = rnd, number
        self.any = anyframe.Maker(rnd)

    def rarely(self, times):
        """True once in so many times."""
        return not self.rnd.randrange(times)

    def address(self, bridge, version):
        """Addresses that rules and guards name, and others."""
        end = self.rnd.choice(scene.of_bridge(bridge)).who
        if version == 4:
            return self.rnd.choice((
                frames.socket.inet_ntop(2, end.ip4), "10.0.0.4", "10.0.9.9",
                "192.0.2.1", "0.0.0.0", "255.255.255.255"))
        return self.rnd.choice((
            frames.socket.inet_ntop(10, end.ip6), "fd00::4", "2001:db8::1",
            f"fe80::ff:fe00:{end.number:x}", "fe80::77", "::",
            f"::a00:{end.number:x}", "ff02::1"))

    def words_ip(self, kind, bridge, words):
        """Ports, addresses, fragments, options."""
        version = 6 if kind.endswith("6") else 4
        if kind in ("udp", "udp6", "tcp") and not self.rarely(4):
            words.append(f"dport={self.rnd.choice(PORTS)}")
        if kind in ("udp", "udp6", "tcp") and self.rarely(3):
            words.append(f"sport={self.rnd.choice(PORTS)}")
        if kind == "tcp":
            words.append(f"tcpflags={self.rnd.choice((2, 18, 16, 24, 4, 1, 0))}")
        if kind in ("icmp", "echo6") and self.rarely(2):
            words.append(f"icmptype={self.rnd.choice((0, 3, 5, 9, 128, 129))}")
        for key in ("sip", "dip"):
            if self.rarely(5):
                words.append(f"{key}={self.address(bridge, version)}")
        if version == 4:
            if self.rarely(6):
                words.append("options=" + self.rnd.choice(
                    ("94040000", "01010101", "83070400000000000000"[:16],
                     "0000", "44040000"))[:8].ljust(8, "0"))
            if self.rarely(6):
                frag = self.rnd.choice((0x2000, 1, 185, 0x2001, 0x4000))
                words.append(f"frag={frag}")
            if self.rarely(15):
                words.append(f"proto={self.rnd.choice((4, 47, 2, 103, 132))}")
        elif self.rarely(3):
            words.append("ext=" + ",".join(self.rnd.choices(
                ("hbh", "dst", "route", "frag", "first"),
                k=self.rnd.choice((1, 1, 2, 3, 9)))))

    def words_control(self, kind, bridge, words):
        """What resolution and services could have wrong."""
        choice = self.rnd.choice
        if self.rarely(2):
            return
        mac = choice(scene.of_bridge(bridge)).who.mac.hex(":")
        if kind in ("arp", "rarp"):
            words.append(choice((
                f"op={choice((1, 2, 3, 4))}", f"sha={mac}", f"tha={mac}",
                f"spa={self.address(bridge, 4)}", "spa=0.0.0.0",
                f"tpa={self.address(bridge, 4)}", "hrd=6", "pln=16",
                "extra=0000", "pad=0")))
        elif kind in ("ns", "na"):
            words.append(choice((
                f"target={self.address(bridge, 6)}", f"lladdr={mac}",
                f"sip={self.address(bridge, 6)}", "sip=::", "hops=64",
                f"dip={self.address(bridge, 6)}", "code=1", "badsum=1",
                "extra=0101020000000001", "extra=0e01000000000000",
                "extra=00", "ext=frag", "ext=hbh")))
        elif kind in ("ra", "rs"):
            words.append(choice((
                f"sip={self.address(bridge, 6)}",
                f"dip={self.address(bridge, 6)}", "extra=0101" + mac.replace(":", ""),
                "extra=" + "".join(self.option() for _ in range(
                    choice((1, 1, 2, 3)))))))
            if kind == "ra" and self.rarely(3):
                words.append(f"lladdr={mac}")
        elif kind in ("dhcp6", "mdns6"):
            words.append(f"sip={self.address(bridge, 6)}")
        elif kind == "igmp":
            words.append(choice(("igmptype=0x16", "igmptype=0x13", "ttl=2",
                                 "group=239.0.0.1", "sources=2", "badsum=1",
                                 "claim=3")))
        elif kind == "mld":
            words.append(choice(("mldtype=131", "mldtype=143", "badsum=1",
                                 "group=ff02::77", "sources=1",
                                 f"sip={self.address(bridge, 6)}")))
        elif kind in ("dhcp", "dhcp6"):
            words.append(choice(("op=2", "op=2", "op=2", "op=2")))
        elif kind in ("mdns",):
            words.append(choice(("answer=1", "ttl=1",
                                 f"dip={self.address(bridge, 4)}")))
        elif kind == "llc":
            words.append(choice(("lying=4", "snap=0x86dd", "lying=1500")))
        elif kind == "raw":
            words.append(f"type={choice((0x88B6, 0x88CC, 0x888E, 0x8864))}")
        if kind == "igmp" and words[-1] == "claim=3":
            words.append("sources=2")

    def option(self):
        """An option of neighbour discovery, in hex, most of them with a length
        that fits."""
        kind = self.rnd.choice((1, 2, 3, 3, 4, 5, 5, 14, 14, 24, 25, 31))
        units = {3: 4, 24: 2, 25: 3}.get(kind, 1)
        if self.rarely(6):
            units = self.rnd.choice((0, 1, 2, 5))
        data = bytes([kind, units]) + self.rnd.randbytes(8 * max(units, 1) - 2)
        return data.hex()

    def by_words(self, end, whom):
        """A frame of a kind."""
        words = []
        kind = self.rnd.choice(self.rnd.choice((IP4, IP4, IP6, CONTROL,
                                                CONTROL)))
        if kind in IP4 + IP6:
            self.words_ip(kind, end.bridge, words)
        else:
            self.words_control(kind, end.bridge, words)
        if end.vlans and not end.host and self.rarely(2):
            words.append(f"vlan={self.rnd.choice((1, 10, 20, 30))}")
        elif self.rarely(5):
            words.append(f"vlan={self.rnd.choice(TAGS)}")
        if self.rarely(12):
            words.append(self.rnd.choice(("insnap=1", "pppoe=1", "mpls=1")))
        if self.rarely(10) and kind not in ("igmp", "stp"):
            words.append(f"len={self.rnd.choice((100, 300, 1000, 1514, 6000))}")
        dest = whom.who.mac
        if kind not in IP4 + IP6 and not self.rarely(3):
            dest = None
        return frames.build(kind, end.who, whom.who, dest, words, self.number)

    def destination(self, end):
        """Where a frame goes."""
        choice = self.rnd.randrange(16)
        if choice == 0:
            return frames.BROADCAST
        if choice == 1:
            return frames.mac(self.rnd.choice(GROUPS))
        if choice == 2:
            return b"\2\0\0\0\xff" + bytes([self.rnd.randrange(256)])
        if choice == 3:
            # One that a guest may have besides its own.
            return b"\2\0\0\0\x77" + self.whom(end).who.mac[5:]
        return None

    def whom(self, end):
        """One of the others."""
        return self.rnd.choice([one for one in scene.of_bridge(end.bridge)
                                if one is not end])

    def mutate(self, frame):
        """Other bytes, fewer, or more."""
        choice = self.rnd.randrange(4)
        if choice == 0:
            return frame[:self.rnd.randint(14, max(14, len(frame)))]
        if choice == 1:
            return frame + self.rnd.choice((bytes(4), b"\xff", bytes(40)))
        at = self.rnd.randrange(12, len(frame))
        byte = self.rnd.choice((frame[at] ^ 1 << self.rnd.randrange(8), 0, 255))
        return frame[:at] + bytes([byte]) + frame[at + 1:]

    def segments(self, end, whom):
        """A TCP packet that its device is to cut."""
        six = self.rarely(2)
        body = self.rnd.randbytes(self.rnd.choice((3000, 5000, 20000)))
        head = struct.pack("!HHIIBBHHH", self.rnd.choice(PORTS),
                           self.rnd.choice(PORTS), 1, 0, 0x50, 16, 1024, 0, 0)
        size = 20 + len(body)
        if six:
            packet = struct.pack("!IHBB", 6 << 28, size, 6, 64) + (
                end.who.ip6 + whom.who.ip6)
        else:
            packet = struct.pack("!BBHHHBBH", 0x45, 0, 20 + size, 1, 0, 64, 6,
                                 0) + end.who.ip4 + whom.who.ip4
            total = frames.checksum(packet)
            packet = packet[:10] + struct.pack("!H", total) + packet[12:]
        frame = (whom.who.mac + end.who.mac +
                 (b"\x86\xdd" if six else b"\x08\0") + packet + head + body)
        start = 14 + len(packet)
        gso = struct.pack("=BBHHHH", VIRTIO_NEEDS_CSUM,
                          VIRTIO_TCP6 if six else VIRTIO_TCP4, start + 20,
                          1000, start, 16)
        return Cue(end, frame, start + 20, 0, gso)

    def cue(self, end):
        """A frame, and how it is to lie."""
        whom = self.whom(end)
        if not end.host and not end.number & 1 and not end.vlans and (
                self.rarely(25)):
            return self.segments(end, whom)
        if self.rarely(4):
            frame, _ = self.any.frame()
            frame = whom.who.mac + end.who.mac + frame[12:]
            frame = frame.ljust(14, b"\0")
        else:
            frame = self.by_words(end, whom)
            if self.rarely(12):
                frame = self.mutate(frame)
        dest = self.destination(end)
        if dest:
            frame = dest + frame[6:]
        if self.rarely(25):
            frame = frame[:6] + self.rnd.choice((
                whom.who.mac, b"\2\0\0\0\x77" + end.who.mac[5:],
                self.rnd.randbytes(6))) + frame[12:]
        linear = self.rnd.choice((14, 14, 15, 18, 34, 40, 54, 60, 0))
        if len(frame) > 4096:
            linear = self.rnd.choice((14, 60, 0))
        return Cue(end, frame, min(linear, len(frame)),
                   self.rnd.choice(PIECES), NO_GSO)


def header(number, end, length, linear=0, piece=0, gso=NO_GSO):
    """struct cue of the player."""
    return struct.pack("=IIHHH10s", number, length, end, linear, piece, gso)


def record(number, cue):
    """As the player reads it."""
    return header(number, cue.end.index, len(cue.frame), cue.linear, cue.piece,
                  cue.gso) + cue.frame
