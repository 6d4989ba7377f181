#!/bin/bash
# A transaction is in force as a whole at its commit, and gone as a whole otherwise.
# kernels: one
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

hv_up
bridge_up br0
ip link add p0 master br0 type dummy
script <<'END'
from check import *
import vsegnl
one, two = vsegnl.Genl(), vsegnl.Genl()
status = lambda: ask(one, "status-get")

# Edits are not seen before the commit.
before = vsegnl.state(two)
txn = ask(one, "begin")
ok(txn["cookie"] > 0, "a cookie is never 0")
equal("base generation", txn["generation"], 0)
cookie = txn["cookie"]
ask(one, "bridge-add", cookie=cookie, name="br0")
ask(one, "domain-add", cookie=cookie, name="web")
ask(one, "domain-add", cookie=cookie, name="db", id=500)
ask(one, "cell-set", cookie=cookie, src="web", dst="db", action=1)
same_state(two, before, "before the commit")

# An edit that is refused leaves the transaction as it was.
refused(one, "EEXIST", "domain-add", cookie=cookie, name="web", at="name")
refused(one, "ENOENT", "cell-set", cookie=cookie, src="web", dst="nil",
        action=1, at="dst")
reply = ask(one, "commit", cookie=cookie)
equal("generation after the commit", reply["generation"], 1)
equal("warnings", reply.get("warnings", 0), 0)
equal("domains", status()["domains"], 2)
equal("listed cells", status()["cells"], 1)
equal("id of db", ask(two, "domain-get", name="db")["id"], 500)
after = vsegnl.state(two)

# The cookie is used up.
refused(one, "ENOENT", "commit", cookie=cookie, at="cookie")
refused(one, "ENOENT", "abort", cookie=cookie, at="cookie")
refused(one, "ENOENT", "domain-add", cookie=cookie, name="x", at="cookie")
same_state(two, after, "a used cookie")

# Abort.
cookie2 = ask(one, "begin")["cookie"]
ok(cookie2 != cookie, "a cookie is not used twice")
ask(one, "domain-add", cookie=cookie2, name="gone")
ask(one, "cell-del", cookie=cookie2, src="web", dst="db")
ask(one, "abort", cookie=cookie2)
refused(one, "ENOENT", "commit", cookie=cookie2, at="cookie")
same_state(two, after, "an aborted transaction")

# Of two transactions with the same base, the second is refused and gone.
first, second = ask(one, "begin"), ask(two, "begin")
equal("base of both", [first["generation"], second["generation"]], [1, 1])
ask(one, "domain-add", cookie=first["cookie"], name="first")
ask(two, "domain-add", cookie=second["cookie"], name="second")
equal("generation", ask(one, "commit", cookie=first["cookie"])["generation"], 2)
after = vsegnl.state(two)
for command, more in (("domain-add", {"name": "late"}),
                      ("port-bind", {"ifname": "p0", "domain": "web"}),
                      ("port-unbind", {"ifname": "p0"})):
    refused(two, "ESTALE", command, cookie=second["cookie"], **more)
refused(two, "ESTALE", "commit", cookie=second["cookie"])
refused(two, "ENOENT", "commit", cookie=second["cookie"], at="cookie")
same_state(two, after, "a stale transaction")

# A single edit is a transaction too: it moves the generation, and makes others
# stale.
open_one = ask(one, "begin")["cookie"]
ask(two, "domain-del", name="first")
equal("generation", status()["generation"], 3)
refused(one, "ESTALE", "commit", cookie=open_one)

# A transaction belongs to its socket.
cookie = ask(one, "begin")["cookie"]
ask(one, "domain-add", cookie=cookie, name="mine")
after = vsegnl.state(two)
for command, more in (("domain-add", {"name": "yours"}), ("abort", {}),
                      ("cell-set", {"src": "web", "dst": "db", "action": 0}),
                      ("commit", {})):
    error = refused(two, "ENOENT", command, cookie=cookie, at="cookie", **more)
same_state(two, after, "a cookie of another socket")
equal("generation", ask(one, "commit", cookie=cookie)["generation"], 4)
ok(ask(two, "domain-get", name="mine"), "the owner's commit counts")

# Cookies that never were.
for wrong in (cookie + 1000, 2 ** 64 - 1, 1):
    refused(one, "ENOENT", "commit", cookie=wrong, at="cookie")
refused(one, "ENOENT", "domain-add", cookie=0, name="zero", at="cookie")
# Flags of commit: nowait, check, and none that don't exist.
cookie = ask(one, "begin")["cookie"]
refused(one, "EINVAL", "commit", cookie=cookie, flags=4, at="flags")
before = vsegnl.state(two)
ask(one, "domain-add", cookie=cookie, name="checked")
equal("generation", ask(one, "commit", cookie=cookie, flags=2)["generation"], 4)
same_state(two, before, "a commit that is only checked")
equal("generation", ask(one, "commit", cookie=cookie, flags=1)["generation"], 5)
done()
END

# The same in the command: an error names the line, and nothing is done.
lab_start
lab state save before
printf '%s\n' '# a batch' 'domain add one' '' 'domain add two words' >"$lab_dir/bad"
fails vsegctl -b "$lab_dir/bad"
printf '%s\n' '# a batch' 'domain add one' '' 'policy allow one nowhere' >"$lab_dir/bad"
refused 'bad:4: .*nowhere|bad:4: .*no such|bad:4: ' vsegctl -b "$lab_dir/bad"
untouched before
