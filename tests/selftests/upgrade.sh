#!/bin/bash
# The module is swapped while denied frames come all the time: none passes, and all is as before.
# kernels: one
# time limit: 300
# shellcheck source=lib.sh
NAMESPACE=init
. "${0%/*}/../lib.sh"
upgrade=$top/tools/host/upgrade
options=/etc/modprobe.d/vseg-upgrade-test.conf

put_away() {
	nft delete table bridge vseg_upgrade 2>/dev/null
	rm -rf /run/vseg-upgrade "$options"
}

echo 'options vseg lockdown_mgmt=m0 pairs_max=64' >"$options"
own_host lockdown_mgmt=m0 pairs_max=64
lab_up mcast_snooping 0
taps web0 web1 db0 m0

# another X: the module with another number of its source, as a file.
another() {
	LC_ALL=C sed "s/srcversion=./srcversion=$1/" "$lab_dir/vseg.ko" >"$lab_dir/vseg$1.ko"
}

file=$module_file
[[ $file != installed ]] || file=$(modinfo -n vseg)
case $file in
*.xz) xz -dc "$file" ;;
*.zst) zstd -dc "$file" ;;
*) cat "$file" ;;
esac >"$lab_dir/vseg.ko"
another X
another Y

cat >"$lab_dir/policy.yaml" <<'END'
version: 1
domains: {web: 100, db: 101, mgmt: 102}
bridges: {br0: enforce}
ports:
  - {glob: "web*", domain: web}
  - {glob: "late*", domain: web}
cells:
  - web -> db: allow
  - mgmt <-> host: allow
  - db -> mgmt: {rules: [{allow: {protocol: tcp, port: 22}}]}
settings: {flood-events: true}
END
works vsegctl apply "$lab_dir/policy.yaml"
works vsegctl port bind db0 db
works vsegctl port bind m0 trunk default mgmt vlan 10 web vlan 20-29 db
setting event_rate 7

# segment FROM TO WORDS: of a connection that db0 begins with m0.
segment() {
	local words=("${@:3:$#-4}")
	expect "$1" "$2" tcp "${words[@]}" empty=1 : "${@: -1}"
}
# connection ANSWER: it goes on, from either end, and what wasn't answered
# doesn't.
connection() {
	segment m0 db0 sport=22 dport=1000 tcpflags=0x10 seq=2 ack=2 : db0=pass/st
	segment db0 m0 dport=22 tcpflags=0x10 seq=2 ack=2 : m0=pass
	segment m0 db0 sport=22 dport=1001 tcpflags=0x12 seq=1 ack=2 : "db0=$1"
}
segment db0 m0 dport=22 seq=1 : m0=pass
segment m0 db0 sport=22 dport=1000 tcpflags=0x12 seq=1 ack=2 : db0=pass/st
segment db0 m0 dport=22 tcpflags=0x10 seq=2 ack=2 : m0=pass
segment db0 m0 dport=22 sport=1001 seq=1 : m0=pass

