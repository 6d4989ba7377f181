#!/bin/bash
# The transaction of a client that dies is gone, and its cookie opens nothing.
# kernels: one
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

hv_up
bridge_up br0
lab_start
policy <<'END'
bridge add br0
domain add web
END
lab state save before

# Killed between its edits and its commit.
python3 -S - <<'END' >"$lab_dir/cookie" || :
from check import *
genl = vsegnl.Genl()
cookie = ask(genl, "begin")["cookie"]
for name in ("a", "b", "c"):
    ask(genl, "domain-add", cookie=cookie, name=name)
print(cookie, flush=True)
die_hard()
END
read -r cookie <"$lab_dir/cookie"
like "the cookie of the client" "$cookie" '^[1-9][0-9]*$'
untouched before
script "$cookie" <<'END'
from check import *
cookie = int(sys.argv[1])
genl = vsegnl.Genl()
refused(genl, "ENOENT", "commit", cookie=cookie, at="cookie")
refused(genl, "ENOENT", "domain-add", cookie=cookie, name="d", at="cookie")

# A socket that gets the dead one's port id gets nothing with it.
import socket
old = vsegnl.Genl()
port = old.sock.getsockname()[0]
cookie = ask(old, "begin")["cookie"]
ask(old, "domain-add", cookie=cookie, name="e")
old.close()
new = vsegnl.Genl(family=None)
new.sock.close()
new.sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 16)
new.sock.bind((port, 0))
new.sock.setsockopt(vsegnl.SOL_NETLINK, vsegnl.NETLINK_EXT_ACK, 1)
new.sock.settimeout(20)
new._resolve("vseg")
refused(new, "ENOENT", "commit", cookie=cookie, at="cookie")

# As many as one likes may die; open ones have a bound, which says so.
for _ in range(200):
    one = vsegnl.Genl()
    ask(one, "domain-add", cookie=ask(one, "begin")["cookie"], name="f")
    one.close()
held = []
try:
    for _ in range(1000):
        held.append(vsegnl.Genl())
        ask(held[-1], "begin")
    ok(False, "1000 open transactions")
except vsegnl.Refused as error:
    ok(error.errno in (errno.EBUSY, errno.ENOSPC), f"the bound: {error}")
    ok(error.msg, "the bound has words")
for one in held:
    one.close()
one = vsegnl.Genl()
ask(one, "abort", cookie=ask(one, "begin")["cookie"])
done()
END
untouched before

# The command, in the middle of a batch that comes through a pipe.
mkfifo "$lab_dir/pipe"
vsegctl -b "$lab_dir/pipe" &
exec {to}>"$lab_dir/pipe"
echo 'domain add late' >&"$to"
pause 0.3
kill -9 "$!"
exec {to}>&-
wait "$!" || :
untouched before
works vsegctl domain add works
