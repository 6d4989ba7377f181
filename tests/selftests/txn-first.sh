#!/bin/bash
# A first commit that fails at its end leaves nothing: no bridge, no label, no hold on the module.
# kernels: one
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

lab_up
taps p0 p1 p2
value /sys/module/vseg/refcnt
refs=$R
lab state save before
script <<'END'
from check import *
import subprocess
one = vsegnl.Genl()


def commit_without(port):
    """Labels for two ports, of which the second is none any more."""
    cookie = ask(one, "begin")["cookie"]
    ask(one, "bridge-add", cookie=cookie, name="br0")
    ask(one, "domain-add", cookie=cookie, name="web")
    ask(one, "port-bind", cookie=cookie, ifname="p0", domain="web")
    ask(one, "port-bind", cookie=cookie, ifname=port, domain="web")
    subprocess.run(["ip", "link", "set", port, "nomaster"], check=True)
    refused(one, "ENODEV", "commit", "left its bridge", cookie=cookie)


commit_without("p1")
equal("bridges", one.dump("bridge-get"), [])
done()
END
untouched before
file_is /sys/module/vseg/refcnt "$refs"
expect p0 p2 udp : p2=through
fails test -e /sys/class/net/p0/vseg

# The same with what is there staying.
standard <<'END'
port bind p0 web
END
bridge_up br1
lab state save before
script <<'END'
from check import *
import subprocess
one = vsegnl.Genl()
cookie = ask(one, "begin")["cookie"]
ask(one, "bridge-add", cookie=cookie, name="br1")
ask(one, "port-bind", cookie=cookie, ifname="p0", domain="db")
ask(one, "port-bind", cookie=cookie, ifname="p2", domain="db")
subprocess.run(["ip", "link", "set", "p2", "nomaster"], check=True)
refused(one, "ENODEV", "commit", "left its bridge", cookie=cookie)
cookie = ask(one, "begin")["cookie"]
ask(one, "domain-add", cookie=cookie, name="late")
ask(one, "abort", cookie=cookie)
done()
END
ip link set p2 master br0
untouched before
json '.[0].domain' port show p0
is "the domain of p0" "$R" web
fails test -e /sys/class/net/br1/vseg
sums
