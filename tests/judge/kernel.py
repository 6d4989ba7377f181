# SPDX-License-Identifier: GPL-2.0
"""What the module says of a frame: its own source, as a library."""

import ctypes

import vsegnl

CLASSES = {value: name for name, value in vsegnl.ENUMS["frame-class"].items()}
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


class Kernel:
    """The module's pure parts."""

    def __init__(self, path):
        self.library = ctypes.CDLL(path)
        self.library.vseg_frame_describe.restype = None
        self.library.vseg_frame_describe.argtypes = [
            ctypes.c_char_p, ctypes.c_uint, ctypes.c_uint, ctypes.c_uint16,
            ctypes.POINTER(Fields)]
        self.library.vseg_class_of.restype = ctypes.c_uint
        self.library.vseg_class_of.argtypes = [
            ctypes.c_char_p, ctypes.c_uint, ctypes.c_uint]

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
