# SPDX-License-Identifier: GPL-2.0
"""What the module says of a frame: its own source, as a library."""

import ctypes

import vsegnl

CLASSES = {value: name for name, value in vsegnl.ENUMS["frame-class"].items()}
REASONS = {value: name for name, value in vsegnl.ENUMS["reason"].items()}
FIELDS = ("ethertype", "vlan", "protocol", "sport", "dport", "icmp", "source",
          "destination", "tcp_flags", "fragment")


class Address(ctypes.Structure):
    """struct vseg_address"""
    _fields_ = [("hi", ctypes.c_uint64), ("lo", ctypes.c_uint64)]

    def number(self):
        """Both halves in one."""
        return self.hi << 64 | self.lo


class Fields(ctypes.Structure):
    """struct vseg_fields"""
    _fields_ = [
        ("known", ctypes.c_uint16), ("unknown", ctypes.c_uint16),
        ("ethertype", ctypes.c_uint16), ("vlan", ctypes.c_uint16),
        ("version", ctypes.c_uint8), ("trouble", ctypes.c_uint8),
        ("protocol", ctypes.c_uint8), ("tcp_flags", ctypes.c_uint8),
        ("fragment", ctypes.c_uint8), ("sport", ctypes.c_uint16),
        ("dport", ctypes.c_uint16), ("icmp", ctypes.c_uint16),
        ("network", ctypes.c_uint16), ("transport", ctypes.c_uint16),
        ("end", ctypes.c_uint32), ("source", Address),
        ("destination", Address),
    ]


class Prefix(ctypes.Structure):
    """struct vseg_prefix"""
    _fields_ = [("address", Address), ("mask", Address),
                ("version", ctypes.c_uint8), ("length", ctypes.c_uint8)]


class Guard(ctypes.Structure):
    """struct vseg_guard, with room for some prefixes"""
    _fields_ = [("ref", ctypes.c_uint32), ("permit", ctypes.c_uint32),
                ("nmacs", ctypes.c_uint16), ("nprefixes", ctypes.c_uint16),
                ("macs", ctypes.c_char_p), ("prefixes", Prefix * 8)]


class Guest(ctypes.Structure):
    """struct vseg_guest"""
    _fields_ = [("guard", ctypes.POINTER(Guard)), ("mac", ctypes.c_char_p)]


class Kernel:
    """The module's pure parts."""

    def __init__(self, path):
        self.library = ctypes.CDLL(path)
        self.library.vseg_frame_describe.restype = None
        self.library.vseg_frame_describe.argtypes = [
            ctypes.c_char_p, ctypes.c_uint, ctypes.c_uint, ctypes.c_uint16,
            ctypes.POINTER(Fields)]
        self.library.vseg_guard_check.restype = ctypes.c_uint8
        self.library.vseg_guard_check.argtypes = [
            ctypes.POINTER(Guest), ctypes.c_char_p, ctypes.c_uint,
            ctypes.c_uint, ctypes.POINTER(ctypes.c_uint32)]
        self.library.vseg_guard_reason.restype = ctypes.c_uint8
        self.library.vseg_guard_reason.argtypes = [
            ctypes.c_uint8, ctypes.c_uint32, ctypes.c_uint32]
        self.library.vseg_prefix_set.restype = ctypes.c_bool
        self.library.vseg_prefix_set.argtypes = [
            ctypes.POINTER(Prefix), ctypes.c_uint8, ctypes.c_char_p,
            ctypes.c_uint8]
        self.library.vseg_class_of.restype = ctypes.c_uint
        self.library.vseg_class_of.argtypes = [
            ctypes.c_char_p, ctypes.c_uint, ctypes.c_uint]

    def guard_of(self, port):
        """What the module knows of a guest."""
        guard = Guard(nmacs=len(port.macs), nprefixes=len(port.prefixes),
                      macs=b"".join(port.macs))
        for place, (version, value, length) in enumerate(port.prefixes):
            data = value.to_bytes(4 if version == 4 else 16, "big")
            if not self.library.vseg_prefix_set(
                    ctypes.byref(guard.prefixes[place]), version, data, length):
                raise ValueError(f"{data.hex()}/{length}")
        return guard

    def guard(self, port, permits, data):
        """The reason of a drop, or None."""
        known = self.guard_of(port)
        guest = Guest(ctypes.pointer(known),
                      port.macs[0] if port.macs else None)
        roles, bits = ctypes.c_uint32(), 0
        reason = self.library.vseg_guard_check(
            ctypes.byref(guest), data, len(data), len(data),
            ctypes.byref(roles))
        for name in permits:
            bits |= vsegnl.ENUMS["guard-permit"][name]
        reason = self.library.vseg_guard_reason(reason, roles, bits)
        return None if not reason else REASONS[reason]

    def kind_of(self, data):
        """Which message it is, as messages.py has them."""
        kind = CLASSES[self.library.vseg_class_of(data, len(data), len(data))]
        # Bridges alone make those that a pass knows.
        return "other" if kind == "bpdu" else kind

    def describe(self, data, length, vlan):
        """Fields and places, as fields.py has them."""
        raw = Fields()
        self.library.vseg_frame_describe(data, len(data), length, vlan,
                                         ctypes.byref(raw))
        fields = {}
        for bit, name in enumerate(FIELDS):
            if raw.known >> bit & 1:
                value = getattr(raw, name)
                fields[name] = (value.number() if isinstance(value, Address)
                                else value)
            elif raw.unknown >> bit & 1:
                fields[name] = None
        return fields, self.places(raw, fields)

    @staticmethod
    def places(raw, fields):
        """Offsets that mean something."""
        places = {}
        if fields.get("ethertype") is not None:
            places["network"] = raw.network
        if raw.version:
            places.update(version=raw.version, end=raw.end)
            if fields["protocol"] is not None and fields["fragment"] != 2:
                places["transport"] = raw.transport
        return places
