#!/bin/bash
# A port that leaves while it has two bindings doesn't trip up who dumps the ports.
# kernels: one
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
from check import *
import rtnl

links, genl = rtnl.Rtnl(), vsegnl.Genl()


def bind(domain):
    """A commit that doesn't wait: the port has its old binding as well, until
    the commit is settled."""
    cookie = ask(genl, "begin")["cookie"]
    ask(genl, "port-bind", cookie=cookie, ifname="p0", domain=domain)
    ask(genl, "commit", cookie=cookie, flags=1)


def dump_when_told(go, report):
    """A batch of dumps for each byte, and a byte back."""
    reader = vsegnl.Genl()
    while os.read(go, 1):
        for _ in range(DUMPS):
            reader.raw(reader.family, vsegnl.COMMANDS["port-get"], dump=True)
        os.write(report, b".")
    os._exit(0)


# What went belongs to no bridge, but hangs in its list while it is in use: two
# bindings keep it there for longer than the newest of them lives.
ROUNDS, DUMPS, DUMPERS = 40, 8, 2
go, say = os.pipe()
done_with, report = os.pipe()
dumpers = []
for _ in range(DUMPERS):
    dumpers.append(os.fork())
    if not dumpers[-1]:
        os.close(say)
        dump_when_told(go, report)
dumped = 0
for _ in range(ROUNDS):
    links.add("p0", "dummy", master="br0")
    bind("web")
    bind("db")
    os.write(say, b"!" * DUMPERS)
    links.delete("p0")
    end = dumped + DUMPERS
    while dumped < end:
        dumped += len(os.read(done_with, DUMPERS))
os.close(say)
for pid in dumpers:
    equal("status of a dumper", os.waitpid(pid, 0)[1], 0)
equal("ports in the end", genl.dump("port-get"), [])
done()
END
