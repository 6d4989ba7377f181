#!/bin/bash
# Errors about a flow come back, when they are about it; others do not.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

lab_up
ruled web0 db0 mgmt0 <<'END'
rule add web db protocol udp,tcp state
END

# What an error says of a flow that there isn't opens nothing.
expect db0 web0 error : web0=default-deny
expect web0 db0 udp : db0=pass
expect web0 db0 udp6 : db0=pass

# Port unreachable, fragmentation needed, time exceeded; packet too big.
for what in 'icmptype=3 code=3' 'icmptype=3 code=4 mtu=1280' 'icmptype=11 code=0'; do
	expect db0 web0 "error $what" : web0=pass/st
	# From a router on the way: the address is another.
	expect db0 web0 "error $what sip=10.0.0.77" : web0=pass/st
done
for what in 'icmptype=1 code=4' 'icmptype=2 code=0 mtu=1280' 'icmptype=3 code=0'; do
	expect db0 web0 "error6 $what" : web0=pass/st
done

# The packet inside isn't of the flow, or the error goes elsewhere.
expect db0 web0 error isport=1001 : web0=default-deny
expect db0 web0 error idport=2001 : web0=default-deny
expect db0 web0 error iproto=6 : web0=default-deny
expect db0 web0 error isrc=10.0.0.9 : web0=default-deny
expect db0 web0 error dip=10.0.0.9 : web0=default-deny
expect db0 web0 error isrc=10.0.0.2 idst=10.0.0.1 isport=2000 idport=1000 : web0=default-deny
expect db0 web0 error6 isport=1001 : web0=default-deny
expect db0 web0 error6 badsum=1 : web0=default-deny
# A redirect is no error about a flow.
expect db0 web0 error icmptype=5 code=1 : web0=default-deny
# A third domain is told nothing and tells nothing.
expect mgmt0 web0 error isrc=10.0.0.1 idst=10.0.0.2 : web0=default-deny

# Once there was an answer, errors about answers go the other way.
expect db0 web0 udp sport=2000 dport=1000 : web0=pass/st
expect web0 db0 error isport=2000 idport=1000 : db0=pass/st
expect web0 db0 error isport=2000 idport=1001 : db0=no-rule
sums
