# SPDX-License-Identifier: GPL-2.0
"""Build Ethernet frames from words, and tell what a frame is.

A frame is asked for as KIND KEY=VALUE...; build() knows the addresses of both
ends and fills in what the words leave open.  Every frame carries a number in
its payload (n=...), so that one frame can be told from the next.
"""

import socket
import struct

BROADCAST = b"\xff" * 6
TPID = {"q": 0x8100, "ad": 0x88A8, "q9100": 0x9100}


def mac(text):
    """Bytes of a MAC address."""
    raw = bytes.fromhex(text.replace(":", ""))
    if len(raw) != 6:
        raise ValueError(f"{text}: not a MAC address")
    return raw


def ip4(text):
    return socket.inet_pton(socket.AF_INET, text)


def ip6(text):
    return socket.inet_pton(socket.AF_INET6, text)


def checksum(data):
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def padded(payload, pad):
    """With a padding, where the frame is so short that it could have one."""
    return payload + pad if 14 + len(payload + pad) <= 64 else payload


def solicited(address):
    """Solicited-node multicast address of an IPv6 address."""
    return ip6("ff02::1:ff00:0")[:13] + address[13:]


def group_mac(address):
    """MAC address of an IPv4 or IPv6 group."""
    if len(address) == 4:
        return b"\x01\x00\x5e" + bytes([address[1] & 0x7F]) + address[2:]
    return b"\x33\x33" + address[12:]


class End:
    """Addresses of one end of a frame."""

    def __init__(self, number, hwaddr=None):
        self.number = number
        self.mac = hwaddr or bytes([2, 0, 0, 0, number >> 8, number & 255])
        self.ip4 = bytes([10, 0, number >> 8, number & 255])
        self.ip6 = ip6("fd00::")[:14] + struct.pack("!H", number)


class Words(dict):
    """The KEY=VALUE words of a frame; what nobody asks for is an error."""

    def __init__(self, words):
        super().__init__(word.split("=", 1) for word in words)
        self.used = set()

    def take(self, key, default=None, convert=None):
        self.used.add(key)
        if key not in self:
            return default
        return convert(self[key]) if convert else self[key]

    def number(self, key, default=None):
        return self.take(key, default, lambda text: int(text, 0))

    def finish(self):
        left = set(self) - self.used
        if left:
            raise ValueError(f"unknown words: {' '.join(sorted(left))}")


def _ipv4(words, src, dst, proto, payload):
    options = bytes.fromhex(words.take("options", ""))
    source = words.take("sip", src.ip4, ip4)
    dest = words.take("dip", dst.ip4, ip4)
    header = struct.pack(
        "!BBHHHBBH4s4s", 0x45 + len(options) // 4, 0,
        20 + len(options) + len(payload), words.number("id", 1),
        words.number("frag", 0), words.number("ttl", 64),
        words.number("proto", proto), 0, source, dest) + options
    return 0x0800, (header[:10] + struct.pack("!H", checksum(header)) +
                    header[12:] + payload)


def _pseudo6(source, dest, proto, payload):
    return source + dest + struct.pack("!II", len(payload), proto) + payload


def _ipv6(words, source, dest, proto, payload, hops=64):
    chain = words.take("ext", "")
    for name in reversed(chain.split(",") if chain else []):
        kind = {"hbh": 0, "dst": 60, "route": 43, "frag": 44,
                "first": 44}[name]
        if kind == 44:
            payload = struct.pack("!BBHI", proto, 0, name == "first",
                                  7) + payload
        elif name == "route":
            payload = struct.pack("!BBBBI", proto, 0, 253, 0, 0) + payload
        else:
            payload = struct.pack("!BB", proto, 0) + b"\1\4\0\0\0\0" + payload
        proto = kind
    return 0x86DD, (struct.pack("!IHBB", 6 << 28, len(payload),
                                words.number("proto", proto),
                                words.number("hops", hops)) +
                    source + dest + payload)


