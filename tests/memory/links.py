# SPDX-License-Identifier: GPL-2.0
"""Devices, changed by the thread that asks and by one request: nothing else is
done for it that could fail.
"""

import os
import socket
import struct

import rtnl
from rtnl import header
from vsegnl import attr, attrs_of, u8, u32

RTM_GETLINK = 18
IFLA_LINK, IFLA_NET_NS_FD, IFLA_VLAN_ID = 5, 28, 1


class Links(rtnl.Rtnl):
    """A socket of NETLINK_ROUTE in the namespace of this thread."""

    def __init__(self):
        super().__init__()
        self.known = {}

    def know(self):
        """Look all devices up, so that a request to come needn't."""
        self.known = {name: index for index, name in socket.if_nameindex()}

    def index(self, name):
        return self.known.get(name) or rtnl.index_of(name)

    def change(self, name, data, kind=rtnl.RTM_SETLINK, family=0):
        self.ask(kind, header(self.index(name), family=family) + data)

    def bridge(self, name, filtering=False, up=True):
        """A bridge that forwards at once and doesn't snoop."""
        self.add(name, "bridge", up, data=[
            attr(rtnl.IFLA_BR_FORWARD_DELAY, u32(0)),
            attr(rtnl.IFLA_BR_MCAST_SNOOPING, u8(0)),
            attr(rtnl.IFLA_BR_VLAN_FILTERING, u8(filtering))])

    def vlan_device(self, name, lower, vid):
        info = [attr(rtnl.IFLA_INFO_KIND, "vlan"),
                attr(rtnl.IFLA_INFO_DATA,
                     [attr(IFLA_VLAN_ID, struct.pack("=H", vid))])]
        self.ask(rtnl.RTM_NEWLINK, header(up=True) +
                 attr(rtnl.IFLA_IFNAME, name) +
                 attr(IFLA_LINK, u32(self.index(lower))) +
                 attr(rtnl.IFLA_LINKINFO, info),
                 rtnl.NLM_F_CREATE | rtnl.NLM_F_EXCL)

    def delete(self, name):
        self.change(name, b"", rtnl.RTM_DELLINK)

    def master(self, name, bridge):
        """Into a bridge, or out of it where there is none."""
        self.change(name, attr(rtnl.IFLA_MASTER,
                               u32(self.index(bridge) if bridge else 0)))

    def rename(self, name, to):
        self.change(name, attr(rtnl.IFLA_IFNAME, to))

    def move(self, name, netns):
        self.change(name, attr(IFLA_NET_NS_FD, u32(netns)))

    def vlan(self, port, vid, add=True, flags=0):
        spec = [attr(rtnl.IFLA_BRIDGE_VLAN_INFO,
                     struct.pack("=HH", flags, vid))]
        self.change(port, attr(rtnl.IFLA_AF_SPEC, spec),
                    rtnl.RTM_SETLINK if add else rtnl.RTM_DELLINK,
                    rtnl.AF_BRIDGE)

    def master_of(self, name):
        """Name of the device's master, or ''."""
        body, = self.answers(self.send(
            RTM_GETLINK, header(self.index(name)), 1 | 4))
        # answers() takes four bytes off, as of a generic message.
        for number, payload, _ in attrs_of(body[12:]):
            if number == rtnl.IFLA_MASTER:
                return socket.if_indextoname(struct.unpack("=I", payload)[0])
        return ""


def exists(name):
    return name in (known for _, known in socket.if_nameindex())


def netns():
    """A file that stands for the network namespace of this thread."""
    return os.open("/proc/thread-self/ns/net", os.O_RDONLY)
