#!/bin/bash
# A guest moves to another bridge: established TCP goes on with its flows imported there, not without.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

# Zones are by bridge: what br1 knows of flows of br0 is what another host would.
lab_up
guests web1 db1
ip link add br1 type bridge mcast_snooping 0
ip link set br1 up
policy <<'END'
policy set guard off
bridge add br0
bridge add br1
domain add web
domain add db
cell set web db rules
rule add web db protocol tcp port 4000
selector add name web1 web
selector add name db1 db
END
script "${ip4[web1]}" "${ip4[db1]}" "${TMPDIR:-/tmp}" <<'END'
import json
import socket
import subprocess
import tempfile
import time
from check import *
from ends import Namespace
web, db = sys.argv[1:3]


def run(*words):
    return subprocess.run(words, capture_output=True, text=True, check=False)


def vsegctl(*words):
    return run("vsegctl", "-j", *words)


def move(bridge):
    for dev in ("web1", "db1"):
        equal(f"{dev} to {bridge}", run("ip", "link", "set", dev, "master", bridge).stderr, "")


def totals():
    return json.loads(vsegctl("stats").stdout)["totals"]


def dropped():
    return totals()["rx_dropped"]


def invalid():
    found = totals().get("reason", [])
    return sum(one["packets"] for one in found if one["reason"] == "state-invalid")


def lost(data, counter):
    """Sent by the client it is dropped on the way, as this tells."""
    had = counter()
    client.sendall(data)
    limit = time.monotonic() + 60
    while counter() == had and time.monotonic() < limit:
        time.sleep(0.05)
    equal(f"{data} is dropped", counter() > had, True)
    peer.setblocking(False)
    try:
        equal("nothing came", peer.recv(100), None)
    except BlockingIOError:
        pass
    peer.settimeout(60)


with Namespace("db1"):
    server = socket.socket()
    server.bind((db, 4000))
    server.listen()
with Namespace("web1"):
    client = socket.socket()
client.settimeout(60)
client.connect((db, 4000))
peer, _ = server.accept()
peer.settimeout(60)
client.sendall(b"before")
equal("there", peer.recv(100), b"before")
peer.sendall(b"too")
equal("and back", client.recv(100), b"too")

with tempfile.NamedTemporaryFile(dir=sys.argv[3]) as file:
    out = vsegctl("state", "export", "--port", "web1", "--address", web, "-o", file.name)
    equal("export", (out.returncode, out.stderr), (0, ""))
    lines = [json.loads(line) for line in open(file.name)]
    equal("flows", lines[0]["flows"], 1)
    equal("state", (lines[1]["tcp_state"], lines[1]["replied"], lines[1]["assured"]),
          ("established", True, True))

    # Without its flow the connection stands still, and nothing else does.
    move("br1")
    lost(b"behind", invalid)

    out = vsegctl("state", "import", file.name, "--port", "web1")
    equal("import", (out.returncode, out.stderr, json.loads(out.stdout or "{}")),
          (0, "", {"imported": 1, "there": 0, "failed": 0}))
    equal("it goes on", peer.recv(100), b"behind")
    peer.sendall(b"on")
    equal("and back", client.recv(100), b"on")
    # Late, and once more: nothing breaks.
    out = vsegctl("state", "import", file.name, "--port", "web1")
    equal("again", json.loads(out.stdout), {"imported": 0, "there": 1, "failed": 0})
    client.sendall(b"still")
    equal("it goes on", peer.recv(100), b"still")

    # What the policy there denies stays denied, imported or not.
    run("vsegctl", "rule", "del", "web", "db", "0")
    run("vsegctl", "rule", "add", "web", "db", "protocol", "tcp", "port", "5000")
    run("conntrack", "-D", "-p", "tcp", "--dport", "4000")
    out = vsegctl("state", "import", file.name, "--port", "web1")
    equal("for another policy", json.loads(out.stdout), {"imported": 1, "there": 0, "failed": 0})
    lost(b"denied", dropped)
done()
END