def _icmp6(words, source, dest, kind, code, body, hops):
    raw = struct.pack("!BBH", kind, code, 0) + body
    total = checksum(_pseudo6(source, dest, 58, raw))
    if words.number("badsum", 0):
        total ^= 0x5555
    raw = struct.pack("!BBH", kind, code, total) + body
    return _ipv6(words, source, dest, 58, raw, hops)


def _udp(words, src, dst, fill):
    payload = fill
    head = struct.pack("!HHHH", words.number("sport", 1000),
                       words.number("dport", 2000), 8 + len(payload), 0)
    return _ipv4(words, src, dst, 17, head + payload)


def _udp6(words, src, dst, fill):
    source = words.take("sip", src.ip6, ip6)
    dest = words.take("dip", dst.ip6, ip6)
    ports = struct.pack("!HHH", words.number("sport", 1000),
                        words.number("dport", 2000), 8 + len(fill))
    total = checksum(_pseudo6(source, dest, 17, ports + b"\0\0" + fill))
    return _ipv6(words, source, dest, 17,
                 ports + struct.pack("!H", total or 0xFFFF) + fill)


def _segment(words, pseudo, fill):
    """A TCP segment with its checksum: sport, dport, seq, ack, tcpflags;
    badsum for a wrong one, empty for one without data: then the number is
    behind it, as padding."""
    padding = fill if words.number("empty", 0) else b""
    fill = b"" if padding else fill
    raw = struct.pack("!HHIIBBHHH", words.number("sport", 1000),
                      words.number("dport", 2000), words.number("seq", 1),
                      words.number("ack", 0), 0x50,
                      words.number("tcpflags", 2), 1024, 0, 0) + fill
    total = checksum(pseudo(raw) + raw)
    if words.number("badsum", 0):
        total ^= 0x5555
    return raw[:16] + struct.pack("!H", total) + raw[18:], padding


def _tcp(words, src, dst, fill):
    source = words.take("sip", src.ip4, ip4)
    dest = words.take("dip", dst.ip4, ip4)
    raw, padding = _segment(
        words, lambda raw: source + dest + struct.pack("!HH", 6, len(raw)),
        fill)
    kind, packet = _ipv4(words, src, dst, 6, raw)
    return kind, packet + padding


def _tcp6(words, src, dst, fill):
    source = words.take("sip", src.ip6, ip6)
    dest = words.take("dip", dst.ip6, ip6)
    raw, padding = _segment(
        words, lambda raw: source + dest + struct.pack("!II", len(raw), 6),
        fill)
    kind, packet = _ipv6(words, source, dest, 6, raw)
    return kind, packet + padding


def _inner(words, size):
    """What an error says of the packet that it is about, by the sender's and
    the receiver's ends: isrc, idst, isport, idport, iproto."""
    convert = ip4 if size == 4 else ip6
    source = words.take("isrc", None, convert)
    dest = words.take("idst", None, convert)
    ports = struct.pack("!HHI", words.number("isport", 1000),
                        words.number("idport", 2000), 1)
    proto = words.number("iproto", 17)
    if size == 4:
        head = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 1500, 1, 0, 63, proto, 0,
                           source, dest)
        head = head[:10] + struct.pack("!H", checksum(head)) + head[12:]
    else:
        head = struct.pack("!IHBB", 6 << 28, 1460, proto, 63) + source + dest
    return head + ports


def _error(words, src, dst, fill):
    """ICMP error: icmptype (3), code (3), and the packet that it is about,
    which went from dst to src unless isrc and idst say otherwise."""
    words.setdefault("isrc", socket.inet_ntop(socket.AF_INET, dst.ip4))
    words.setdefault("idst", socket.inet_ntop(socket.AF_INET, src.ip4))
    body = struct.pack("!BBHHH", words.number("icmptype", 3),
                       words.number("code", 3), 0, 0,
                       words.number("mtu", 0)) + _inner(words, 4) + fill
    raw = body[:2] + struct.pack("!H", checksum(body)) + body[4:]
    return _ipv4(words, src, dst, 1, raw)


