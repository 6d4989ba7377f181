#!/bin/bash
# shellcheck disable=SC2319  # verdict takes the status of the condition before it
# With the module: what the command and the kernel say to each other.
#
# Everything happens in a network namespace of its own.  Ports p0…p3 of br0 are
# veths, of which the other ends q0…q3 lie beside them.

if [[ ! ${LIVE_INSIDE-} && -d /sys/module/vseg && $EUID -eq 0 ]]; then
	export LIVE_INSIDE=1
	exec unshare --net --mount bash "$0"
fi

# shellcheck source=tests/cli/lib.sh
. "${BASH_SOURCE[0]%/*}/lib.sh"

if [[ ! $present || ! ${LIVE_INSIDE-} ]]; then
	skip "all" "no module, or not root"
	exit
fi

# shellcheck source=tests/cli/live.inc
. "${BASH_SOURCE[0]%/*}/live.inc"

# --- nothing yet ---
says 0 '^vseg [0-9.]+: OFF generation 0,' status
is "state off" off query .state status
is "no bridges" '[]' "$vsegctl" -j bridge
says 0 '^BRIDGE +MODE +DEVICE +PORTS$' bridge

# --- edits one by one ---
says 0 '^$' bridge add br0 mode monitor
says 0 '^vseg [0-9.]+: MONITOR generation 1, 1 bridge, .* 4 ports \(4 unlabelled\)' status
is "state monitor" monitor query .state status
says 0 '^$' bridge set br0 mode enforce
says 0 '^vseg [0-9.]+: ENFORCING generation 2,' status
says 0 '^$' domain add web
says 0 '^$' domain add db id 100
says 0 '^$' port bind p0 web
says 0 '^$' port bind p1 db
says 0 '^$' port bind p2 trunk default web vlan 10 db vlan 20-29 web
says 0 $'\np0 +br0 +guest +web +explicit ' port
says 0 $'\np2 +br0 +trunk .* default web, 10 db, 20-29 web' port show p2
says 0 $'\np3 +br0 +unlabelled ' port show p3
is "guest" '["guest","web","explicit"]' \
	query '.[0] | [.kind, .domain, .match]' port show p0
is "trunk" '[{"first":10,"last":10,"domain":"db"},{"first":20,"last":29,"domain":"web"}]' \
	query '.[0].vlan' port show p2
is "one id given, one taken" '[["db",100],["web",16]]' \
	query '[.[] | select(.id >= 16) | [.name, .id]]' domain
says 0 '^$' policy deny web db monitor
is "a monitored cell" '["deny",["monitor"]]' \
	query '.[0] | [.action, .flags]' policy cells web db
says 0 '^$' policy deny web db
is "no longer monitored" '["deny",[]]' \
	query '.[0] | [.action, .flags]' policy cells web db
says 0 '^$' policy allow db web
says 0 $'\nweb +web +allow +\(implicit\)' policy cells web
says 0 '^$' policy set flood-events on unmanaged drop
says 0 'settings +address-resolution on, bridge-control on, unmanaged drop, flood-events on' status
says 0 '^$' policy set flood-events off unmanaged pass
is "settings" '{"address_resolution":true,"bridge_control":true,"unmanaged":"pass","flood_events":false,"guard":true,"state_pickup":false,"state_limit":65536,"state_zone_first":32768,"state_zone_last":65535}' \
	query '.settings | {address_resolution, bridge_control, unmanaged, flood_events, guard, state_pickup, state_limit, state_zone_first, state_zone_last}' status

# --- refusals in the kernel's words, with the attribute ---
says 2 '^vsegctl: domain add: .+ \(attribute name\)$' domain add any
says 2 '^vsegctl: domain add: .+ \(attribute name\)$' domain add web
says 2 '^vsegctl: domain add: .+ \(attribute id\)$' domain add x id 100
says 2 '^vsegctl: domain del: .+ \(attribute name\)$' domain del web
says 2 '^vsegctl: port bind: .+ \(attribute domain\)$' port bind p0 nope
says 2 '^vsegctl: port bind: .+ \(attribute ifname\)$' port bind nope web
says 2 '^vsegctl: port bind: .+ \(attribute vlan\.domain\)$' \
	port bind p2 trunk vlan 1 web vlan 2 nope
says 2 '^vsegctl: policy allow: .+ \(attribute dst\)$' policy allow web nope
says 2 '^vsegctl: policy allow: .+ \(attribute flags\)$' \
	policy allow web db monitor
