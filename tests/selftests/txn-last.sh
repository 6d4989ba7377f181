#!/bin/bash
# Of edits of one transaction that contradict each other the last one counts, or the commit is refused.
# kernels: one
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

lab_up
taps p0 p1
ip link add other type dummy
script <<'END'
from check import *
one = vsegnl.Genl()

# Nothing in it, and nothing there.
cookie = ask(one, "begin")["cookie"]
refused(one, "EINVAL", "commit", "empty", cookie=cookie)
equal("active", ask(one, "status-get")["active"], 0)
done()
END

standard <<'END'
port bind p0 web
port bind p0 db
port bind p1 web
port unbind p1
END
json '.[0].domain' port show p0
is "the domain of p0" "$R" db
json '.[0].domain' port show p1
is "the domain of p1" "$R" unlabelled
lab state save before

# A label in the map of a port is a label.
refused '2: domain del: .*attribute name' vsegctl -b - <<'END'
port bind p1 trunk default web vlan 10 mgmt
domain del mgmt
END
untouched before

# A port of a bridge that is to be managed no more.
refused 'not in a managed bridge' vsegctl -b - <<'END'
port bind p1 web
bridge del br0
END
untouched before

refused 'not a bridge .*attribute name' vsegctl bridge add other
refused 'no such cell' vsegctl policy cells db web
script <<'END'
from check import *
one = vsegnl.Genl()
many = attrs("port", ifname="p1", kind=vsegnl.ENUMS["port-kind"]["trunk"])
many += attrs("port", vlan=[attrs("vlan", first=1, last=1, domain="web")]) * 4097
refused(one, "EINVAL", "port-bind", "more ranges", data=many)
done()
END
untouched before
sums
