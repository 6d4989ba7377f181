#!/bin/bash
# A commit right behind a port that leaves passes over it.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

lab_up vlan_filtering 1
taps up0 web0 gone0
policy <<'END'
bridge add br0
domain add uplink
domain add web
port bind web0 web
port bind up0 trunk default uplink
END
script <<'END'
from check import *
import rtnl
one, route = vsegnl.Genl(), rtnl.Rtnl()
MODE = vsegnl.ENUMS["bridge-mode"]
KIND = vsegnl.ENUMS["port-kind"]
NOWAIT = vsegnl.ENUMS["txn-flags"]["nowait"]


def ports():
    return sorted(port["ifname"] for port in one.dump("port-get"))


def in_turn(label, change):
    """The port leaves, the commit follows, the port is back."""
    for turn in range(10):
        ask(one, "port-bind", ifname="gone0", domain="web")
        route.set("gone0", master="")
        change(turn)
        equal(f"ports after {label}", ports(), ["up0", "web0"])
        route.set("gone0", master="br0")
        equal(f"its domain, back after {label}",
              ask(one, "port-get", ifname="gone0")["domain"], "unlabelled")


def trunk(turn):
    """The first trunk asks for the VLANs of all ports."""
    ask(one, "port-unbind", ifname="up0")
    ask(one, "port-bind", ifname="up0", kind=KIND["trunk"], domain="uplink")


def bridge(turn):
    ask(one, "bridge-del", name="br0")
    equal("ports of no bridge", ports(), [])
    cookie = ask(one, "begin")["cookie"]
    ask(one, "bridge-add", cookie=cookie, name="br0")
    ask(one, "port-bind", cookie=cookie, ifname="web0", domain="web")
    ask(one, "port-bind", cookie=cookie, ifname="up0", kind=KIND["trunk"],
        domain="uplink")
    ask(one, "commit", cookie=cookie)


in_turn("a mode", lambda turn: ask(
    one, "bridge-set", name="br0",
    mode=MODE["enforce" if turn % 2 else "monitor"]))
in_turn("the first trunk", trunk)
in_turn("the bridge that left", bridge)

# A bridge that leaves isn't counted, though frames may still meet it.
cookie = ask(one, "begin")["cookie"]
ask(one, "bridge-del", cookie=cookie, name="br0")
ask(one, "commit", cookie=cookie, flags=NOWAIT)
status = ask(one, "status-get")
equal("ports", status["ports"], 0)
equal("bridges present", status["bridges-present"], 0)
done()
END