says 2 '^vsegctl: policy cells: .+ \(attribute name\)$' policy cells nope
says 2 '^vsegctl: domain show: .+ \(attribute name\)$' domain show nope
says 2 '^vsegctl: bridge del: .+ \(attribute name\)$' bridge del br7
is "a refusal prints no JSON" '' \
	bash -c "'$vsegctl' -j domain show nope 2>/dev/null"
out=$(setpriv --reuid 65534 --clear-groups "$vsegctl" domain add x 2>&1)
[[ $? -eq 2 && $out == 'vsegctl: domain add: Operation not permitted' ]]
verdict $? "a user may not" "$out"

# --- a warning is no refusal ---
says 0 '^$' policy del web db
says 0 '^$' policy allow any db
says 0 '^vsegctl: warning: policy deny: ' policy deny web any
says 0 'warning: tie' status
says 0 '^$' policy del web any
says 0 '^$' policy del any db
says 0 '^$' policy deny web db

# --- who isn't known by address ---
says 0 'no domain tried to talk' stats
send 1 9
says 0 'dropped: flood 1.no unicast frame was denied, but 1 flooded copy was: ' stats
send 1 9
says 0 'no unicast frame was denied, but 2 flooded copies were: ' stats
is "flooded copies make no pair" '[]' query .pairs stats

# --- events ---
# Guests here send what only bridges send.
says 0 '^$' policy set guard off
"$vsegctl" monitor count 3 timeout 60 >"$scratch/text" 2>"$scratch/hint" &
text=$!
"$vsegctl" -j monitor drops timeout 60 >"$scratch/json" 2>"$scratch/hint2" &
json=$!
check "monitor says when it listens" wait_for grep -q '^monitoring ' "$scratch/hint"
wait_for grep -q '^monitoring ' "$scratch/hint2"
send 0 1
send 0 1 0x88cc
says 0 '^$' domain add late
check "monitor ends after three" wait_for bash -c "! kill -0 $text"
wait "$text"
is "with status 0" 0 echo $?
is "three lines" 3 grep -c . "$scratch/text"
check "a drop in one line" grep -Eq \
	'^[0-9:]{8}\.[0-9]{6} DROP  cell-deny p0 -> p1 web -> db( vlan [0-9]+)? 02:00:00:00:00:00 -> 02:00:00:00:00:01 0x9999 length 60$' \
	"$scratch/text"
check "and another" grep -q 'LLDP length 60$' "$scratch/text"
check "a commit" grep -Eq 'CONFIG commit generation [0-9]+$' "$scratch/text"
wait_for grep -q 35020 "$scratch/json"
kill -INT "$json"
wait "$json"
is "Ctrl-C is status 0" 0 echo $?
is "events in JSON" '["drop","cell-deny","p0","p1","web","db",60]' \
	jq -sc '.[0] | [.type, .reason, .in_ifname, .out_ifname, .src, .dst, .length]' \
	"$scratch/json"
is "only drops" '["drop"]' jq -sc 'map(.type) | unique' "$scratch/json"
start=$SECONDS
says 0 '^monitoring config, Ctrl-C ends$' monitor config timeout 1
[[ $((SECONDS - start)) -ge 1 ]]
verdict $? "timeout waits"
if command -v strace >/dev/null; then
	# The monitor reads the first event; the second time there is none.
	strace -qq -o /dev/null -e inject=recvfrom:error=ENOBUFS:when=3 \
		"$vsegctl" monitor config count 1 timeout 20 \
		>"$scratch/text" 2>"$scratch/hint" &
	text=$!
	wait_for grep -q '^monitoring ' "$scratch/hint"
	says 0 '^$' domain add later
	wait "$text"
	check "an overrun is told and survived" bash -c \
		"grep -q '^-- events were lost (socket overrun)' $scratch/text &&
		grep -q 'CONFIG commit' $scratch/text"
fi

# --- counters ---
is "the pair that was denied" '["web","db","cell-deny",2,120,"p0","p1"]' \
	query '.pairs[0] | [.src, .dst, .reason, .packets, .bytes, .in_ifname, .out_ifname]' stats
says 0 $'\nweb -> db +2 +120 +0 +cell-deny +p0 -> p1 +[0-9]+s' stats
says 0 'dropped: cell-deny 2' stats
is "the port's counters" '[2,120]' \
	query '.[0].stats | [.rx_dropped, .rx_dropped_bytes]' stats port p0