# state: what must be the same afterwards.
state() {
	vsegctl policy show
	vsegctl port
	grep -H . /sys/module/vseg/parameters/*
	bridge -d link
	nft list ruleset
}

# begin, end: denied frames between guests and to the host, and allowed ones.
begin() {
	lab flow denied db0 web0 udp gap=500
	lab flow inward web0 host udp gap=2000
	lab flow allowed web0 db0 udp gap=2000
	lab progress denied 50
	lab progress inward 50
}

end() {
	lab progress denied 50
	lab progress allowed 50
	lab stop
}

# none_passed: and those that may, did before and do now.
none_passed() {
	lab arrived web0 denied
	is "denied frames that arrived" "$R" "0 0 -1"
	lab arrived host inward
	is "frames that the host got" "$R" "0 0 -1"
	lab sent allowed
	local sent=$R
	lab arrived db0 allowed
	is "the latest allowed frame" "${R##* }" "$((sent - 1))"
}

# As it is meant to be.
state >"$lab_dir/before"
begin
works "$upgrade" "$lab_dir/vsegX.ko"
lab reopen
end
none_passed
state >"$lab_dir/after"
is "state" "$(<"$lab_dir/after")" "$(<"$lab_dir/before")"
is "source of the module" "$(</sys/module/vseg/srcversion)" \
	"$(modinfo -F srcversion "$lab_dir/vsegX.ko")"
counts 1 status active
expect web0 db0 udp : db0=pass
expect db0 web0 udp : web0=default-deny
expect web0 web1 udp : web1=pass
expect m0 host udp : host=pass
connection default-deny
fails test -e /run/vseg-upgrade

# Would frames have passed?  Without the table of nftables, yes.
mkdir "$lab_dir/stub"
ln -s /bin/true "$lab_dir/stub/nft"
begin
works env PATH="$lab_dir/stub:$PATH" "$upgrade" "$lab_dir/vsegY.ko"
lab reopen
end
lab arrived web0 denied
holds "a gap is seen where there is one: $R" "${R%% *} > 0"

# The new one doesn't load: closed for all but the management port, for guests
# that come meanwhile, too.  Called again, it goes on.
setting lockdown 1
state >"$lab_dir/before"
echo 'options vseg pairs_max=nonsense' >>"$options"
out=$("$upgrade" "$lab_dir/vsegX.ko" 2>&1) || status=$?
is "status" "${status-0}" 2
like "what was told" "$out" 'THE UPGRADE FAILED \(changing the module\)'
fails module_loaded
taps late0
lab flow out web0 db0 udp
lab flow in late0 host udp
lab flow new late0 web1 udp
lab flow manage m0 host udp
lab flow managed host m0 udp
for flow in out in new manage managed; do
	lab progress "$flow" 20
done
lab stop
for look in 'db0 out' 'host in' 'web1 new'; do
	# shellcheck disable=SC2086  # words
	lab arrived $look
	is "frames of $look" "$R" "0 0 -1"
done
lab arrived host manage
holds "the host is reached by its management port: $R" "${R%% *} >= 20"
lab arrived m0 managed
holds "and reaches it: $R" "${R%% *} >= 20"
sed -i '$d' "$options"
ip link set late0 nomaster
works "$upgrade" "$lab_dir/vsegX.ko"
lab reopen
connection default-deny
state >"$lab_dir/after"
is "state" "$(<"$lab_dir/after")" "$(<"$lab_dir/before")"
setting lockdown 0

# What it refuses, with nothing changed.
refuses_to() {
	local out status=0 text=$1
	shift
	checks=$((checks + 1))
	out=$("$@" 2>&1) || status=$?
	[[ $status -eq 2 && $out =~ $text ]] ||
		flunk "'$*' ended with status $status and said '$out', expected '$text'"
	is "state" "$(state)" "$kept"
}
kept=$(state)
sed "s/vermagic=[0-9]/vermagic=0/" "$lab_dir/vseg.ko" >"$lab_dir/other.ko"
refuses_to 'is for Linux 0' "$upgrade" "$lab_dir/other.ko"
refuses_to 'is no module' "$upgrade" /etc/passwd
like "the same" "$("$upgrade" "$lab_dir/vsegX.ko" 2>&1)" 'is loaded is .* already'
ip netns add hv2
refuses_to "the host's own network namespace" ip netns exec hv2 "$upgrade" "$lab_dir/vsegY.ko"
echo 'bridge add br9' | vsegctl -n hv2 -b -
refuses_to 'other network namespaces' "$upgrade" "$lab_dir/vsegY.ko"
vsegctl -n hv2 off
sed '$d' "$lab_dir/policy.yaml" >"$lab_dir/second.yaml"
works vsegctl apply "$lab_dir/second.yaml" --confirm 60
kept=$(state)
refuses_to 'waits for its confirmation' "$upgrade" "$lab_dir/vsegY.ko"
works vsegctl rollback

# Without a policy there is nothing to save.
works vsegctl off
works "$upgrade" "$lab_dir/vsegY.ko"
lab reopen
counts 0 status active
expect web0 db0 udp : db0=through
