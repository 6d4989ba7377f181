#!/bin/bash
# Whatever the flags of a segment, none comes in where only answers may.
# shellcheck source=lib.sh
# time limit: 120
. "${0%/*}/../lib.sh"

lab_up
ruled web0 db0 <<'END'
rule add web db protocol tcp port 80 state
END

# A zone is there, so that connection tracking is asked.
expect web0 db0 tcp sport=999 dport=80 : db0=pass
for ((flags = 0; flags < 256; flags++)); do
	expect db0 web0 tcp sport=80 dport=22 tcpflags="$flags" : web0=default-deny
done
# Nor does any but a SYN begin a flow where they may begin; ECN's flags are of
# the handshake.
for ((flags = 0; flags < 64; flags++)); do
	verdict=state-invalid
	case $((flags & ~8)) in
	2 | 34) verdict=pass ;;
	esac
	expect web0 db0 tcp sport=$((3000 + flags)) dport=80 tcpflags="$flags" : \
		db0="$verdict"
done
sums
