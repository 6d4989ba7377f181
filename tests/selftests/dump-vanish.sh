#!/bin/bash
# A port that leaves while it has two bindings doesn't trip up who dumps the ports.
# time limit: 120
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

hv_up
bridge_up br0
policy <<'END'
bridge add br0
domain add web
domain add db
END
script <<'END'
import time
from check import *
import rtnl

links, genl = rtnl.Rtnl(), vsegnl.Genl()


def bind(domain):
    """A commit that doesn't wait: the port has its old binding as well, until
    the commit is settled."""
    cookie = ask(genl, "begin")["cookie"]
    ask(genl, "port-bind", cookie=cookie, ifname="p0", domain=domain)
    ask(genl, "commit", cookie=cookie, flags=1)


def dump_until_killed(report):
    """A byte for each dump."""
    reader = vsegnl.Genl()
    while True:
        reader.raw(reader.family, vsegnl.COMMANDS["port-get"], dump=True)
        os.write(report, b".")


# What went belongs to no bridge, but hangs in its list while it is in use: two
# bindings keep it there for longer than the newest of them lives.
done_with, report = os.pipe()
dumpers = []
for _ in range(2):
    dumpers.append(os.fork())
    if not dumpers[-1]:
        dump_until_killed(report)
# The slowest kernels, which see every misuse of memory, get fewer rounds.
dumps, end, rounds = 0, time.monotonic() + 20, 0
while (rounds < 60 or dumps < 200) and (rounds < 5 or time.monotonic() < end):
    links.add("p0", "dummy", master="br0")
    bind("web")
    bind("db")
    links.delete("p0")
    rounds += 1
    dumps += len(os.read(done_with, 1 << 16))
for pid in dumpers:
    os.kill(pid, 9)
    os.waitpid(pid, 0)
ok(dumps > rounds, f"{dumps} dumps while a port left {rounds} times")
equal("ports in the end", genl.dump("port-get"), [])
done()
END