says 0 $'\np0 +web +0 +0 +2 +120 +2 +0 +0 +cell-deny 2' stats port p0
says 0 $'\nweb ' stats domain web
says 0 $'\nbr0 \(host\) ' stats bridge br0
says 0 $'\nweb +db +deny +2 +120 +0' stats cell

# --- names ---
ip link set p0 down
ip link set p0 name $'a\033[2Jb'
out=$("$vsegctl" port show)
[[ $out == *'a\x1b[2Jb  br0'* && $out != *$'\033'* ]]
verdict $? "a device's name can't hurt the terminal" "$out"
check "nor JSON" query . port
ip link set $'a\033[2Jb' name p0
ip link set p0 up

# --- completion ---
is "domains to complete" $'db\nlate\nlater\nweb' "$vsegctl" complete domains
is "ports to complete" $'p0\np1\np2\np3' "$vsegctl" complete ports
is "bridges to complete" br0 "$vsegctl" complete bridges

# --- namespaces ---
mkdir -p /run/netns
mount -t tmpfs none /run/netns
ip netns add blue
says 0 '^$' -n blue domain add sky
says 0 $'\nsky ' -n blue domain
says 2 'no domain' domain show sky
says 0 $'\nsky ' -n /run/netns/blue domain show sky
says 0 $'\nweb ' -n "/proc/$$/ns/net" domain
says 0 '^$' -n blue off
ip netns del blue

# --- batches ---
# selftests/limits.sh has as many cells as there can be.
awk 'BEGIN { for (i = 0; i < 128; i++) print "domain add d" i }' >"$scratch/b"
check "128 domains" "$vsegctl" -b "$scratch/b"
awk 'BEGIN { for (i = 0; i < 16384 - 2; i++)
	printf "policy allow d%d d%d\n", i / 128, i % 128 }' >"$scratch/many"
generation=$(query .generation status)
sed '10000s/.*/policy allow d1 nope/' "$scratch/many" >"$scratch/bad"
says 2 "^vsegctl: $scratch/bad:10000: policy allow: .+ \(attribute dst\).vsegctl: $scratch/bad: nothing was changed$" -b "$scratch/bad"
is "nothing was changed" "$generation" query .generation status

# Many edits against a stream of commits.
"$vsegctl" -b "$scratch/many" >"$scratch/out" 2>&1 &
batch=$!
others=0
while kill -0 "$batch" 2>/dev/null; do
	"$vsegctl" policy set flood-events off
	others=$((others + 1))
done
wait "$batch"
[[ $? -eq 2 && $(<"$scratch/out") == *'another commit came first, nothing was changed'* ]]
verdict $? "another commit came first ($others of them)" "$(<"$scratch/out")"
is "no cell of it" 2 query .cells status

start=${EPOCHREALTIME/./}
is "16,382 cells in one commit" 16382 \
	bash -c "'$vsegctl' -j -b '$scratch/many' | jq .edits"
end=${EPOCHREALTIME/./}
found+=("# in $(((end - start) / 1000)) ms")
is "cells" 16384 query .cells status
start=${EPOCHREALTIME/./}
is "all are listed" 16384 query '[.[] | select(.flags == [])] | length' policy cells
end=${EPOCHREALTIME/./}
found+=("# listed in $(((end - start) / 1000)) ms")
is "as text" 16384 bash -c "'$vsegctl' policy cells | grep -Evc 'SOURCE|implicit'"
is "one source" 128 query length policy cells d7

# A dump that commits run into is whole, or an error.
while :; do
	"$vsegctl" policy set flood-events off
done &
others=$!
for i in 1 2 3; do
	out=$("$vsegctl" policy cells 2>"$scratch/err")
	status=$?
	n=$(grep -Evc 'SOURCE|implicit' <<<"$out")
	[[ ($status -eq 0 && $n -eq 16384) ||
		($status -eq 2 && ! $out && $(<"$scratch/err") == *'try again'*) ]]
	verdict $? "dump $i among commits: status $status" \
		"$n cells, $(<"$scratch/err")"
done
out=$(timeout 300 "$vsegctl" policy show 2>&1 >/dev/null)
status=$?
[[ $status -eq 0 || ($status -eq 2 && $out == *'try again'*) ]]
verdict $? "a whole policy among commits: status $status" "$out"
kill "$others"
wait "$others" 2>/dev/null

