#!/bin/bash
# No port carries a domain that the policy no longer has, in whatever order one transaction edits.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

lab_up vlan_filtering 1
taps web0 db0 up0
policy <<'POLICY'
bridge add br0
domain add web
domain add db
domain add uplink
port bind web0 web
port bind db0 db
port bind up0 trunk vlan 1 uplink
policy allow any any
policy deny web db
POLICY
expect web0 db0 udp : db0=cell-deny

# refused_whole TEXT: the batch on standard input changes nothing.
refused_whole() {
	lab state save before
	refused "$1" vsegctl -b -
	untouched before
}

refused_whole 'carry|carries' <<'POLICY'
policy del web db
domain del web
POLICY
# The bridge is out of the policy while the domain goes, and back in at the end.
refused_whole 'a port carries a domain' <<'POLICY'
bridge del br0
policy del web db
domain del web
bridge add br0
POLICY
# A domain of the same name is another one.
refused_whole 'a port carries a domain' <<'POLICY'
bridge del br0
policy del web db
domain del web
bridge add br0
domain add web
POLICY
# A trunk's VLAN carries it as well as a port.
refused_whole 'a port carries a domain' <<'POLICY'
bridge del br0
domain del uplink
bridge add br0
POLICY
expect web0 db0 udp : db0=cell-deny
expect web0 up0 udp : up0=pass

# Where the same transaction gives the port another label, nothing is left over.
policy <<'POLICY'
port bind web0 db
bridge del br0
policy del web db
domain del web
bridge add br0
POLICY
counts 2 status domains
expect web0 db0 udp : db0=pass
counts db port web0 domain
policy <<'POLICY'
port unbind up0
bridge del br0
domain del uplink
bridge add br0
POLICY
expect web0 up0 udp : up0=unlabelled-dst

# Nor where the bridge stays out of it.
policy <<'POLICY'
bridge del br0
policy del any any
domain del db
POLICY
counts 0 status domains
counts 0 status ports
expect web0 db0 udp : db0=through
works vsegctl bridge add br0
expect web0 db0 udp : db0=unlabelled-src

# A rename between edit and commit: the transaction began without the bridge.
lab close host
ip link set br0 down
ip link set br0 name away
works vsegctl domain add web
works vsegctl bridge add br1
script <<'PYTHON'
import subprocess
from check import *
genl = vsegnl.Genl()


def rename(old, new):
    subprocess.run(["ip", "link", "set", old, "name", new], check=True)


def label(port):
    subprocess.run(["vsegctl", "port", "bind", port, "web"], check=True)


def carried():
    names = {one["name"] for one in genl.dump("domain-get")}
    return [one["ifname"] for one in genl.dump("port-get")
            if one.get("domain", "unlabelled") not in names |
            {"host", "routed", "unlabelled"}]


rename("away", "br0")
label("web0")
cookie = ask(genl, "begin")["cookie"]
ask(genl, "bridge-del", cookie=cookie, name="br0")
ask(genl, "domain-del", cookie=cookie, name="web")
rename("br0", "br1")
refused(genl, "EBUSY", "commit", cookie=cookie, says="carries a domain")
equal("ports with a domain that is gone", carried(), [])
cookie = ask(genl, "begin")["cookie"]
ask(genl, "bridge-del", cookie=cookie, name="br1")
ask(genl, "domain-del", cookie=cookie, name="web")
rename("br1", "away")
ask(genl, "commit", cookie=cookie)
equal("ports with a domain that is gone", carried(), [])
done()
PYTHON
