#!/bin/bash
# Each file in /sys is described, each described file is there, holds one value, and the right one.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

lab_up
taps web0 db0 u0
standard <<'END'
policy deny db any
policy allow any host
policy deny any any monitor
port bind web0 web
port bind db0 trunk default db vlan 10 web
END
expect web0 db0 udp : db0=pass
expect db0 web0 udp : web0=cell-deny
expect web0 host udp : host=pass
expect u0 web0 udp : web0=unlabelled-src
expect web0 bcast arp : db0=pass u0=flood host=pass

soon 10 test -d /sys/kernel/vseg/cells/web:db
works test -d /sys/kernel/vseg/cells/any:host
works test -d /sys/kernel/vseg/cells/any:any
works test -d /sys/kernel/vseg/domains/web
script <<'END'
from check import *
import glob
import re

top = os.environ["PYTHONPATH"] + "/../.."
described = {}
for name in glob.glob(top + "/Documentation/ABI/testing/*"):
    with open(name, encoding="ascii") as file:
        text = file.read()
    for whats, entry in re.findall(
            r"(?ms)((?:^What:[^\n]*\n)+)(.*?)(?=^What:|\Z)", text):
        whats = re.findall(r"What:\s+(\S+)", whats)
        for what in whats:
            described[what] = entry
        for field in ("Date:", "Contact:", "Description:"):
            ok(field in entry, f"{whats[0]}: no {field}")
ok(len(described) > 20, f"{len(described)} files described")


def pattern(what):
    return re.compile(re.sub(r"<[^>]*>|\\\{[^}]*\\\}", "[^/]+", re.escape(what)
                             .replace(r"\<", "<").replace(r"\>", ">")) + "$")


patterns = {what: pattern(what) for what in described}
files = []
for start in ["/sys/kernel/vseg"] + glob.glob("/sys/class/net/*/vseg"):
    for place, _, names in os.walk(start):
        files += [os.path.join(place, name) for name in names]
parameters = glob.glob("/sys/module/vseg/parameters/*")
ok(len(files) > 100, f"{len(files)} files")
used = set()
for path in files + parameters:
    hits = {what for what, regex in patterns.items() if regex.match(path)}
    ok(hits, f"{path} is not described")
    used |= hits
    if "/parameters/" in path and not os.access(path, os.R_OK):
        continue
    with open(path, encoding="ascii") as file:
        value = file.read()
    ok(re.fullmatch(r"[^\n\t ]*\n", value), f"{path} holds {value!r}")
    mode = os.stat(path).st_mode & 0o777
    ok("/parameters/" in path or mode == 0o444, f"{path} has mode {mode:o}")
for what in described:
    ok(what in used, f"{what} is described and not there")

# The same numbers by netlink.
genl = vsegnl.Genl()


def group(path, stats, label):
    for key, value in stats.items():
        if key == "reason":
            continue
        name = f"{path}/{key.replace('-', '_')}"
        if not os.path.exists(name):
            ok(False, f"{name} is missing")
            continue
        with open(name, encoding="ascii") as file:
            equal(f"{label}: {key}", int(file.read()), value)
    for one in stats.get("reason", []):
        found = glob.glob(f"{path}/*{one['reason'].replace('-', '_')}*")
        if found:
            with open(found[0], encoding="ascii") as file:
                ok(int(file.read()) in (one.get("packets"),
                                        one.get("would-packets")),
                   f"{label}: {found[0]} and {one}")


group("/sys/kernel/vseg/totals", genl.call("status-get")[0]["stats"], "totals")
for port in genl.dump("port-get"):
    path = f"/sys/class/net/{port['ifname']}/vseg"
    group(path, port["stats"], port["ifname"])
    with open(path + "/kind", encoding="ascii") as file:
        equal(f"kind of {port['ifname']}", file.read().strip(), port["kind"])
bridge = genl.dump("bridge-get")[0]
group("/sys/class/net/br0/vseg", bridge["stats"], "br0")
with open("/sys/class/net/br0/vseg/mode", encoding="ascii") as file:
    equal("mode of br0", file.read().strip(), bridge["mode"])
for domain in genl.dump("domain-get"):
    path = f"/sys/kernel/vseg/domains/{domain['name']}"
    if ok(os.path.isdir(path), f"{path} is there"):
        group(path, domain["stats"], domain["name"])
for cell in genl.dump("cell-get"):
    path = f"/sys/kernel/vseg/cells/{cell['src']}:{cell['dst']}"
    if cell.get("flags", 0) & 2 and not os.path.isdir(path):
        continue
    if ok(os.path.isdir(path), f"{path} is there"):
        group(path, {key: cell[key] for key in
                     ("packets", "bytes", "would-packets", "would-bytes")
                     if key in cell}, path)
done()
END

# The same numbers by the command.
sysfs web0 rx_packets
json '[.. | objects | select(.ifname? == "web0") | .. | objects | .["rx_packets"]? // empty][0]' \
	stats port web0
have=$R
sysfs web0 rx_packets
is "rx-packets of web0, by the command" "$have" "$R"
sysfs web0 domain
is "domain of web0" "$R" web

# They come and go with what they tell of.
works vsegctl domain add late
soon 5 test -d /sys/kernel/vseg/domains/late
works vsegctl domain del late
soon 5 eval '! [[ -d /sys/kernel/vseg/domains/late ]]'
works vsegctl policy del any host
soon 5 eval '! [[ -d /sys/kernel/vseg/cells/any:host ]]'
ip link set web0 nomaster
works eval '! [[ -d /sys/class/net/web0/vseg ]]'
ip link set web0 master br0
works test -d /sys/class/net/web0/vseg
reads status generation
works vsegctl off
soon 5 eval '! [[ -d /sys/class/net/br0/vseg ]]'
checks=$((checks + 1))
file_is /sys/kernel/vseg/totals/active 0 || flunk "still active"
holds "the generation goes on" "$(</sys/kernel/vseg/totals/generation) > $R"

# An interface whose files are open goes all the same.
policy <<'END'
bridge add br0
END
exec {open}</sys/class/net/web0/vseg/rx_packets
lab close web0
soon 5 eval '! [[ -d /sys/class/net/web0 ]]'
fails read -r -u "$open" _
exec {open}<&-
