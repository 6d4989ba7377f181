#!/bin/bash
# A trunk with a long map is told whole, alone and among others, however small the reader starts.
# kernels: one
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

hv_up
bridge_up br0 vlan_filtering 1
ports=(a0 up0 b0 up1 c0)
for port in "${ports[@]}"; do
	ip link add "$port" master br0 up type dummy
done
ranges=700
{
	echo 'bridge add br0'
	echo 'domain add averyveryverylongdomainname1'
	echo 'domain add averyveryverylongdomainname2'
	for port in up0 up1; do
		printf 'port bind %s trunk' $port
		for ((i = 1; i <= ranges; i++)); do
			printf ' vlan %d averyveryverylongdomainname%d' $((i * 2)) \
				$((i % 2 + 1))
		done
		echo
	done
	echo 'port bind c0 averyveryverylongdomainname1'
} | policy

script $ranges "${ports[@]}" <<'PYTHON'
from check import *
ranges, ports = int(sys.argv[1]), sys.argv[2:]
want = [{"first": i * 2, "last": i * 2,
         "domain": f"averyveryverylongdomainname{i % 2 + 1}"}
        for i in range(1, ranges + 1)]


def whole(text, found):
    equal(f"{text}: ports", sorted(one["ifname"] for one in found),
          sorted(ports))
    for one in found:
        equal(f"{text}: map of {one['ifname']}", one.get("vlan", []),
              want if one["ifname"].startswith("up") else [])


# A fresh socket, and one that has already read a lot.
genl = vsegnl.Genl()
for turn in "first", "second":
    whole(f"{turn} dump", genl.dump("port-get"))
for name in "up0", "up1":
    found = genl.call("port-get", attrs("port", ifname=name))
    equal(f"{name} alone", found[0]["vlan"], want)
whole("dump after get", genl.dump("port-get"))
done()
PYTHON

# The command as well.
json '[.. | objects | select(.ifname? == "up1") | .vlan? // [] | length] | max' \
	port show
is "ranges of up1 by vsegctl" "$R" $ranges
works vsegctl port show
works vsegctl port show up0
is "lines that name c0" "$(vsegctl port show | grep -c c0)" 1

# A short one takes its place.
works vsegctl port bind up0 averyveryverylongdomainname1
json '[.. | objects | select(.ifname? == "up0") | .vlan? // [] | length] | max' \
	port show
is "ranges of up0 that is no trunk any more" "$R" 0
