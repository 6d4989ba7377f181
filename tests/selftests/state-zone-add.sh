#!/bin/bash
# A zone that is asked for: what is refused, in words, and when no number is left.
# kernels: one
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

# Where VLANs are filtered, guests choose none: so all numbers can be had by tag.
lab_up vlan_filtering 1
policy <<'END'
bridge add br0
domain add web
domain add db
domain add mgmt
cell set web db allow
END
script <<'END'
import vsegnl
from check import done, refused

genl = vsegnl.Genl()
refused(genl, "ENOENT", "zone-add", says="no stateful rules",
        bridge="br0", domain="web", peer="db")
refused(genl, "EINVAL", "settings-set", says="behind the last",
        at="state-zone-first", state_zone_first=200, state_zone_last=100)
done()
END

policy <<'END'
cell set web db rules
rule add web db protocol udp state
END
script <<'END'
import vsegnl
from check import ask, done, equal, ok, refused

genl = vsegnl.Genl()
good = {"bridge": "br0", "domain": "web", "peer": "db"}


def no(want, **values):
    """Without what is None."""
    says, at, missing = (values.pop(key, None)
                         for key in ("says", "at", "missing"))
    left = {key: value for key, value in {**good, **values}.items() if value}
    refused(genl, want, "zone-add", says=says, at=at, missing=missing, **left)


no("EINVAL", says="bridge", missing="bridge", bridge=None)
no("EINVAL", says="domain", missing="domain", domain=None)
no("EINVAL", says="domain", missing="peer", peer=None)
no("ENOENT", says="is managed", at="bridge", bridge="br9")
no("ENOENT", says="no such domain", at="domain", domain="nobody")
no("ENOENT", says="no such domain", at="peer", peer="nobody")
no("ENOENT", says="between these domains", at="peer", peer="mgmt")
equal("zones", genl.dump("zone-get"), [])

ask(genl, "settings-set", state_zone_first=100, state_zone_last=101)
one = ask(genl, "zone-add", vid=1, **good)["id"]
two = ask(genl, "zone-add", vid=2, **good)["id"]
equal("numbers", {one, two}, {100, 101})
# It is there already, whoever is named first.
equal("the same", ask(genl, "zone-add", vid=1, bridge="br0", domain="db",
                      peer="web")["id"], one)
no("ENOSPC", says="no zone is left", vid=3)
equal("VLANs", sorted(item["vid"] for item in genl.dump("zone-get")), [1, 2])
ok(ask(genl, "status-get")["zones"] == 2, "two zones are counted")
done()
END
