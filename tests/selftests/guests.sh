#!/bin/bash
# Guests with a real IP stack: resolution passes by itself, replies need a cell, TCP counts whole.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

lab_up v6=1
ip -batch - <<'END'
address add 10.0.0.254/24 dev br0
address add fd00::fe/64 dev br0 nodad
END
guests web1 db1
standard <<'END'
policy allow db web
port bind web1 web
port bind db1 db
END
pings web1 "${ip4[db1]}"
pings web1 "${ip6[db1]}"
pings db1 "${ip4[web1]}"

# 4 MB by TCP, in frames longer than any wire takes: each counts once, in full.
reads port web1 rx-bytes
before=$R
reads port web1 rx-packets
packets=$R
script "${ip4[db1]}" <<'END'
import socket
import threading
from check import *
from ends import Namespace
with Namespace("db1"):
    server = socket.socket()
    server.bind((sys.argv[1], 4000))
    server.listen()
with Namespace("web1"):
    client = socket.socket()
client.settimeout(30)
got = []


def serve():
    with server.accept()[0] as peer:
        while data := peer.recv(1 << 20):
            got.append(len(data))


thread = threading.Thread(target=serve)
thread.start()
client.connect((sys.argv[1], 4000))
client.sendall(bytes(4 << 20))
client.close()
thread.join(30)
equal("bytes that came through", sum(got), 4 << 20)
done()
END
reads port web1 rx-bytes
bytes=$((R - before))
reads port web1 rx-packets
packets=$((R - packets))
holds "$bytes bytes counted of 4 MB with their headers" \
	"$bytes > 4194304 && $bytes < 4194304 + 2 * 66 * (4194304 / 1448 + 100)"
holds "$packets packets, most of them long" "$packets < 4194304 / 1448"

# One way only: the request passes, the reply does not; resolution still does.
works vsegctl policy del db web
ip -n web1 neigh flush dev eth0
ip -n db1 neigh flush dev eth0
refuses web1 "${ip4[db1]}" "${ip6[db1]}"
for guest in web1 db1; do
	neighbours=$(ip -n "$guest" neigh show nud reachable nud stale nud delay)
	like "neighbours of $guest" "$neighbours" 'fd00::6.*lladdr'
	like "neighbours of $guest" "$neighbours" '10\.0\.0\.10.*lladdr'
done
reads pair db web packets
holds "replies that were dropped: $R" "$R >= 2"
counts 0 pair web db packets

# The host, in and out.
refuses web1 10.0.0.254
policy <<'END'
policy allow web host
policy allow host web
END
pings web1 10.0.0.254
pings web1 fd00::fe
refuses db1 10.0.0.254