def _error6(words, src, dst, fill):
    """ICMPv6 error: icmptype (1), code (4), and as _error()."""
    words.setdefault("isrc", socket.inet_ntop(socket.AF_INET6, dst.ip6))
    words.setdefault("idst", socket.inet_ntop(socket.AF_INET6, src.ip6))
    source = words.take("sip", src.ip6, ip6)
    dest = words.take("dip", dst.ip6, ip6)
    body = struct.pack("!I", words.number("mtu", 0)) + _inner(words, 16) + fill
    return _icmp6(words, source, dest, words.number("icmptype", 1),
                  words.number("code", 4), body, 64)


def _icmp(words, src, dst, fill):
    body = struct.pack("!HH", 1, 1) + fill
    kind = words.number("icmptype", 8)
    total = checksum(struct.pack("!BBH", kind, 0, 0) + body)
    return _ipv4(words, src, dst, 1,
                 struct.pack("!BBH", kind, 0, total) + body)


def _echo6(words, src, dst, fill):
    source = words.take("sip", src.ip6, ip6)
    dest = words.take("dip", dst.ip6, ip6)
    return _icmp6(words, source, dest, words.number("icmptype", 128), 0,
                  struct.pack("!HH", 1, 1) + fill, 64)


def _arp(words, src, dst, fill, reverse=False):
    """ARP or RARP; op, sha, spa, tha, tpa, hrd, pro, hln, pln, extra."""
    oper = words.number("op", 3 if reverse else 1)
    spa = b"\0" * 4 if reverse else src.ip4
    tpa = b"\0" * 4 if reverse else dst.ip4
    asks = oper in (1, 3)
    tha = src.mac if reverse else b"\0" * 6 if asks else dst.mac
    body = struct.pack("!HHBBH", words.number("hrd", 1),
                       words.number("pro", 0x0800), words.number("hln", 6),
                       words.number("pln", 4), oper)
    body += words.take("sha", src.mac, mac) + words.take("spa", spa, ip4)
    body += words.take("tha", tha, mac) + words.take("tpa", tpa, ip4)
    body += bytes.fromhex(words.take("extra", ""))
    pad = words.number("pad", 1)
    return (0x8035 if reverse else 0x0806,
            body + (b"\0" * 10 + fill[:8] if pad else b""))


def _rarp(words, src, dst, fill):
    return _arp(words, src, dst, fill, reverse=True)


def _ns(words, src, dst, _fill):
    """Neighbour solicitation; target, sip, dip, lladdr, hops, code."""
    target = words.take("target", dst.ip6, ip6)
    source = words.take("sip", src.ip6, ip6)
    dest = words.take("dip", solicited(target), ip6)
    body = b"\0" * 4 + target
    if any(source):
        body += b"\1\1" + words.take("lladdr", src.mac, mac)
    body += bytes.fromhex(words.take("extra", ""))
    return _icmp6(words, source, dest, words.number("icmptype", 135),
                  words.number("code", 0), body, 255)


def _na(words, src, dst, _fill):
    """Neighbour advertisement; target, sip, dip, lladdr, hops, code."""
    target = words.take("target", src.ip6, ip6)
    source = words.take("sip", src.ip6, ip6)
    dest = words.take("dip", dst.ip6, ip6)
    body = struct.pack("!I", words.number("flags", 0x60000000)) + target
    body += b"\2\1" + words.take("lladdr", src.mac, mac)
    body += bytes.fromhex(words.take("extra", ""))
    return _icmp6(words, source, dest, words.number("icmptype", 136),
                  words.number("code", 0), body, 255)


def _ra(words, src, _dst, _fill):
    """Router advertisement; sip, dip, lladdr, extra."""
    source = words.take("sip", ip6("fe80::")[:14] + src.ip6[14:], ip6)
    dest = words.take("dip", ip6("ff02::1"), ip6)
    body = struct.pack("!BBHII", 64, 0, 1800, 0, 0)
    body += b"\1\1" + words.take("lladdr", src.mac, mac)
    body += bytes.fromhex(words.take("extra", ""))
    return _icmp6(words, source, dest, 134, 0, body, 255)


