#!/bin/bash
# Whatever the flags of a segment, none comes in where only answers may, nor from a third one that forges them.
# shellcheck source=lib.sh
# time limit: 240
. "${0%/*}/../lib.sh"

lab_up
taps web0 db0 mgmt0 db1
policy <<'END'
policy set guard off
bridge add br0
domain add web
domain add db
domain add mgmt
cell set web db rules
rule add web db protocol tcp port 80 state
cell set web mgmt rules
rule add web mgmt protocol tcp port 80 state
port bind web0 web
port bind db0 db
port bind mgmt0 mgmt
port bind db1 db mac 02:00:00:00:00:04 address 10.0.0.4,fd00::4
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

# Beside a connection that is up: the addresses of its answers, another port at
# either end.  mgmt has flows of its own with web, and so a zone.
up() {
	expect web0 "$1" tcp dport=80 sport="$2" seq=1 empty=1 : "$1=pass"
	expect "$1" web0 tcp sport=80 dport="$2" tcpflags=0x12 seq=1 ack=2 empty=1 : web0=pass/st
	expect web0 "$1" tcp dport=80 sport="$2" tcpflags=0x10 seq=2 ack=2 empty=1 : "$1=pass"
}
up db0 1000
up mgmt0 1001

# none_of END WORDS...: 256 segments, and none arrives or passes.
none_of() {
	local end=$1 flags passed
	reads port "$end" pass-state
	passed=$R
	lab flush
	for ((flags = 0; flags < 256; flags++)); do
		lab send "$@" tcpflags="$flags"
	done
	lab got web0
	is "what web0 got of '$*'" "$R" ""
	counts "$passed" port "$end" pass-state
}
none_of db0 web0 tcp sport=80 dport=1002 seq=2 ack=2
none_of db0 web0 tcp sport=81 dport=1000 seq=2 ack=2
none_of db0 web0 tcp6 sport=80 dport=1000 seq=2 ack=2
# A third one in the server's name, with all its numbers.
none_of mgmt0 web0 tcp sip=10.0.0.2 sport=80 dport=1000 seq=2 ack=2
none_of mgmt0 web0 tcp sip=10.0.0.2 sport=80 dport=1002 seq=2 ack=2
none_of mgmt0 web0 tcp sport=80 dport=1000 seq=2 ack=2
none_of mgmt0 web0 tcp sip=10.0.0.2 src=02:00:00:00:00:02 sport=80 dport=1000 seq=2 ack=2
# Of the server's own domain: the guard knows that the address is another's.
works vsegctl policy set guard on
expect db1 web0 tcp sip=10.0.0.2 sport=80 dport=1000 tcpflags=0x10 seq=2 ack=2 : guard=guard-address
works vsegctl policy set guard off
# The connections have not noticed.
expect db0 web0 tcp sport=80 dport=1000 tcpflags=0x10 seq=2 ack=2 empty=1 : web0=pass/st
expect mgmt0 web0 tcp sport=80 dport=1001 tcpflags=0x10 seq=2 ack=2 empty=1 : web0=pass/st
sums
