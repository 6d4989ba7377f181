#!/bin/bash
# A frame that waits while its port leaves the bridge does not arrive by the port's new place.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

lab_up
taps web0 db0
bridge_up plain
standard <<'POLICY'
policy set guard off
port bind web0 web
port bind db0 db
policy deny web db
policy allow db host
policy allow host db
POLICY
modprobe -a nf_tables nft_queue nfnetlink_queue 2>/dev/null ||
	skip "this kernel has no queue for nftables"
# Before vseg, so that vseg decides what comes back from the queue.
nft -f - <<'RULES' || skip "nft knows no queue for bridges"
table bridge hold {
	chain f { type filter hook forward priority -200; ether type ip queue num 5; }
	chain i { type filter hook input priority -200; iifname "db0" ether type ip queue num 5; }
	chain o { type filter hook output priority -200; oifname "db0" ether type ip queue num 5; }
}
RULES

# The queue's reader: tells when a frame is there, and lets it go at a word; the
# kernel acknowledges that when the frame is through.
cat >"$lab_dir/queue.py" <<'PYTHON'
import socket
import struct
import sys

QUEUE, PACKET, VERDICT, CONFIG = 5, 0, 1, 2
sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 12)
sock.bind((0, 0))


def ask(kind, number, data):
    body = struct.pack("!BBH", 0, 0, QUEUE) + struct.pack(
        "=HH", 4 + len(data), number) + data + b"\0" * (-len(data) % 4)
    sock.send(struct.pack("=IHHII", 16 + len(body), 3 << 8 | kind, 5, 1, 0) +
              body)
    error = struct.unpack_from("=i", sock.recv(65536), 16)[0]
    # The kernel may have thrown the frame away with its port.
    if error and error != -2:
        raise OSError(-error, "queue")


ask(CONFIG, 1, struct.pack("!BBH", 1, 0, socket.AF_BRIDGE))
ask(CONFIG, 2, struct.pack("!IB", 0xFFFF, 2))
print("ready", flush=True)
while True:
    data, at, number = sock.recv(65536), 20, 0
    while at < len(data):
        size, kind = struct.unpack_from("=HH", data, at)
        if kind == 1:
            number = struct.unpack_from("!I", data, at + 4)[0]
        at += (size + 3) & ~3
    print("held", flush=True)
    if not sys.stdin.readline():
        break
    ask(VERDICT, 2, struct.pack("!II", 1, number))
    print("gone", flush=True)
PYTHON
coproc queue { exec python3 -S "$lab_dir/queue.py"; }

# says WORD: the reader's next word.
says() {
	local word=
	read -r -t 10 -u "${queue[0]}" word || :
	is "what the queue's reader says" "$word" "$1"
}
says ready

# moving FROM TO COMMAND...: a frame waits in the queue while the command runs.
moving() {
	lab flush
	lab send "$1" "$2" udp
	says held
	[[ ! ${3-} ]] || "${@:3}"
	echo >&"${queue[1]}"
	says gone
}

# arrived END COUNT: so many frames did.
arrived() {
	lab got "$1"
	is "frames at $1" "$(grep -c . <<<"$R" || :)" "$2"
}

# home NAME LABEL: back in br0.
home() {
	ip link set "$1" nomaster
	ip link set "$1" master br0
	lab fdb "$1"
	works vsegctl port bind "$1" "$2"
}

# lost N: so many frames were dropped for want of a port.
lost() {
	counts "$1" status internal-dropped
}

# Nothing moves: the queue changes nothing.
moving db0 host
arrived host 1
moving host db0
arrived db0 1
moving web0 db0
arrived db0 0
works vsegctl policy allow web db
moving web0 db0
arrived db0 1
works vsegctl policy deny web db
lost 0

# The sender's port is elsewhere: there is no label for what it sent before.
moving web0 db0 ip link set web0 master plain
arrived db0 0
lost 1
home web0 web
# The receiver's is.
moving web0 db0 ip link set db0 master plain
arrived db0 0
lost 2
home db0 db
# The frame is for the host.
moving db0 host ip link set db0 master plain
arrived host 0
lost 3
home db0 db

# Out of the bridge altogether; here the kernel may be first.
moving web0 db0 ip link set web0 nomaster
arrived db0 0
home web0 web
moving web0 db0 ip link set db0 nomaster
arrived db0 0
home db0 db
moving host db0 ip link set db0 nomaster
arrived db0 0
home db0 db

# Both moved to the bridge that vseg does not manage: they are its ports now.
both() {
	ip link set web0 master plain
	ip link set db0 master plain
}
reads status internal-dropped
before=$R
works vsegctl policy set unmanaged drop
moving web0 db0 both
arrived db0 0
counts 1 status unmanaged-dropped
lost "$before"
works vsegctl policy set unmanaged pass
home web0 web
home db0 db

# Into another managed bridge the port comes without a label.
bridge_up br1
works vsegctl bridge add br1
moving web0 db0 ip link set web0 master br1
arrived db0 0
home web0 web
works vsegctl policy allow web db
moving web0 db0
arrived db0 1
sums ports-gone
