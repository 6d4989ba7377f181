# shellcheck shell=bash disable=SC2034,SC2154  # names shared with guest.sh
# How long a frame waits while the policy changes.  Frames come by a timer, one
# each 100 microseconds of the guest's clock, which are 100,000 instructions; for
# each case a line
#   latency FILTER POLICY CHANGES COMMITS MEDIAN 99TH MOST MEMORY
# with instructions from when a frame was due until it had left, and the most
# kilobytes that the kernel had for itself more than before.

rows_latency() {
	topology 0 4
	latency_vseg "16 domains, 64 cells" 16 4
	latency_vseg "4,096 domains, 65,536 cells" 4096 16
	latency_nftables
}

# latency FILTER POLICY CHANGES COMMAND...: the command changes the policy until it
# is told to stop, and prints how often it did.  All frames must leave.
latency() {
	local name="$1	$2	$3" writer='' left commits=0 memory=0 median ninety most
	shift 3
	sender_set
	tell period 100000
	send 100
	if (($#)); then
		"$@" >/run/commits 2>/run/log &
		writer=$!
		wait_until test -e /run/changing
	fi
	left=$(copies_left)
	tell run "$latency_frames"
	read -r _ _ _ median ninety most <"$sender/result"
	left=$(($(copies_left) - left))
	if [[ $writer ]]; then
		kill "$writer"
		wait "$writer" || broken "$(why /run/log)"
		read -r commits memory </run/commits
		rm /run/changing
	fi
	tell period 0
	((left == latency_frames)) || broken "$name: $left of $latency_frames frames left"
	printf 'latency\t%s\t%s\t%s\t%s\t%s\t%s\n' "$name" "$commits" "$median" \
		"$ninety" "$most" "$memory"
}
latency_frames=10000

# latency_vseg POLICY DOMAINS CELLS: so many cells out of each domain.
latency_vseg() {
	local i k changes="$here/changes.py"
	vseg_load
	{
		echo "policy set guard off"
		echo "bridge add br0"
		for ((i = 0; i < $2; i++)); do
			echo "domain add d$i"
		done
		for ((i = 0; i < $2; i++)); do
			for ((k = 1; k <= $3; k++)); do
				echo "policy allow d$i d$(((i + k) % $2))"
			done
		done
		echo "port bind g0 d0"
		echo "port bind g1 d1"
	} | vsegctl -b -
	latency vseg "$1" none
	latency vseg "$1" "back to back" "$changes" d2 d3
	latency vseg "$1" "back to back, nowait" "$changes" d2 d3 --nowait
	latency vseg "$1" "1,000 a second, nowait" "$changes" d2 d3 --nowait --rate 1000
	vsegctl off
	wait_until rmmod vseg
}

# The whole of it anew, as nftables is told what shall be.
latency_nftables() {
	nft_vmap 64
	{
		echo "flush ruleset"
		cat /run/nft
	} >/run/again
	latency nftables "64 pairs" none
	latency nftables "64 pairs" "nft -f, back to back" "$here/changes.py" --command nft -f /run/again
	nft_gone
}
