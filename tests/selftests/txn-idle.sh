#!/bin/bash
# A transaction without an edit for txn_idle seconds is aborted, a busy one is not.
# kernels: one
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

hv_up
bridge_up br0
policy <<'END'
bridge add br0
domain add web
END
parameter=/sys/module/vseg/parameters/txn_idle
is "txn_idle at first" "$(<"$parameter")" 60
fails setting txn_idle 0
fails setting txn_idle 3601
fails setting txn_idle nonsense
is "txn_idle after nonsense" "$(<"$parameter")" 60

script <<'END'
from check import *
import time

LIMIT = 2


def idle(seconds):
    with open("/sys/module/vseg/parameters/txn_idle", "w",
              encoding="ascii") as file:
        file.write(str(seconds))


def touch(genl, cookie):
    """An edit that is refused counts as one, too: the client is there."""
    refused(genl, "EEXIST", "domain-add", cookie=cookie, name="web")


def begin_all():
    """As many as may be open; their owners."""
    owners = []
    while len(owners) < 1000:
        one = vsegnl.Genl()
        try:
            cookie = ask(one, "begin")["cookie"]
        except vsegnl.Refused as error:
            equal("with all open, one more", name_of(error), "EBUSY")
            break
        owners.append((one, cookie))
    return owners


busy = vsegnl.Genl()
kept = ask(busy, "begin")["cookie"]
ask(busy, "domain-add", cookie=kept, name="kept")

# The others take all that may be open at once, and fall asleep.
sleepers = begin_all()
asleep = time.monotonic()
for one, cookie in sleepers:
    ask(one, "domain-add", cookie=cookie, name="forgotten")

# The limit is that of now, for transactions that are open already as well.
# Nobody asks for them meanwhile, which would wake them: there is room for as
# many new ones when they are gone.
idle(LIMIT)
room, others = 0, []
while room < len(sleepers) and time.monotonic() < asleep + 20:
    touch(busy, kept)
    others = begin_all()
    if others and not room:
        took = time.monotonic() - asleep
        ok(LIMIT <= took < 15, f"room after {took:.1f} s, limit {LIMIT} s")
    room = len(others)
    for one, cookie in others:
        ask(one, "abort", cookie=cookie)
        one.close()
    time.sleep(0.1)
equal("room in the end", room, len(sleepers))
idle(60)
for one, cookie in sleepers:
    refused(one, "ENOENT", "commit", cookie=cookie, at="cookie")
ask(busy, "commit", cookie=kept)
names = [one["name"] for one in busy.dump("domain-get")]
ok("kept" in names, "what the busy one had is in force")
ok("forgotten" not in names, "nothing of the others is")
done()
END
