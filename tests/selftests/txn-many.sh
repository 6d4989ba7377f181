#!/bin/bash
# Only so many transactions are open at once, whosesoever; those of a socket that closes make room.
# kernels: one
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

lab_up
script <<'END'
from check import *
import time
one, two = vsegnl.Genl(), vsegnl.Genl()
cookies = set()
try:
    for turn in range(100000):
        cookies.add(ask((one, two)[turn % 2], "begin")["cookie"])
except vsegnl.Refused as error:
    equal("the refusal", name_of(error), "EBUSY")
    ok("too many open transactions" in error.msg, error.msg)
equal("different cookies", len(cookies), turn)
ok(turn >= 16, f"{turn} at once")

# An edit without a transaction of its own needs no place.
ask(one, "domain-add", name="web")
refused(one, "EBUSY", "begin", "too many open transactions")
two.close()
limit = time.monotonic() + 20
while time.monotonic() < limit:
    try:
        ask(one, "begin")
        break
    except vsegnl.Refused:
        time.sleep(0.05)
else:
    fail("no room after a socket was closed")
ok(True, "room again")
done()
END
