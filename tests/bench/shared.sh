# shellcheck shell=bash disable=SC2034,SC2154  # names shared with guest.sh
# Which cache lines two CPUs take from each other when each forwards frames
# between ports of its own, or both between the same: for each row a line
#   shared ROW SENDS
# where the plugin's line SENDS compares the last frames of both CPUs.

rows_shared() {
	topology 0 4
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

on_cpu() {
	taskset -cp "$1" $$ >/run/log
}

# shared ROW: both CPUs send the same frames, after each has warmed up.
shared() {
	local cpu
	sender_set
	for cpu in 0 1; do
		on_cpu $cpu
		send 200
		sleep 0.1
		send 200
	done
	on_cpu 0
	send 200
	on_cpu 1
	send 200
	printf 'shared\t%s\t%s\n' "$1" "$sends"
}
