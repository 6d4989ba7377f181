#!/bin/bash
# A cell between the host and itself goes as it came: taking it back allows nothing.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

hv_up
bridge_up br0
policy <<'POLICY'
bridge add br0
domain add web
POLICY
script <<'PYTHON'
from check import *
genl = vsegnl.Genl()


def cells():
    return sorted((one["src"], one["dst"], one["action"])
                  for one in genl.dump("cell-get"))


before = cells()
equal("cells of a fresh policy", before, [("web", "web", "allow")])
for name in "host", "routed":
    for action in 0, 1:
        ask(genl, "cell-set", src=name, dst=name, action=action)
        ok(len(cells()) == len(before) + 1, f"{name}: the cell is listed")
        ask(genl, "cell-del", src=name, dst=name)
        equal(f"cells without {name}'s", cells(), before)
        refused(genl, "ENOENT", "cell-del", src=name, dst=name)

# Of an operator's domain the cell that was there before comes back.
ask(genl, "cell-set", src="web", dst="web", action=0)
equal("cells that deny", cells(), [("web", "web", "deny")])
ask(genl, "cell-del", src="web", dst="web")
equal("cells afterwards", cells(), before)
done()
PYTHON
