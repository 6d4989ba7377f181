#!/bin/bash
# A guest moves to another host: its connection goes on with its flows imported, late or not, and a kept one past its rule.
#
#   web0 --- br0 (this host) --- up0 ===== up1 --- br0 (hv2) --- web0, later
#   db1 -----'
# shellcheck source=lib.sh
# time limit: 120
. "${0%/*}/../lib.sh"

lab_up mcast_snooping 0
guests web0 db1
ip netns add hv2
ip link add up0 type veth peer name up1 netns hv2
ip link set up0 master br0 up
ip -netns hv2 -batch - <<'END'
link add br0 type bridge mcast_snooping 0
link set br0 up
link set up1 master br0 up
END
here() { vsegctl "$@"; }
there() { vsegctl -n hv2 "$@"; }

# rules HOST: they are the same on both hosts, but for what is behind the trunk.
rules() {
	"$1" -b - <<-END
		policy set guard off
		bridge add br0
		domain add web id $2
		domain add db id $3
		cell set web db rules
		rule add web db protocol tcp port 4000 state
		rule add web db protocol tcp port 4001 state keep
		rule add web db protocol icmp state
	END
}
rules here 1000 2000
rules there 3000 4000
works here port bind web0 web
works here port bind db1 db
works here port bind up0 trunk default web
works there port bind up1 trunk default db

script "${ip4[web0]}" "${ip4[db1]}" "$lab_dir" <<'END'
import json
import socket
import subprocess
import time
from check import *
from ends import Namespace
web, db, where = sys.argv[1:4]


def run(*words):
    return subprocess.run(words, capture_output=True, text=True, check=False)


def there(*words):
    return run("vsegctl", "-j", "-n", "hv2", *words)


def connect(port):
    with Namespace("db1"):
        server = socket.create_server((db, port))
    with Namespace("web0"):
        client = socket.create_connection((db, port), 60)
    peer, _ = server.accept()
    peer.settimeout(60)
    client.sendall(b"before")
    equal("there", peer.recv(100), b"before")
    peer.sendall(b"too")
    equal("and back", client.recv(100), b"too")
    return client, peer


def talk(ends, text):
    client, peer = ends
    client.sendall(text)
    equal("it goes on", peer.recv(100), text)
    peer.sendall(text)
    equal("and back", client.recv(100), text)


def silent(sock):
    sock.setblocking(False)
    try:
        equal("nothing came", sock.recv(100), None)
    except BlockingIOError:
        ok(True, "nothing")
    sock.settimeout(60)


def invalid():
    found = json.loads(there("stats").stdout)["totals"].get("reason", [])
    return sum(one["packets"] for one in found if one["reason"] == "state-invalid")


def move(*words):
    equal(" ".join(words), run("ip", *words).stderr, "")


plain, kept = connect(4000), connect(4001)
out = run("vsegctl", "state", "export", "--port", "web0", "--address", web, "-o", where + "/flows")
equal("export", (out.returncode, out.stderr), (0, ""))
flows = [json.loads(line) for line in open(where + "/flows")][1:]
equal("flows", sorted((one["destination_port"], one["keep"]) for one in flows),
      [(4000, False), (4001, True)])
move("link", "set", "web0", "netns", "hv2")
move("-netns", "hv2", "link", "set", "web0", "master", "br0", "up")
equal("bound", there("port", "bind", "web0", "web").returncode, 0)

# What is late: meanwhile nothing passes, and what isn't of these flows does.
had = invalid()
plain[0].sendall(b"late")
limit = time.monotonic() + 60
while invalid() == had and time.monotonic() < limit:
    time.sleep(0.05)
equal("refused on the way", invalid() > had, True)
silent(plain[1])
equal("ping", run("ip", "netns", "exec", "web0", "ping", "-n", "-q", "-c", "1", "-W", "10", db).returncode, 0)

# A file that is cut off, or a domain that isn't there: nothing, or the rest.
text = open(where + "/flows").read()
with open(where + "/cut", "w") as file:
    file.write(text[:-20])
out = there("state", "import", where + "/cut", "--port", "web0")
equal("a file that is cut off", (out.returncode, "cut off" in out.stderr), (1, True))
equal("zones after it", len(json.loads(there("zone").stdout)), 1)
with open(where + "/part", "w") as file:
    file.write(text.replace('"to":"db"', '"to":"nobody"').replace('"to": "db"', '"to": "nobody"'))
out = there("state", "import", where + "/part", "--port", "web0")
equal("domains that aren't there", (out.returncode, json.loads(out.stdout)),
      (2, {"imported": 0, "there": 0, "failed": 2}))
out = there("state", "import", where + "/flows", "--port", "web0")
equal("import", (out.returncode, out.stderr, json.loads(out.stdout or "{}")),
      (0, "", {"imported": 2, "there": 0, "failed": 0}))

# A commit before the first frame: what is kept outlives its rule, what isn't
# doesn't.
equal("rules go", there("rule", "del", "web", "db", "all").returncode, 0)
talk(kept, b"kept")
silent(plain[1])
equal("another commit", there("domain", "add", "other").returncode, 0)
talk(kept, b"kept still")
silent(plain[1])
zones = json.loads(there("zone").stdout)
equal("zones", [(one["domain"], one["peer"], one.get("keep")) for one in zones],
      [("web", "db", True)])
# Nor does a new one begin.
with Namespace("web0"):
    new = socket.socket()
    new.settimeout(2)
    try:
        new.connect((db, 4001))
        equal("a new connection", "up", "refused")
    except OSError:
        ok(True, "refused")
done()
END
R=$(there -j status | jq .flows)
holds "flows there" "$R >= 1"
sums ports-gone
works there off
