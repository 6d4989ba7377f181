# SPDX-License-Identifier: GPL-2.0
"""Messages that built-in passes and services know, as frames.c looks at them."""

import struct

MAC, ALL = bytes.fromhex("020000000001"), b"\xff" * 6
LOCAL = bytes.fromhex("fe80000000000000" "0000000000000001")


def total(data):
    """The sum of RFC 1071."""
    if len(data) % 2:
        data += b"\0"
    value = sum(struct.unpack(f">{len(data) // 2}H", data))
    while value >> 16:
        value = (value & 0xffff) + (value >> 16)
    return value


def udp4(dest, addresses, ports, body):
    """UDP over IPv4 without a checksum."""
    body = struct.pack(">HHHH", *ports, 8 + len(body), 0) + body
    head = struct.pack(">BBHHHBBH8s", 0x45, 0, 20 + len(body), 1, 0, 255, 17,
                       0, addresses)
    head = head[:10] + struct.pack(">H", ~total(head) & 0xffff) + head[12:]
    return dest + MAC + b"\x08\0" + head + body


def ip6(dest, group, following, body, hops=255):
    """IPv6 to a group, with the checksum of UDP or ICMPv6."""
    to = b"\xff\x02" + bytes(14 - len(group)) + group
    at = 6 if following == 17 else 2
    value = ~total(LOCAL + to + struct.pack(">II", len(body), following) + body)
    body = body[:at] + struct.pack(">H", value & 0xffff) + body[at + 2:]
    return (dest + MAC + b"\x86\xdd" +
            struct.pack(">IHBB", 6 << 28, len(body), following, hops) + LOCAL +
            to + body)


def udp6(group, ports, body):
    """UDP over IPv6 to a group."""
    return ip6(b"\x33\x33" + group[-4:].rjust(4, b"\0"), group, 17,
               struct.pack(">HHHH", *ports, 8 + len(body), 0) + body)


def dhcp(operation, kind):
    """BOOTP with the options that make it DHCP."""
    return (bytes([operation, 1, 6, 0]) + bytes(24) + MAC + bytes(202) +
            bytes([99, 130, 83, 99, 53, 1, kind, 12, 2, 65, 66, 255]) +
            bytes(20))


def dhcp6(kind, ident):
    """DHCPv6 with one option."""
    return bytes([kind, 1, 2, 3, 0, ident, 0, 4, 1, 2, 3, 4])


QUESTION = bytes.fromhex("000000000001000000000000" "04686f7374056c6f63616c00"
                         "00010001")
ANSWER = bytes.fromhex("000084000000000200000000" "04686f7374056c6f63616c00"
                       "00010001000000780004" "0a000001" "c00c"
                       "001c0001000000780002" "0102")


def messages():
    """One of each."""
    group4 = bytes.fromhex("01005e0000fb")
    yield udp4(ALL, bytes(4) + b"\xff" * 4, (68, 67), dhcp(1, 1))
    yield udp4(MAC, bytes([10, 0, 0, 1, 10, 0, 0, 2]), (67, 68), dhcp(2, 5))
    yield udp4(group4, bytes([10, 0, 0, 1, 224, 0, 0, 251]), (5353, 5353),
               QUESTION)
    yield udp4(MAC, bytes([10, 0, 0, 1, 10, 0, 0, 2]), (5353, 5353), ANSWER)
    yield udp6(b"\xfb", (5353, 5353), ANSWER)
    yield udp6(bytes([0, 1, 0, 2]), (546, 547), dhcp6(1, 1))
    yield ip6(b"\x33\x33\0\0\0\x02", b"\x02", 58,
              bytes([133, 0]) + bytes(6) + b"\x01\x01" + MAC)
    yield ip6(b"\x33\x33\0\0\0\x01", b"\x01", 58,
              bytes([134, 0]) + bytes(14) + b"\x01\x01" + MAC + b"\x03\x04" +
              bytes(30))
    yield ip6(b"\x33\x33\xff\x01\x02\x03", b"\x01\xff\x01\x02\x03", 58,
              bytes([135, 0]) + bytes(6) + LOCAL + b"\x01\x01" + MAC)
    yield (ALL + MAC + bytes.fromhex("08060001080006040001") + MAC + bytes(14))
    yield (bytes.fromhex("0180c2000000") + MAC +
           bytes.fromhex("0026424203000000") + bytes(34))