def _rs(words, src, _dst, _fill):
    """Router solicitation; sip, dip, extra."""
    source = words.take("sip", ip6("fe80::")[:14] + src.ip6[14:], ip6)
    dest = words.take("dip", ip6("ff02::2"), ip6)
    body = b"\0" * 4 + bytes.fromhex(words.take("extra", ""))
    return _icmp6(words, source, dest, 133, 0, body, 255)


def _sources(words, size):
    """What a query of IGMPv3 or MLDv2 has behind the group: sources=N is how
    many sources are there, claim=M how many it says."""
    count = words.number("sources")
    if count is None:
        return b""
    return struct.pack("!BBH", 2, 125, words.number("claim", count)) + (
        b"\x0a" * size * count)


def _igmp(words, src, _dst, fill):
    """IGMP with router alert: igmptype 0x11 query, 0x16 report; group,
    sources, claim, badsum."""
    kind = words.number("igmptype", 0x11)
    group = words.take("group", ip4("0.0.0.0"), ip4)
    raw = struct.pack("!BBH4s", kind, 10, 0, group) + _sources(words, 4)
    total = checksum(raw) ^ (0x5555 if words.number("badsum", 0) else 0)
    raw = raw[:2] + struct.pack("!H", total) + raw[4:]
    words.setdefault("options", "94040000")
    words.setdefault("ttl", "1")
    words.setdefault("dip", socket.inet_ntop(
        socket.AF_INET, group if any(group) else ip4("224.0.0.1")))
    kind, packet = _ipv4(words, src, src, 2, raw)
    return kind, padded(packet, b"\0" * 4 + fill[:8])


def _mld(words, src, _dst, _fill):
    """MLD with router alert: mldtype 130 query, 131 report; group, sources,
    claim, badsum."""
    kind = words.number("mldtype", 130)
    group = words.take("group", ip6("::"), ip6)
    source = words.take("sip", ip6("fe80::")[:14] + src.ip6[14:], ip6)
    dest = words.take("dip", group if any(group) else ip6("ff02::1"), ip6)
    raw = struct.pack("!BBHHH", kind, 0, 0, 100, 0) + group + _sources(words, 16)
    total = checksum(_pseudo6(source, dest, 58, raw))
    if words.number("badsum", 0):
        total ^= 0x5555
    raw = raw[:2] + struct.pack("!H", total) + raw[4:]
    option = struct.pack("!BB", 58, 0) + b"\5\2\0\0\1\0"
    return _ipv6(words, source, dest, 0, option + raw, 1)


def _stp(words, src, _dst, fill):
    """BPDU of a bridge that would be root: bpdu=0 configuration, 2 rapid;
    mst=N multiple with N instances, claim=M says it has M."""
    ident = struct.pack("!H", words.number("priority", 0)) + src.mac
    bpdu = struct.pack("!HBBB", 0, 0, words.number("bpdu", 0), 0)
    bpdu += ident + struct.pack("!I", 0) + ident + struct.pack(
        "!HHHHH", 0x8001, 0, 20 << 8, 2 << 8, 2 << 8)
    instances = words.number("mst")
    if words.number("bpdu", 0) == 2:
        bpdu += b"\0"
    if instances is not None:
        bpdu += struct.pack("!H", 64 + 16 * words.number("claim", instances))
        bpdu += b"\0" * (64 + 16 * instances)
    return 3 + len(bpdu), padded(b"\x42\x42\x03" + bpdu, fill[:8])


def _dhcp(words, src, dst, fill):
    """DHCP: op=1 a client asks, op=2 a server answers; type, chaddr, extra."""
    oper = words.number("op", 1)
    ends = ("0.0.0.0", "68", "67") if oper == 1 else (
        socket.inet_ntop(socket.AF_INET, src.ip4), "67", "68")
    for key, value in zip(("sip", "sport", "dport"), ends):
        words.setdefault(key, value)
    words.setdefault("dip", "255.255.255.255")
    client = words.take("chaddr", (src if oper == 1 else dst).mac, mac)
    body = struct.pack("!BBBBIHH16x16s64s128x4s", oper, 1, 6, 0, 7, 0, 0,
                       client, fill[:8], bytes([99, 130, 83, 99]))
    body += bytes([53, 1, words.number("type", oper)])
    return _udp(words, src, dst,
                body + bytes.fromhex(words.take("extra", "")) + b"\xff")


