# SPDX-License-Identifier: GPL-2.0
"""VLANs of cbv's ports, its filtering, and the map of its trunk port change
while tagged and untagged noise comes in by n3."""

from edits import bind
from rtnl import VLAN_PVID, VLAN_UNTAGGED
from stage import Worker

PORTS = ("n3", "w1", "w2")
VIDS = (1, 10, 20, 30)


class Vlans(Worker):
    """One of them."""

    def step(self):
        what = self.random.choice([self.vlan, self.vlan, self.vlan, self.vlan,
                                   self.filtering, self.label, self.label])
        what()

    def vlan(self):
        port, vid = self.random.choice(PORTS), self.random.choice(VIDS)
        self.rtnl.vlan(port, vid, self.random.random() < 0.6,
                       self.random.choice([0, VLAN_UNTAGGED,
                                           VLAN_PVID | VLAN_UNTAGGED]))
        self.counts["vlans"] += 1

    def filtering(self):
        self.rtnl.set_filtering("cbv", self.random.random() < 0.8)
        self.counts["filtering"] += 1

    def label(self):
        requests = []
        for port in PORTS:
            guest = self.random.choice(["noise", "quiet"])
            trunk = {0: self.random.choice(["noise", None])}
            for vid in self.random.sample(VIDS, 2):
                trunk[vid] = self.random.choice(["noise", "quiet"])
            requests.append(bind(port, self.random.choice(
                [guest, trunk, trunk])))
        self.put(requests, self.random.random() < 0.5)
        self.counts["relabels"] += len(requests)
