# shellcheck shell=bash disable=SC2034,SC2154  # names shared with guest.sh
# Which cache lines two CPUs take from each other when each forwards frames
# between ports of its own, or both between the same: for each row a line
#   shared ROW SENDS
# where the plugin's line SENDS compares the last frames of both CPUs.

rows_shared() {
	topology 0 4
	worker 0
	worker 1
	shared plain
	ebtables_shared
	nft_vmap 64
	shared "nftables, vmap"
	nft_gone
	if bpf_load; then
		bpf_pairs 64
		shared "tc-bpf"
		tc_gone
	fi
	vseg_load
	edit "policy set guard off" "bridge add br0" "domain add web" \
		"domain add db" "port bind g0 web" "port bind g1 db" \
		"policy allow web db"
	shared "vseg, cell"
	rule_list 10 | vsegctl -b -
	shared "vseg, 10 rules"
	edit "cell set web db allow" "policy set guard on" \
		"port bind g0 web mac $(mac 0) address 10.0.0.1" \
		"port bind g1 db mac $(mac 1)"
	shared "vseg, cell and guard"
	vsegctl off
}

ebtables_shared() {
	if ! ebtables-legacy -L >/run/log 2>&1; then
		without ebtables "no table of legacy ebtables in this kernel"
		return
	fi
	ebtables_rules 10 | ebtables-legacy-restore
	shared "ebtables, 10 rules"
	ebtables_gone
}

# worker CPU: a task of its own for each, with a stack of its own; it sends as many
# frames as it is told, see sent_by().
worker() {
	mkfifo "/run/to$1" "/run/from$1"
	# shellcheck disable=SC2016  # for the shell inside
	taskset -c "$1" bash -c 'while read -r count; do echo "$count" >"$0"; echo; done' \
		"$sender/run" <"/run/to$1" >"/run/from$1" &
	eval "exec $((10 + $1))>/run/to$1 $((20 + $1))</run/from$1"
}

# sent_by CPU FRAMES
sent_by() {
	echo "$2" >&$((10 + $1))
	read -r <&$((20 + $1))
	sends=$((sends + 1))
}

# shared ROW: both CPUs send the same frames, after each has warmed up.
shared() {
	local i
	sender_set
	for i in 0 1 0 1; do
		sent_by $i 200
		sleep 0.1
	done
	sent_by 0 200
	sent_by 1 200
	printf 'shared\t%s\t%s\n' "$1" "$sends"
}