def _link_local(end):
    return socket.inet_ntop(socket.AF_INET6, ip6("fe80::")[:14] + end.ip6[14:])


def _dhcp6(words, src, dst, fill):
    """DHCPv6: op=1 a client asks, op=2 a server answers."""
    oper = words.number("op", 1)
    ends = ("546", "547", "ff02::1:2") if oper == 1 else (
        "547", "546", _link_local(dst))
    for key, value in zip(("sport", "dport", "dip"), ends):
        words.setdefault(key, value)
    words.setdefault("sip", _link_local(src))
    ident = struct.pack("!HHH", oper, 10, 3) + fill[:8]
    return _udp6(words, src, dst, bytes([oper, 0, 0, 7]) + ident)


def _dns(words, fill):
    """A question, or with answer=1 a record, about a name of our own."""
    answer = words.number("answer", 0)
    name = b"\x10" + fill[:8].hex().encode() + b"\5local\0"
    head = struct.pack("!HHHHHH", 0, 0x8400 if answer else 0, not answer,
                       answer, 0, 0)
    tail = struct.pack("!HHIH4s", 1, 1, 120, 4, b"\x0a\0\0\1") if answer else (
        struct.pack("!HH", 1, 1))
    return head + name + tail


def _mdns(words, src, dst, fill):
    """Multicast DNS; answer=1 for a response."""
    for key in ("sport", "dport"):
        words.setdefault(key, "5353")
    words.setdefault("dip", "224.0.0.251")
    words.setdefault("ttl", "255")
    return _udp(words, src, dst, _dns(words, fill))


def _mdns6(words, src, dst, fill):
    for key in ("sport", "dport"):
        words.setdefault(key, "5353")
    words.setdefault("dip", "ff02::fb")
    words.setdefault("hops", "255")
    return _udp6(words, src, dst, _dns(words, fill))


def _llc(words, _src, _dst, fill):
    """802.3 with LLC/SNAP; snap=ETHERTYPE, lying=N is the length it claims."""
    body = b"\xaa\xaa\x03\0\0\0" + struct.pack(
        "!H", words.number("snap", 0x0800)) + fill
    return words.number("lying", len(body)), body


def _raw(words, _src, _dst, fill):
    """Any ethertype (type=), payload of our own, behind the bytes of body=."""
    return words.number("type", 0x88B5), bytes.fromhex(
        words.take("body", "")) + fill


KINDS = {
    "udp": _udp, "udp6": _udp6, "tcp": _tcp, "tcp6": _tcp6,
    "error": _error, "error6": _error6, "icmp": _icmp, "echo6": _echo6,
    "arp": _arp, "rarp": _rarp, "ns": _ns, "na": _na, "rs": _rs, "ra": _ra,
    "igmp": _igmp, "mld": _mld, "stp": _stp, "llc": _llc, "raw": _raw,
    "dhcp": _dhcp, "dhcp6": _dhcp6, "mdns": _mdns, "mdns6": _mdns6,
}

# Where a kind goes when nobody says.
HOME = {"stp": mac("01:80:c2:00:00:00")}


def tags(text):
    """VLAN tags from e.g. 10 or ad.100,q.10, outermost first."""
    raw = b""
    for part in text.split(","):
        proto, _, vid = part.rpartition(".")
        vid, _, prio = vid.partition("p")
        raw += struct.pack("!HH", TPID[proto or "q"],
                           int(vid) | int(prio or 0) << 13)
    return raw