# A trunk with N ranges, set and listed.
trunk() {
	local map
	map=$(awk -v n="$1" 'BEGIN {
		for (i = 0; i < n; i++) printf "vlan %d d%d ", i, i % 2 }')
	# shellcheck disable=SC2086  # words
	"$vsegctl" port bind p2 trunk $map &&
		[[ $(query '.[0].vlan | length' port show p2) -eq $1 ]] &&
		[[ $(query '.[] | select(.ifname == "p2").vlan | length' port) -eq $1 ]]
}
check "a map of 64 VLANs" trunk 64
check "a map of 4095 VLANs" trunk 4095

# --- the end ---
says 0 '^$' off
says 0 '^vseg [0-9.]+: OFF' status

# --- a policy as a file ---
cat >"$scratch/policy.yaml" <<'END'
version: 1
domains: {web: 100, db: 101}
bridges: {br0: enforce}
ports:
  - {name: p0, domain: web}
  - {glob: "p[12]", domain: db}
cells:
  - web -> db: {action: allow, log: true}
END
sed 's/allow, log: true/deny, mode: monitor/' "$scratch/policy.yaml" >"$scratch/other.yaml"
says 0 $'^\\+ domain db \\(id 101\\)\n.*nothing was changed; 6 changes would be made' \
	apply "$scratch/policy.yaml" --check
says 0 '^vseg [0-9.]+: OFF' status
is "applied" '[true,6]' query '[.committed, (.changes | length)]' apply "$scratch/policy.yaml"
is "applied again" '[false,0]' query '[.committed, (.changes | length)]' apply "$scratch/policy.yaml"
says 0 $'^TYPE +LOOKS FOR +KIND +DOMAIN +VLANS +PORTS +GUARD\nname +p0 +guest +web +0 +1 +-\nglob +p\\[12\\] +guest +db +0 +2' selector
is "selectors" '[["name","p0","web",1],["glob","p[12]","db",2]]' \
	query '[.[] | [.type, .pattern, .domain, .ports]]' selector
says 0 $'\np0 +br0 +guest +web +name p0 ' port
says 0 $'\np2 +br0 +guest +db +glob p\\[12\\] ' port
is "why" '["name","p0"]' query '.[0] | [.match, .selector]' port show p0
says 0 $'\nweb +db +allow +log ' policy cells
says 0 $'^version: 1\n' policy show
is "the whole policy" '[["db","web"],["br0"],2,["allow",["log"]]]' \
	query '[[.domains[].name], [.bridges[].name], (.selectors | length), (.cells[0] | [.action, .flags])]' policy show
check "as a file it is the same" bash -c \
	"'$vsegctl' policy show | '$vsegctl' apply - | grep -q '^nothing to change'"
says 0 'the kernel goes back to generation [0-9]+ in 60 s, unless you say: vsegctl confirm' \
	apply "$scratch/other.yaml" --confirm 60
says 0 'waits for vsegctl confirm; in [0-9]+ s the kernel goes back to' status
is "time is left" true query '.confirm_left > 0' status
says 2 '^vsegctl: domain add: a commit waits for its confirmation' domain add x
says 2 '^vsegctl: confirm: .*another generation is in force' confirm 1
says 0 '^generation [0-9]+ stays in force$' confirm
says 2 '^vsegctl: confirm: no commit waits for a confirmation$' confirm
says 0 'the policy before is in force again, as generation [0-9]+$' rollback
is "rolled back" '["allow",["log"]]' query '.[0] | [.action, .flags]' policy cells web db
says 0 $'\n +[0-9]+ +[-0-9]+ [:0-9]+ +rollback +' log
is "operations" '["commit","confirm","rollback"]' query '[.[-3:][].op]' log
is "who" '[0,"vsegctl"]' query '.[-1] | [.uid, .comm]' log
says 0 '^$' selector add mac 52:54:00:12:34:56 trunk default web vlan 10-19 db
says 2 '^vsegctl: selector add: .+ \(attribute mac\)$' selector add mac fe:54:00:12:34:56 web
says 2 '^vsegctl: selector add: .+ \(attribute pattern\)$' selector add name p0 db
says 2 '^vsegctl: selector add: .+ \(attribute domain\)$' selector add name p3 nope
says 2 '^vsegctl: selector del: .+ \(attribute group\)$' selector del group 7
says 0 $'\nmac +52:54:00:12:34:56 +trunk +web +1 +0' selector
says 0 '^$' selector del mac 52:54:00:12:34:56
says 0 '^$' off
is "off in JSON" true bash -c "'$vsegctl' -j off | jq '.generation >= 0'"
