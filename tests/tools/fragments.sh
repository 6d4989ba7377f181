# shellcheck shell=bash
# What the tests of fragments have in common: two guests of a domain web, two of
# a domain db, and a cell with rules about ports.

# fragment_host [BRIDGE ARGS]: a0 and a1 are web's, b0 and b1 are db's.
fragment_host() {
	lab_up "$@"
	taps a0 a1 b0 b1
	fragment_policy
}

# fragment_rules: the cell as it was.
fragment_rules() {
	policy <<-'END'
		cell set web db rules
		rule add web db deny protocol udp port 53
		rule add web db allow protocol udp port 54 stateless
		rule add web db allow protocol tcp port 22 stateless
	END
}

# internal N: so many frames were dropped as their port had left.
internal() {
	reads status internal-dropped
	[[ $R == "$1" ]]
}

fragment_policy() {
	policy <<-'END'
		policy set guard off
		bridge add br0
		domain add web
		domain add db
		selector add glob a* web
		selector add glob b* db
	END
	fragment_rules
}

# dropped REASON N: so many copies were, in all.
dropped() {
	reads total "$1"
	[[ $R == "$2" ]]
}

# arrive END N: so many frames come to an end, within a time limit.
arrive() {
	local end=$1 want=$2 lines=() limit=$((SECONDS + 5 * ${SLOW:-1}))
	checks=$((checks + 1))
	while :; do
		lab got "$end"
		[[ ! $R ]] || mapfile -t -O "${#lines[@]}" lines <<<"$R"
		((SECONDS < limit && ${#lines[@]} < want)) || break
		# Where a clock waits for the idle, time would stand still.
		pause 0.05
	done
	[[ ${#lines[@]} -eq $want ]] ||
		flunk "$end got ${#lines[@]} frames, expected $want"
}

# piece PART [KEY=VALUE...]: a0 sends b0 a part of a datagram of 3,008 bytes.
piece() {
	local part=$1
	shift
	lab send a0 b0 udp dport=54 len=3042 "piece=$part" "$@"
}
