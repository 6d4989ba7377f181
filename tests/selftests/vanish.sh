#!/bin/bash
# What vanishes between the edit and the commit makes the commit fail, and nothing changes.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

lab_up
taps web0
standard <<'END'
port bind web0 web
END
script <<'END'
from check import *
import subprocess
one = vsegnl.Genl()


def ip(words):
    subprocess.run(["ip"] + words.split(), check=True)


def attempt(label, change, want=("ENODEV", "ENOENT")):
    ip("link add p0 index 500 master br0 up type veth peer name p1")
    cookie = ask(one, "begin")["cookie"]
    ask(one, "domain-add", cookie=cookie, name="new")
    ask(one, "port-bind", cookie=cookie, ifname="p0", domain="web")
    change()
    before = vsegnl.state(one)
    try:
        ask(one, "commit", cookie=cookie)
        ok(False, f"{label}: went through")
    except vsegnl.Refused as error:
        name = errno.errorcode[error.errno]
        ok(name in want, f"{label}: {name}: {error.msg}")
        ok(error.msg, f"{label}: {name} without words")
    refused(one, "ENOENT", "abort", cookie=cookie, at="cookie")
    same_state(one, before, label)
    subprocess.run(["ip", "link", "del", "p0"], stderr=subprocess.DEVNULL)


attempt("deleted", lambda: ip("link del p0"))
attempt("out of the bridge", lambda: ip("link set p0 nomaster"))


def another():
    ip("link del p0")
    ip("link add p0 index 500 master br0 up type veth peer name p1")


def again():
    ip("link set p0 nomaster")
    ip("link set p0 master br0")


attempt("another with its name and index", another)
attempt("out of the bridge and in again", again)
attempt("into an unmanaged bridge", lambda: (
    ip("link add br9 type bridge"), ip("link set p0 master br9"),
    ip("link set br9 up")))
ip("link del br9")

# An edit without a cookie names what is not there.
refused(one, "ENODEV", "port-bind", ifname="p0", domain="web", at="ifname")
refused(one, "ENODEV", "port-bind", ifindex=500, domain="web", at="ifindex")

# With what did not vanish it works.
ip("link add p0 index 500 master br0 up type veth peer name p1")
cookie = ask(one, "begin")["cookie"]
ask(one, "port-bind", cookie=cookie, ifindex=500, domain="web")
ask(one, "commit", cookie=cookie)
equal("domain", ask(one, "port-get", ifname="p0")["domain"], "web")

# The bridge goes instead.
cookie = ask(one, "begin")["cookie"]
ask(one, "port-bind", cookie=cookie, ifname="p0", domain="db")
ip("link del br0")
before = vsegnl.state(one)
refused(one, "ENODEV", "commit", cookie=cookie)
same_state(one, before, "without the bridge")
done()
END
