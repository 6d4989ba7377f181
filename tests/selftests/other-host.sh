#!/bin/bash
# A bridge that has become a hub gives no guest with known addresses another one's frames.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

lab_up
taps web0 web1 web2 web3 db0
standard <<'END'
port bind web0 web mac 02:00:00:00:00:01
port bind web1 web mac 02:00:00:00:00:02,02:00:00:00:00:72
port bind web2 web mac 02:00:00:00:00:03
port bind web3 web
port bind db0 db mac 02:00:00:00:00:05
END

# Unknown: only who could have it gets it; denied copies say what denies them.
expect web0 unknown udp : web1=other-host web2=other-host web3=pass db0=other-host
expect db0 unknown udp : web0=flood web1=flood web2=flood web3=flood
# To any of its own it passes, known or not.
bridge fdb del 02:00:00:00:00:02 dev web1 master
expect web0 web1 udp : web1=pass web2=other-host web3=pass db0=other-host
expect web0 02:00:00:00:00:72 udp : web1=pass web2=other-host web3=pass db0=other-host
# Groups are everybody's.
expect web0 bcast udp : web1=pass web2=pass web3=pass db0=pass host=flood
expect web0 mcast udp : web1=pass web2=pass web3=pass db0=pass host=flood

# Ageing 0: nothing stays learned.
ip link set br0 type bridge ageing_time 0
expect web0 web1 udp : web1=pass web2=other-host web3=pass db0=other-host
ip link set br0 type bridge ageing_time 30000

# A table that is full learns no newcomer: a flood of sources does that where the
# guard is off; where a bridge has a bound of its own, that bound does.
if ip link set br0 type bridge fdb_max_learned 4 2>/dev/null; then
	for ((i = 16; i < 32; i++)); do
		lab send web3 web0 udp "src=02:77:00:00:00:$(printf %02x "$i")"
	done
	lab flush
	expect web0 web1 udp : web1=pass web2=other-host web3=pass db0=other-host
fi

# From the host, and in monitor mode.
expect host unknown udp : web0=flood web1=flood web2=flood web3=flood db0=flood
works vsegctl policy allow host web
expect host unknown udp : web0=other-host web1=other-host web2=other-host web3=pass db0=flood
works vsegctl bridge set br0 mode monitor
expect web0 unknown udp : web1=would/other-host web2=would/other-host web3=pass db0=would/other-host
works vsegctl bridge set br0 mode enforce

# A hypervisor inside a guest wants them; so does an operator without guards.
works vsegctl port bind web1 web mac 02:00:00:00:00:02 permit all
expect web0 unknown udp : web1=pass web2=other-host web3=pass db0=other-host
works vsegctl domain set web permit all
expect web0 unknown udp : web1=pass web2=pass web3=pass db0=other-host
works vsegctl domain set web permit none
works vsegctl policy set guard off
expect web0 unknown udp : web1=pass web2=pass web3=pass db0=pass
sums
