#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""What it takes to put a policy in force, to change a part and to look at it.

usage: control.py DIRECTORY FILTER WHAT=COUNT...

Inside the VM, with ports g0 and g1.  A line for each; what is counted are pairs,
rules or ports:

  control FILTER WHAT COUNT LOAD CHANGE DUMP WAIT SLAB VMALLOC PERCPU DAEMON

in 10^6 instructions of the command and of all that works for it; WAIT is what the
three took beside, while nobody worked.  Then bytes for each pair, rule or port: of
the kernel's memory in slabs, from vmalloc and for each CPU (there is one), and of
the filter's daemon.  Where a command doesn't come to a good end, the line says so.
"""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)) + "/../tools")
# pylint: disable=wrong-import-position
import cost  # noqa: E402

DIRECTORY = sys.argv[1]
EACH = 4000    # rules of one pair, where pairs have rules
PATIENCE = 15  # seconds of 10^9 instructions that a command may take


class Filter:
    """Something that lets pairs pass.  Commands are lists of words."""
    name = ""

    def lines(self, what, count):
        """The policy, as lines of the file that load() reads."""
        raise NotImplementedError

    def load(self, path):
        raise NotImplementedError

    def change(self, what):
        raise NotImplementedError

    def dump(self):
        raise NotImplementedError

    def clear(self):
        raise NotImplementedError

    def daemon(self):
        """Kilobytes of a daemon that keeps the policy, too."""
        return 0


def side(count):
    """The fewest domains that have as many ordered pairs."""
    number = 2
    while number * (number - 1) < count:
        number += 1
    return number


def pairs(count):
    number, done = side(count), 0
    for source in range(number):
        for dest in range(number):
            if source != dest and done < count:
                done += 1
                yield source, dest


class Vseg(Filter):
    name = "vseg"

    def lines(self, what, count):
        yield "policy set guard off"
        yield "bridge add br0"
        number = side(count) if what == "pairs" else count // EACH + 2
        for i in range(number):
            yield f"domain add d{i}"
        yield "port bind g0 d0"
        yield "port bind g1 d1"
        if what == "pairs":
            for source, dest in pairs(count):
                yield f"policy allow d{source} d{dest}"
            return
        for i in range(count):
            if i % EACH == 0:
                cell = f"d0 d{i // EACH + 1}"
                yield f"cell set {cell} rules"
            yield (f"rule add {cell} allow protocol tcp port {i % EACH + 1} "
                   f"from 10.1.{i >> 8 & 255}.{i & 255}")

    def load(self, path):
        return ["vsegctl", "-b", path]

    def change(self, what):
        if what == "pairs":
            return ["vsegctl", "policy", "deny", "d1", "d0"]
        return ["vsegctl", "rule", "add", "d0", "d2", "allow", "protocol",
                "udp", "port", "9"]

    def dump(self):
        return ["vsegctl", "policy", "show"]

    def clear(self):
        return ["vsegctl", "off"]


class VsegPorts(Vseg):
    """Each port of the bridge in a domain of its own."""
    def lines(self, what, count):
        yield "bridge add br0"
        for i in range(count):
            yield f"domain add d{i}"
            yield f"port bind g{i} d{i}"

    def change(self, what):
        return ["vsegctl", "port", "bind", "g1", "d2"]

    def dump(self):
        return ["vsegctl", "port", "show"]


class Nftables(Filter):
    name = "nftables"

    def lines(self, what, count):
        yield "table bridge f {"
        if what == "pairs":
            yield "map pairs { type mark . classid : verdict; elements = {"
            for source, dest in pairs(count):
                yield f"{source + 16} . 0:{dest + 16:x} : accept,"
            yield "} ; }"
        yield "chain forward { type filter hook forward priority 0;"
        if what == "pairs":
            yield "meta mark . meta priority vmap @pairs"
        else:
            for i in range(count):
                yield (f"ip saddr 10.1.{i >> 8 & 255}.{i & 255} "
                       f"tcp dport {i % EACH + 1} accept")
        yield "}"
        yield "}"

    def load(self, path):
        return ["nft", "-f", path]

    def change(self, what):
        if what == "pairs":
            return ["nft", "add", "element", "bridge", "f", "pairs",
                    "{ 9 . 0:9 : accept }"]
        return ["nft", "add", "rule", "bridge", "f", "forward", "ip", "saddr",
                "10.9.9.9", "udp", "dport", "9", "accept"]

    def dump(self):
        return ["nft", "list", "ruleset"]

    def clear(self):
        return ["nft", "flush", "ruleset"]


class Ebtables(Filter):
    name = "ebtables"

    def lines(self, what, count):
        yield "*filter"
        yield ":INPUT ACCEPT"
        yield ":FORWARD ACCEPT"
        yield ":OUTPUT ACCEPT"
        for i in range(count):
            if what == "pairs":
                yield f"-A FORWARD -i h{i} -o g1 -j ACCEPT"
            else:
                yield (f"-A FORWARD -p IPv4 --ip-src 10.1.{i >> 8 & 255}."
                       f"{i & 255} --ip-proto tcp --ip-dport {i % EACH + 1} "
                       "-j ACCEPT")

    def load(self, path):
        return ["sh", "-c", f"exec ebtables-legacy-restore <{path}"]

    def change(self, what):
        return ["ebtables-legacy", "-I", "FORWARD", "-i", "h9", "-j", "ACCEPT"]

    def dump(self):
        return ["ebtables-legacy", "-L", "FORWARD"]

    def clear(self):
        return ["ebtables-legacy", "-F"]


class Datapath(Filter):
    """Open vSwitch's flows as its daemon hands them to the kernel."""
    name = "Open vSwitch, ovs-dpctl"
    UDP = "in_port(1),eth(),eth_type(0x0800),ipv4(src={},proto=17,frag=no)," \
        "udp(dst={})"

    def lines(self, what, count):
        for i in range(count):
            yield (self.UDP.format(f"10.1.{i >> 8 & 255}.{i & 255}",
                                   i // 65536 + 1) + " 2")

    def load(self, path):
        return ["ovs-dpctl", "add-flows", "dp0", path]

    def change(self, what):
        return ["ovs-dpctl", "mod-flow", "dp0", self.UDP.format("10.1.0.1", 1),
                "1"]

    def dump(self):
        return ["ovs-dpctl", "dump-flows", "dp0"]

    def clear(self):
        return ["ovs-dpctl", "del-flows", "dp0"]


class OpenFlow(Filter):
    """Open vSwitch's own table of flows, in its daemon."""
    name = "Open vSwitch, ovs-ofctl"

    def lines(self, what, count):
        if what == "pairs":
            for source, dest in pairs(count):
                yield (f"table=0,reg0={source + 16},reg1={dest + 16},"
                       "actions=normal")
            return
        for i in range(count):
            yield (f"table=0,tcp,nw_src=10.1.{i >> 8 & 255}.{i & 255},"
                   f"tp_dst={i % EACH + 1},actions=normal")

    def load(self, path):
        return ["ovs-ofctl", "add-flows", "ovs0", path]

    def change(self, what):
        return ["ovs-ofctl", "add-flow", "ovs0",
                "table=0,reg0=9,reg1=9,actions=drop"]

    def dump(self):
        return ["ovs-ofctl", "dump-flows", "ovs0"]

    def clear(self):
        return ["ovs-ofctl", "del-flows", "ovs0"]

    def daemon(self):
        with open("/run/openvswitch/ovs-vswitchd.pid", encoding="ascii") as file:
            pid = file.read().strip()
        with open(f"/proc/{pid}/status", encoding="ascii") as file:
            return next(int(line.split()[1]) for line in file
                        if line.startswith("VmRSS"))


def idle():
    """Seconds for which the CPU has had nothing to do."""
    with open("/proc/timer_list", encoding="ascii") as file:
        return next(int(line.split()[2]) / 1e9 for line in file
                    if ".idle_sleeptime" in line)


def step(words):
    """What a command took, or how it ended; and seconds that it waited."""
    before = idle()
    status, seconds, _ = cost.run(words, patience=PATIENCE)
    waited = idle() - before
    if status == cost.TIRED:
        return f"not finished in {PATIENCE},000", waited
    if status:
        return f"ended with {status}", waited
    return f"{(seconds - waited) * 1000:.1f}", waited


def memory(made):
    return [*cost.settled_parts(), made.daemon()]


def measure(made, what, count):
    """Print one line; False when the policy didn't come into force."""
    path = f"{DIRECTORY}/policy"
    with open(path, "w", encoding="ascii") as file:
        for line in made.lines(what, count):
            print(line, file=file)
    before = memory(made)
    steps = [step(made.load(path))]
    words = [steps[0][0]]
    done = words[0][0].isdigit()
    if done:
        after = memory(made)
        steps += [step(made.change(what)), step(made.dump())]
        words = [took for took, _ in steps]
        words.append(f"{sum(waited for _, waited in steps) * 1000:.1f}")
        words += [f"{(late - soon) * 1024 / count:.0f}"
                  for soon, late in zip(before, after)]
    print("\t".join(["control", made.name, what, str(count), *words]), flush=True)
    cost.run(made.clear())
    return done


def main():
    made = {"vseg": Vseg, "vseg-ports": VsegPorts, "nftables": Nftables,
            "ebtables": Ebtables, "datapath": Datapath,
            "openflow": OpenFlow}[sys.argv[2]]()
    if cost.run(made.clear())[0]:
        print(f"without\t4\t0\t{made.name}\t{made.clear()[0]} can't run here")
        return
    late = set()    # what is larger takes longer
    for what, count in (word.split("=") for word in sys.argv[3:]):
        if what not in late and not measure(made, what, int(count)):
            late.add(what)


if __name__ == "__main__":
    main()