def _piece(words, ethertype, packet):
    """A fragment: piece=FROM-[TO] bytes of what can be cut; more=0 or 1 if not
    as it is; unfrag=N bytes of IPv6 extension headers before it."""
    first, _, last = words.take("piece").partition("-")
    begin = (packet[0] & 15) * 4 if ethertype == 0x0800 else (
        40 + words.number("unfrag", 0))
    data = packet[begin:]
    first, last = int(first), int(last or len(data))
    more = words.number("more", int(last < len(data)))
    data, ident = data[first:last], words.number("id", 1)
    if ethertype == 0x0800:
        head = packet[:2] + struct.pack(
            "!HHH", begin + len(data), ident, first // 8 | more << 13
        ) + packet[8:10] + b"\0\0" + packet[12:begin]
        return head[:10] + struct.pack("!H", checksum(head)) + head[12:] + data
    # The last header that stays whole says what follows.
    at = 6 if begin == 40 else begin - 8
    return (packet[:4] + struct.pack("!H", begin - 32 + len(data)) +
            packet[6:at] + b"\x2c" + packet[at + 1:begin] +
            struct.pack("!BBHI", words.number("next", packet[at]), 0,
                        first | more, ident) + data)


def build(kind, src, dst, dest_mac, words, number):
    """One frame, as bytes.  dest_mac None: where the kind goes by itself."""
    words = words if isinstance(words, Words) else Words(words)
    fill = struct.pack("!Q", 0x7365670000000000 | number)
    size = words.number("len", 0)
    if size:
        room = len(build(kind, src, dst, dest_mac,
                         [f"{k}={v}" for k, v in words.items()
                          if k not in ("len", "piece", "more", "unfrag",
                                       "next")], number))
        fill += b"\xa5" * max(0, size - room)
    words.used.add("id")
    ethertype, payload = KINDS[kind](words, src, dst, fill)
    if "piece" in words:
        payload = _piece(words, ethertype, payload)
    if dest_mac is None:
        dest_mac = HOME.get(kind)
    if dest_mac is None and ethertype == 0x86DD:
        dest = payload[24:40]
        dest_mac = group_mac(dest) if dest[0] == 0xFF else dst.mac
    if dest_mac is None and ethertype == 0x0800 and payload[16] >> 4 == 0xE:
        dest_mac = group_mac(payload[16:20])
    if dest_mac is None:
        dest_mac = BROADCAST
    ethertype = words.number("etype", ethertype)
    tagged = words.take("vlan", b"", tags)
    if words.number("insnap", 0):
        payload = b"\xaa\xaa\3\0\0\0" + struct.pack("!H", ethertype) + payload
        ethertype = len(payload)
    if words.number("pppoe", 0):
        inner = 0x57 if ethertype == 0x86DD else 0x21
        payload = struct.pack("!BBHHH", 0x11, 0, 1, len(payload) + 2,
                              inner) + payload
        ethertype = 0x8864
    if words.number("mpls", 0):
        payload = struct.pack("!I", 16 << 12 | 1 << 8 | 64) + payload
        ethertype = 0x8847
    frame = (dest_mac + words.take("src", src.mac, mac) + tagged +
             struct.pack("!H", ethertype) + payload)
    cut = words.number("cut")
    if cut is not None:
        frame = frame[:cut]
    words.finish()
    return frame


def split(frame):
    """(destination, source, list of (tpid, vid), ethertype and the rest)."""
    seen, at = [], 12
    while len(frame) >= at + 4:
        proto, tci = struct.unpack_from("!HH", frame, at)
        if proto not in TPID.values():
            break
        seen.append((proto, tci & 0xFFF))
        at += 4
    return frame[:6], frame[6:12], seen, frame[at:]


def same(one, other):
    """The same frame, whatever VLAN tags it wears, padding left aside."""
    a_dst, a_src, _, a_rest = split(one)
    b_dst, b_src, _, b_rest = split(other)
    if a_dst != b_dst or a_src != b_src:
        return False
    least = min(len(a_rest), len(b_rest))
    return (a_rest[:least] == b_rest[:least] and
            not any(a_rest[least:]) and not any(b_rest[least:]))


def show(frame):
    """One line about a frame, for a reader."""
    dst, src, seen, rest = split(frame)
    text = f"{src.hex(':')} > {dst.hex(':')}"
    for proto, vid in seen:
        text += f" {'ad' if proto == 0x88A8 else 'vlan'} {vid}"
    ethertype = struct.unpack_from("!H", rest)[0] if len(rest) >= 2 else 0
    return f"{text} type {ethertype:#06x} len {len(frame)}: {rest[2:50].hex()}"
