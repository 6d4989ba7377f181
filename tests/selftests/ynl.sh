#!/bin/bash
# The kernel tree's own YNL command drives every operation of the family by its spec.
# kernels: one
# time limit: 180
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

lab_up
taps web0 db0
cli=$(compgen -G '/ynl/tools/net/ynl/*cli.py' || compgen -G '/ynl/tools/net/ynl/pyynl/cli.py')
schema=/ynl/Documentation/netlink/genetlink.yaml
spec=$top/Documentation/netlink/specs/vseg.yaml

# Once as a user would, with the schema checked.
text=$(python3 "$cli" --spec "$spec" --schema "$schema" --do status-get --output-json)
is "active, by the command" "$(jq .active <<<"$text")" 0

# Then all in one process, and on one socket: it is the command's main() all the
# same.
cat >"$lab_dir/drive.py" <<'END'
import contextlib
import io
import json
import os
import sys
import time

command, spec = sys.argv[1:3]
sys.path[:0] = [os.path.dirname(command), os.environ["PYTHONPATH"]]
import cli  # noqa: E402
import check  # noqa: E402
import yaml  # noqa: E402


class Family(cli.YnlFamily):
    """Passes over the pads of a kernel that aligns numbers, which can't be read."""

    def _decode(self, attrs, space, *rest):
        known_as = self.attr_sets[space].attrs_by_val
        return super()._decode([attr for attr in attrs
                                if attr.type not in known_as or
                                known_as[attr.type].type != "pad"], space, *rest)


# The spec is long, and the machine may be slow: read it once.
read_yaml, known = yaml.safe_load, {}
yaml.safe_load = lambda file: known.setdefault(file.name, None) or \
    known.__setitem__(file.name, read_yaml(file)) or known[file.name]
family = Family(spec, "")
listeners = [Family(spec, "") for _ in range(2)]
for listener, group in zip(listeners, ("config", "drops")):
    listener.ntf_subscribe(group)
cli.YnlFamily = lambda *_, **__: family
used = set()


def run(how, operation, **attrs):
    used.add((how, operation))
    sys.argv = ["cli.py", "--spec", spec, "--no-schema", "--output-json",
                "--" + how, operation, "--json", json.dumps(
                    {key.replace("_", "-"): value
                     for key, value in attrs.items()})]
    out = io.StringIO()
    try:
        with contextlib.redirect_stdout(out):
            cli.main()
    except SystemExit:
        return {"error": out.getvalue()}
    text = out.getvalue().strip()
    return json.loads(text) if text else None


def do(operation, **attrs):
    answer = run("do", operation, **attrs)
    check.ok(not isinstance(answer, dict) or "error" not in answer,
             f"{operation} {attrs}: {answer}")
    return answer or {}


def dump(operation):
    return run("dump", operation)


cookie = do("begin")["cookie"]
do("domain-add", cookie=cookie, name="never")
do("abort", cookie=cookie)
cookie = do("begin")["cookie"]
do("bridge-add", cookie=cookie, name="br0")
do("domain-add", cookie=cookie, name="web", id=100)
do("domain-add", cookie=cookie, name="db")
do("cell-set", cookie=cookie, src="web", dst="db", action="allow")
do("cell-set", cookie=cookie, src="any", dst="web", action="deny",
   flags=["monitor"])
do("port-bind", cookie=cookie, ifname="web0", domain="web")
do("port-bind", cookie=cookie, ifname="db0", kind="trunk", domain="db",
   vlan=[{"first": 10, "last": 20, "domain": "web"}])
check.equal("generation", do("commit", cookie=cookie)["generation"], 1)

check.equal("domain-get", do("domain-get", name="web")["id"], 100)
names = [one["name"] for one in dump("domain-get")]
check.ok({"web", "db"} <= set(names) and "never" not in names, f"{names}")
check.equal("bridge-get", do("bridge-get", name="br0")["mode"], "enforce")
do("bridge-set", name="br0", mode="monitor")
check.equal("bridges", [one["mode"] for one in dump("bridge-get")],
            ["monitor"])
port = do("port-get", ifname="db0")
check.equal("kind", port["kind"], "trunk")
check.equal("VLANs", port["vlan"][0]["last"], 20)
check.equal("ports", len(dump("port-get")), 2)
do("port-unbind", ifname="db0")
check.equal("kind", do("port-get", ifindex=port["ifindex"])["kind"],
            "unlabelled")
cell = do("cell-get", src="any", dst="web")
check.equal("action", cell["action"], "deny")
check.equal("flags", cell["flags"], ["monitor"])
check.ok(len(dump("cell-get")) >= 4, "cells")
do("cell-del", src="any", dst="web")
do("settings-set", flood_events=1, unmanaged="drop")
settings = do("settings-get")
check.equal("unmanaged", settings["unmanaged"], "drop")
check.equal("flood-events", settings["flood-events"], 1)
check.equal("pairs", dump("pair-get"), [])
status = do("status-get")
check.equal("domains", status["domains"], 2)

