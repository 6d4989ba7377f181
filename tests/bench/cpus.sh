# shellcheck shell=bash disable=SC2034,SC2154  # names shared with guest.sh
# What a frame costs while 1, 2 and 4 CPUs forward the same frames at once: for
# each row and number of CPUs a line
#   cpus ROW CPUS SENDS
# where the plugin's line SENDS tells of the frames.

rows_cpus() {
	topology 0 4
	cpus plain
	if ebtables-legacy -L >/run/log 2>&1; then
		ebtables_rules 10 | ebtables-legacy-restore
		cpus "ebtables, 10 rules"
		ebtables_gone
	else
		without "ebtables" "no table of legacy ebtables in this kernel"
	fi
	nft_vmap 64
	cpus "nftables, vmap"
	nft_gone
	if bpf_load; then
		bpf_pairs 64
		cpus tc-bpf
		tc_gone
	fi
	cpus_vseg
}

cpus_vseg() {
	vseg_load
	edit "policy set guard off" "bridge add br0" "domain add web" \
		"domain add db" "port bind g0 web" "port bind g1 db" \
		"policy allow web db"
	cpus "vseg, cell"
	rule_list 10 | vsegctl -b -
	cpus "vseg, 10 rules"
	edit "cell set web db allow" "policy set guard on" \
		"port bind g0 web mac $(mac 0) address 10.0.0.1" \
		"port bind g1 db mac $(mac 1)"
	cpus "vseg, cell and guard"
	vsegctl off
}

cpus() {
	local count
	sender_set
	for count in 1 2 4; do
		tell cpus "$count"
		# Each CPU's first frames fill its caches; memory for counters is for
		# a worker to get.
		cpus_send 100
		sleep 0.2
		cpus_send 1000
		printf 'cpus\t%s\t%s\t%s\n' "$1" "$count" "$sends"
	done
	tell cpus 0
}

cpus_send() {
	tell run "$1"
	sends=$((sends + 1))
}
