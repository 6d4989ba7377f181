#!/bin/bash
# A bridge that is there twice, before a commit is settled, goes as a whole.
#
# A commit takes br0 out of the policy and doesn't wait; a rename makes a managed
# bridge of it again, before what it was until then is forgotten.  Both must be
# gone when the device is: nobody may look at it later.
# time limit: 120
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

hv_up
policy <<'END'
bridge add br1
domain add web
END
# They keep others from settling: all of them change under one hold of the lock.
for ((i = 0; i < 200; i++)); do
	echo "link add many$i group 42 type dummy"
done | ip -batch -
script <<'END'
from check import *
import rtnl

links, genl = rtnl.Rtnl(), vsegnl.Genl()


def take_away():
    """Returns before it is settled."""
    cookie = ask(genl, "begin")["cookie"]
    ask(genl, "bridge-del", cookie=cookie, name="br0")
    ask(genl, "commit", cookie=cookie, flags=1)


def keep_busy(go):
    """Holds the kernel's lock for links, each time that somebody says so."""
    others, up = rtnl.Rtnl(), False
    while os.read(go, 1):
        up = not up
        others.set_group(42, up)
    os._exit(0)


go, say = os.pipe()
busy = os.fork()
if not busy:
    os.close(say)
    keep_busy(go)

for turn in range(30):
    links.add_bridge("br0")
    links.add("p0", "dummy", master="br0")
    ask(genl, "bridge-add", name="br0", mode=0)
    ask(genl, "port-bind", ifname="p0", domain="web")
    equal("bridges", ask(genl, "status-get")["bridges-present"], 1)
    take_away()
    os.write(say, b"!")
    links.set("br0", name="br1")
    if turn % 3 == 2:
        links.set("p0", master="")
    links.delete("br1")
    links.delete("p0")
    status = ask(genl, "status-get")
    equal("bridges afterwards", status["bridges-present"], 0)
    equal("ports afterwards", genl.dump("port-get"), [])
os.close(say)
os.waitpid(busy, 0)
ask(genl, "off")
done()
END
soon 20 file_is /sys/module/vseg/refcnt 0