# Rules of a cell.
do("cell-set", src="db", dst="web", action="rules", services=["dhcp"])
do("rule-add", src="db", dst="web", action="deny", name="no telnet",
   match=[{"field": "protocol", "first": 6},
          {"field": "destination-port", "first": 23}])
have = dump("rule-get")
check.equal("rules", [(one["src"], one["dst"], one["index"], one["action"],
                       one["name"]) for one in have],
            [("db", "web", 0, "deny", "no telnet")])
check.equal("matches", [(one["field"], one["first"], one["last"])
                        for one in have[0]["match"]],
            [("protocol", 6, 6), ("destination-port", 23, 23)])
do("rule-del", src="db", dst="web", index=0)
check.equal("rules", dump("rule-get"), [])

# The zone of a pair with a stateful rule.
do("rule-add", src="db", dst="web", action="allow", flags=["state"],
   match=[{"field": "protocol", "first": 6}])
zone = do("zone-add", bridge="br0", domain="db", peer="web")
check.equal("zones", [(one["id"], one["bridge"], {one["domain"], one["peer"]})
                      for one in dump("zone-get")],
            [(zone["id"], "br0", {"db", "web"})])
do("cell-del", src="db", dst="web")
if ("do", "domain-set") not in used:
    do("domain-set", name="web", guard_permit=["router"])

# Selectors, and what would be decided; a generation back and forth.
do("selector-add", type="glob", pattern="x*", domain="web")
check.equal("selectors", [(one["type"], one["pattern"], one["domain"])
                          for one in dump("selector-get")],
            [("glob", "x*", "web")])
check.equal("decision", do("decide", src="web", dst="db")["action"], "allow")
do("selector-del", type="glob", pattern="x*")
check.equal("selectors", dump("selector-get"), [])
do("rollback")
check.equal("selectors", len(dump("selector-get")), 1)
do("rollback")
cookie = do("begin")["cookie"]
do("settings-set", cookie=cookie, flood_events=0)
do("commit", cookie=cookie, confirm=60)
check.equal("pending", do("status-get")["confirm-left"] > 0, True)
do("confirm")
check.equal("log", [one["op"] for one in dump("log-get")][-3:],
            ["rollback", "commit", "confirm"])

# A refusal, with the kernel's words and the attribute.
answer = run("do", "domain-add", name="9lives")["error"]
for word in ("Invalid argument", "extack", "bad-attr", ".name"):
    check.ok(word in answer, f"the refusal lacks {word}: {answer}")
answer = run("do", "cell-set", src="web")["error"]
for word in ("miss-type", "dst"):
    check.ok(word in answer, f"the refusal lacks {word}: {answer}")

# Notifications.
def told(listener):
    listener.check_ntf()
    found = []
    queue = listener.async_msg_queue
    while queue:
        found.append(queue.pop(0) if isinstance(queue, list)
                     else queue.get_nowait())
        if not isinstance(queue, list) and queue.empty():
            break
    return found


told(listeners[0])
do("domain-add", name="later")
do("bridge-set", name="br0", mode="enforce")
events = told(listeners[0])
check.equal("config events", [(one["name"], one["msg"]["event"])
                              for one in events], [("config-ntf", "commit")] * 2)
used.add(("event", "config-ntf"))
with open(os.environ["FIFO"], "w", encoding="ascii") as file:
    file.write("go\n")
for _ in range(200):
    events = told(listeners[1])
    if events:
        break
    time.sleep(0.1)
check.ok(events, "a drop event")
for one in events[:1]:
    check.equal("operation", one["name"], "drop-ntf")
    check.equal("reason", one["msg"]["reason"], "unlabelled-dst")
    check.equal("port", one["msg"]["in-ifname"], "web0")
    used.add(("event", "drop-ntf"))
do("domain-del", name="later")
do("bridge-del", name="br0")
do("off")
check.equal("active", do("status-get")["active"], 0)

# Each operation in each of its modes.
for name, op in family.msgs.items():
    for mode in op.modes:
        check.ok((mode, name) in used, f"{name} was not used as {mode}")
check.done()
END
export FIFO=$lab_dir/fifo
mkfifo "$FIFO"
exec {fifo}<>"$FIFO"
python3 "$lab_dir/drive.py" "$cli" "$spec" &
pid=$!
read -r -t 60 _ <&"$fifo" || flunk "the driver did not come to its drop"
lab send web0 db0 udp
wait "$pid" || flunk "driving by YNL ended with status $?"
