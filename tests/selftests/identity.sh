#!/bin/bash
# Whatever addresses a guest claims, its label is its port's: no address of an allowed guest opens anything.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

lab_up
taps web0 db0 mgmt0
standard <<'END'
policy set guard off
port bind web0 web
port bind db0 db
port bind mgmt0 mgmt
END
expect web0 db0 udp : db0=pass

# web0's MAC address, IP addresses, and both; frames that look like its own.
mac=02:00:00:00:00:01
for who in '' "src=$mac"; do
	for kind in 'udp sip=10.0.0.1' 'tcp sip=10.0.0.1 sport=1000' 'icmp sip=10.0.0.1' \
		'udp6 sip=fd00::1' 'echo6 sip=fd00::1' "arp sha=$mac spa=10.0.0.1" \
		"na target=fd00::1 lladdr=$mac sip=fd00::1" \
		'udp sip=10.0.0.1 vlan=10' 'udp6 sip=fd00::1 ext=hbh'; do
		# shellcheck disable=SC2086  # words
		expect mgmt0 db0 $kind $who : db0=default-deny
	done
done
# "Any address is allowed", as some clouds let tenants say, is no label either.
policy <<'END'
policy set guard on
port bind mgmt0 mgmt mac 02:00:00:00:00:03 address 0.0.0.0/0,::/0
END
expect mgmt0 db0 udp sip=10.0.0.1 : db0=default-deny
expect mgmt0 db0 udp6 sip=fd00::1 : db0=default-deny
expect mgmt0 db0 arp spa=10.0.0.1 : db0=default-deny
expect mgmt0 db0 udp "src=$mac" sip=10.0.0.1 : guard=guard-mac

# A rule that names an address doesn't give it to whoever claims it: it is asked
# for in the cell of the port's domain only.
policy <<'END'
policy set guard off
cell set web db rules
rule add web db from 10.0.0.1
rule add web db from fd00::1
END
expect web0 db0 udp : db0=pass
expect web0 db0 udp sip=10.0.0.9 : db0=no-rule
expect mgmt0 db0 udp sip=10.0.0.1 : db0=default-deny
expect mgmt0 db0 udp6 sip=fd00::1 "src=$mac" : db0=default-deny

# A third party that sends the "reply" of a flow that web has with db, by db's
# address and port.
expect web0 db0 tcp dport=5432 : db0=pass
expect mgmt0 web0 tcp src=02:00:00:00:00:02 sip=10.0.0.2 sport=5432 dport=1000 tcpflags=0x12 : web0=default-deny
sums
