#!/bin/bash
# An event tells all there is to tell of a dropped frame, and nothing that is not there.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

lab_up
taps web0 db0
standard <<'END'
policy set guard off
policy deny db web
port bind web0 web
port bind db0 db
END
value /sys/class/net/web0/ifindex
web0=$R
value /sys/class/net/db0/ifindex
db0=$R
reads status generation
generation=$R
lab listen drops

# mine WORDS...: the next event is of a frame from db0 to web0, and has these.
mine() {
	event drops hook=forward reason=cell-deny in-ifname=db0 \
		in-ifindex="$db0" out-ifname=web0 out-ifindex="$web0" \
		src=db dst=web src-mac=02:00:00:00:00:02 \
		dst-mac=02:00:00:00:00:01 would= time='*' \
		generation="$generation" "$@"
}
expect db0 web0 udp sport=4321 dport=53 len=100 : web0=cell-deny
mine ethertype=2048 ip-src=10.0.0.2 ip-dst=10.0.0.1 ip-proto=17 \
	sport=4321 dport=53 length=100 vlan=
stamp=${R#*'"time": '}
stamp=${stamp%%[,\}]*}
printf -v now '%(%s)T' -1
holds "the event's time is now" \
	"$now - $stamp / 1000000000 < 30 && $now - $stamp / 1000000000 > -5"
expect db0 web0 udp6 sport=9 dport=65535 len=200 : web0=cell-deny
mine ethertype=34525 ip-src=fd00::2 ip-dst=fd00::1 ip-proto=17 \
	sport=9 dport=65535 length=200 vlan=
works vsegctl policy set address-resolution off
reads status generation
generation=$R
expect db0 web0 arp op=2 : web0=cell-deny
mine ethertype=2054 ip-src=10.0.0.2 ip-dst=10.0.0.1 ip-proto= sport= \
	dport= length=60
expect db0 web0 tcp sport=1 dport=22 : web0=cell-deny
mine ethertype=2048 ip-proto=6 sport=1 dport=22 length=62
expect db0 web0 icmp : web0=cell-deny
mine ethertype=2048 ip-proto=1 ip-src=10.0.0.2 sport= dport=
expect db0 web0 udp frag=100 : web0=cell-deny
mine ethertype=2048 ip-src=10.0.0.2 ip-proto=17 sport= dport=
expect db0 web0 udp vlan=30 : web0=cell-deny
mine ethertype=2048 ip-src=10.0.0.2 sport=1000 dport=2000
expect db0 web0 raw : web0=cell-deny
mine ethertype=34997 ip-src= ip-dst= ip-proto= sport= dport= length=22
expect db0 web0 llc : web0=cell-deny
mine ethertype=16 ip-src= ip-proto=

# Cut short: what is there is told.
expect db0 web0 udp cut=36 : web0=cell-deny
mine ethertype=2048 ip-src=10.0.0.2 ip-proto=17 dport= length=36
expect db0 web0 udp cut=30 : web0=cell-deny
mine ethertype=2048 ip-src= ip-dst= ip-proto= length=30
expect db0 web0 udp6 cut=20 : web0=cell-deny
mine ethertype=34525 ip-src= length=20
expect db0 web0 raw cut=14 : web0=cell-deny
mine ethertype=34997 length=14

# To the host and from it: one end is no port.
expect db0 host udp : host=default-deny
event drops hook=local-in reason=default-deny in-ifname=db0 out-ifindex= \
	out-ifname= src=db dst=host dst-mac=02:00:00:00:00:fe sport=1000
expect host db0 udp : db0=default-deny
event drops hook=local-out reason=default-deny in-ifindex= in-ifname= \
	out-ifname=db0 out-ifindex="$db0" src=host dst=db

# Unlabelled ends have that name.
works vsegctl port unbind web0
expect web0 db0 udp : db0=unlabelled-src
event drops reason=unlabelled-src src=unlabelled dst=db in-ifname=web0
expect db0 web0 udp : web0=unlabelled-dst
event drops reason=unlabelled-dst src=db dst=unlabelled out-ifname=web0

# Monitor mode says that the frame passed.
works vsegctl port bind web0 web
works vsegctl bridge set br0 mode monitor
expect db0 web0 udp : web0=would/cell-deny
event drops reason=cell-deny would=True src=db dst=web

# And the command shows them, as text and as JSON.
works vsegctl bridge set br0 mode enforce
shown() {
	vsegctl "$@" monitor drops count 1 timeout 20 >"$lab_dir/shown" 2>/dev/null &
	local pid=$!
	pause 0.7
	lab burst 3 db0 web0 udp sport=1 dport=2
	wait "$pid"
	R=$(<"$lab_dir/shown")
}
shown
like "the event as text" "$R" 'db.*web'
like "the event as text" "$R" '10\.0\.0\.2'
shown -j
like "the event as JSON" "$(jq -r '.. | .reason? // empty' <<<"$R")" cell-deny
