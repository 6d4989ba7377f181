# SPDX-License-Identifier: GPL-2.0
"""Rtnetlink by hand: what `ip` and `bridge` do, without a process for each."""

import socket
import struct

import vsegnl
from vsegnl import attr, u8, u32

NETLINK_ROUTE = 0
RTM_NEWLINK, RTM_DELLINK, RTM_SETLINK = 16, 17, 19
NLM_F_EXCL, NLM_F_CREATE = 0x200, 0x400
AF_BRIDGE = 7
IFF_UP = 1
IFLA_IFNAME, IFLA_MASTER, IFLA_LINKINFO = 3, 10, 18
IFLA_NET_NS_PID, IFLA_AF_SPEC = 19, 26
IFLA_INFO_KIND, IFLA_INFO_DATA = 1, 2
IFLA_BR_FORWARD_DELAY, IFLA_BR_VLAN_FILTERING = 1, 7
IFLA_BR_MCAST_SNOOPING, IFLA_BR_VLAN_DEFAULT_PVID = 23, 39
IFLA_BRIDGE_VLAN_INFO, VLAN_PVID, VLAN_UNTAGGED = 2, 2, 4
VETH_INFO_PEER = 1


def index_of(name):
    return socket.if_nametoindex(name)


def header(index=0, up=None, family=0):
    """struct ifinfomsg."""
    return struct.pack("=BBHiII", family, 0, 0, index, IFF_UP if up else 0,
                       IFF_UP if up is not None else 0)


def link_attrs(name=None, master=None, kind=None, data=()):
    """Attributes of a link; master "" takes it out of its bridge."""
    found = b""
    if name:
        found += attr(IFLA_IFNAME, name)
    if master is not None:
        found += attr(IFLA_MASTER, u32(index_of(master) if master else 0))
    if kind:
        info = [attr(IFLA_INFO_KIND, kind)]
        if data:
            info.append(attr(IFLA_INFO_DATA, list(data)))
        found += attr(IFLA_LINKINFO, info)
    return found


class Rtnl(vsegnl.Genl):
    """A rtnetlink socket; each call is acknowledged."""

    def __init__(self):
        super().__init__(family=None)
        self.sock.close()
        self.sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW,
                                  NETLINK_ROUTE)
        self.sock.bind((0, 0))
        self.sock.setsockopt(vsegnl.SOL_NETLINK, vsegnl.NETLINK_EXT_ACK, 1)
        self.sock.settimeout(60)

    def ask(self, kind, data, flags=0):
        self.answers(self.send(kind, data, flags | vsegnl.NLM_F_REQUEST |
                               vsegnl.NLM_F_ACK))

    def add(self, name, kind, up=True, master=None, data=()):
        """A new link, maybe in a bridge from the start."""
        self.ask(RTM_NEWLINK, header(up=up) + link_attrs(
            name, master, kind, data), NLM_F_CREATE | NLM_F_EXCL)

    def add_bridge(self, name, filtering=False):
        data = [attr(IFLA_BR_FORWARD_DELAY, u32(0)),
                attr(IFLA_BR_MCAST_SNOOPING, u8(0))]
        if filtering:
            data += [attr(IFLA_BR_VLAN_FILTERING, u8(1)),
                     attr(IFLA_BR_VLAN_DEFAULT_PVID, struct.pack("=H", 0))]
        self.add(name, "bridge", data=data)

    def add_veth(self, name, peer, pid=None):
        """A pair, both down; the peer in the namespace of a process."""
        other = header() + link_attrs(peer)
        if pid:
            other += attr(IFLA_NET_NS_PID, u32(pid))
        self.add(name, "veth", up=None, data=[attr(VETH_INFO_PEER, other)])

    def set(self, link, up=None, **changes):
        """Change a link: up, name (rename), master, kind with data."""
        self.ask(RTM_NEWLINK, header(index_of(link), up) +
                 link_attrs(**changes))

    def set_filtering(self, bridge, on):
        self.set(bridge, kind="bridge",
                 data=[attr(IFLA_BR_VLAN_FILTERING, u8(on))])

    def delete(self, name):
        self.ask(RTM_DELLINK, header(index_of(name)))

    def vlan(self, port, vid, add=True, flags=0):
        """bridge vlan add|del dev PORT vid VID"""
        self.ask(RTM_SETLINK if add else RTM_DELLINK,
                 header(index_of(port), family=AF_BRIDGE) +
                 attr(IFLA_AF_SPEC, [attr(IFLA_BRIDGE_VLAN_INFO,
                                          struct.pack("=HH", flags, vid))]))
