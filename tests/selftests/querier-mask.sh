#!/bin/bash
# With a mark mask a trunk's queries pass to guests as without; to the host they need a rule.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

lab_up v6=1 mcast_snooping 0
ip address add 10.0.0.254/24 dev br0
taps up0 web0
policy <<'END'
policy set mark-mask 0xff000
bridge add br0
domain add uplink
domain add web
port bind up0 trunk default uplink
port bind web0 web
END

# queries GUEST HOST: one of IGMP and one of MLD, the copies that pass to the
# guest and those that the host doesn't get.
queries() {
	local passed dropped
	reads port up0 pass-bridge-control
	passed=$R
	reads port up0 flood
	dropped=$R
	lab send up0 - igmp sip=10.0.0.1
	lab send up0 - mld
	counts $((passed + $1)) port up0 pass-bridge-control
	counts $((dropped + $2)) port up0 flood
}
queries 2 2
policy <<'END'
cell set uplink host rules
rule add uplink host protocol igmp stateless
rule add uplink host protocol icmpv6 icmp 130 stateless
END
queries 2 0
counts 1 rule uplink host 0 packets
counts 1 rule uplink host 1 packets
works vsegctl policy set mark-mask 0
works vsegctl rule del uplink host all
queries 4 0
sums
