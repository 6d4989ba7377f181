#!/bin/bash
# Without CAP_NET_ADMIN one may read, but change nothing, and hear no drops.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

hv_up
bridge_up br0
lab_start
lab tap p0
policy <<'END'
bridge add br0
domain add web
port bind p0 web
END
lab state save before
script <<'END'
from check import *
mine = ask(vsegnl.Genl(), "begin")["cookie"]
os.setgroups([])
os.setresgid(65534, 65534, 65534)
os.setresuid(65534, 65534, 65534)
genl = vsegnl.Genl()
equal("domain web", ask(genl, "domain-get", name="web")["name"], "web")
ok(ask(genl, "status-get"), "status can be read")
for what in ("domain", "bridge", "port", "cell", "pair"):
    ok(genl.dump(what + "-get") is not None, f"{what} can be read")

for command, values in (
        ("begin", {}), ("off", {}), ("commit", {"cookie": mine}),
        ("abort", {"cookie": mine}), ("settings-set", {"unmanaged": 1}),
        ("domain-add", {"name": "x"}), ("domain-del", {"name": "web"}),
        ("bridge-add", {"name": "br1"}), ("bridge-del", {"name": "br0"}),
        ("bridge-set", {"name": "br0", "mode": 1}),
        ("port-bind", {"ifname": "p0", "domain": "web"}),
        ("port-unbind", {"ifname": "p0"}),
        ("cell-set", {"src": "web", "dst": "host", "action": 1}),
        ("cell-del", {"src": "web", "dst": "web"}),
        # What would be refused anyway is refused for the same reason.
        ("domain-add", {}), ("commit", {"cookie": 12345}),
        ("cell-set", {"src": "nil", "dst": "host", "action": 77})):
    try:
        ask(genl, command, **values)
        ok(False, f"{command} {values}: went through")
    except vsegnl.Refused as error:
        equal(f"errno of {command} {values}", error.errno, errno.EPERM)
try:
    vsegnl.Genl(groups=["drops"])
    ok(False, "joined the drops group")
except PermissionError:
    ok(True, "")
vsegnl.Genl(groups=["config"])
done()
END
untouched before
# By the command.
text=$(setpriv --reuid 65534 --clear-groups vsegctl domain add x 2>&1) || status=$?
is "exit status of vsegctl without rights" "$status" 2
like "its words" "$text" 'domain add: .*([Pp]ermi|privilege|CAP_NET_ADMIN)'
works setpriv --reuid 65534 --clear-groups vsegctl status
untouched before
