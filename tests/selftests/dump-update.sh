#!/bin/bash
# A dump that an update interrupts says so, and one that does not is of one generation.
# kernels: one
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

hv_up
bridge_up br0
{
	echo 'bridge add br0'
	for ((i = 0; i < 400; i++)); do
		echo "domain add d$i"
		echo "policy allow d$i host"
	done
} | vsegctl -b -
script <<'END'
from check import *
import struct
reader, writer = vsegnl.Genl(), vsegnl.Genl()


def slow_dump(command, between):
    """The dump's items; `between` runs behind its first part."""
    which = vsegnl.set_of(command)
    seq = reader.send(reader.family, struct.pack(
        "=BBH", vsegnl.COMMANDS[command], 1, 0),
        vsegnl.NLM_F_REQUEST | vsegnl.NLM_F_DUMP)
    items, parts, broken = [], 0, False
    while True:
        data, at = reader.sock.recv(1 << 20), 0
        parts += 1
        while at < len(data):
            size, kind, flags, number, _ = struct.unpack_from("=IHHII", data, at)
            body = data[at + 16:at + size]
            at += (size + 3) & ~3
            if number != seq:
                continue
            broken |= bool(flags & vsegnl.NLM_F_DUMP_INTR)
            if kind == vsegnl.NLMSG_DONE:
                return items, parts, broken
            items.append(vsegnl.decode(which, body[4:]))
        if parts == 1:
            between()


def keys(items, command):
    return [(one["src"], one["dst"]) if command == "cell-get" else one["name"]
            for one in items]


for command, least in (("domain-get", 400), ("cell-get", 800)):
    items, parts, broken = slow_dump(command, lambda: None)
    ok(parts > 2, f"{command}: comes in {parts} parts")
    ok(not broken, f"{command}: nobody interrupted it")
    ok(len(items) >= least, f"{command}: {len(items)} items")
    whole = keys(items, command)
    equal(f"{command}: doubles", len(whole), len(set(whole)))

    # Something goes that was told, something comes that was not.
    def change():
        ask(writer, "domain-add", name="zzz")
        ask(writer, "domain-del", name="zzz")
        ask(writer, "cell-del", src="d0", dst="host")
    items, parts, broken = slow_dump(command, change)
    ok(broken, f"{command}: interrupted, and says so")
    found = keys(items, command)
    equal(f"{command}: doubles", len(found), len(set(found)))
    ok(not set(whole) - set(found) - {("d0", "host")},
       f"{command}: what was there all the time is in it")
    ask(writer, "cell-set", src="d0", dst="host", action=1)

# A change that is not of the policy counts as well: a port that comes.
import subprocess


def port():
    subprocess.run(["ip", "link", "add", "p0", "master", "br0", "type",
                    "veth", "peer", "name", "p1"], check=True)
items, parts, broken = slow_dump("domain-get", port)
done()
END

# The command tries again until it has one generation: each has x or y.
vsegctl domain add x
swap() {
	while :; do
		vsegctl -b - <<<$'domain del x\ndomain add y'
		vsegctl -b - <<<$'domain del y\ndomain add x'
	done
}
swap &
for ((i = 0; i < 8; i++)); do
	json '[.. | objects | .name? | select(. == "x" or . == "y")] | length' \
		domain show
	is "of x and y in one dump" "$R" 1
done
kill $!
wait $! || :
