# shellcheck shell=bash disable=SC2034,SC2154  # names shared with guest.sh
# How long a frame waits while the policy changes.  Frames come by a timer, one
# each 100 microseconds of the guest's clock, which are 100,000 instructions; for
# each case a line
#   latency FILTER POLICY CHANGES COMMITS MEDIAN 99TH MOST MEMORY LOST
# with instructions from when a frame was due until it had left, the most
# kilobytes that the kernel had for itself more than before, and how many frames
# didn't leave, though both policies let them pass.

rows_latency() {
	topology 0 4
	latency_vseg "16 domains, 64 cells" 16 4
	latency_vseg "4,096 domains, 65,536 cells" 4096 16
	latency_nftables
}

# latency FILTER POLICY CHANGES COMMAND...: the command changes the policy until it
# is told to stop, and prints how often it did.
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
	read -r _ _ _ median ninety most _ <"$sender/result"
	left=$(($(copies_left) - left))
	if [[ $writer ]]; then
		kill "$writer"
		wait "$writer" || broken "$(why /run/log)"
		read -r commits memory </run/commits
		rm /run/changing
	fi
	tell period 0
	printf 'latency\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n' "$name" "$commits" \
		"$median" "$ninety" "$most" "$memory" $((latency_frames - left))
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

# --- one change of all ----------------------------------------------------------
#
# Frames to g1 and g2 in turn: the old policy lets only those to g1 pass, the new
# one only those to g2.  One command changes all pairs, of which these are the
# first and the last.  For each case a line
#   change FILTER PAIRS TOOK MEDIAN MOST MIXED LASTED
# with 10^6 instructions that the command took beside the frames; the median and
# the most that a frame waited, as above; frames that were decided by the old
# policy after others had been by the new one; and for how long there were any.

rows_change() {
	local count
	topology 0 4
	for count in 1000 10000; do
		change_pairs "$count" >/run/pairs
		change_vseg "$count"
		change_nftables "$count"
		# What is longer takes ebtables minutes.
		((count > 1000)) || change_ebtables "$count"
		if modprobe openvswitch 2>/run/log; then
			change_datapath "$count"
			change_openflow "$count"
		else
			without "Open vSwitch" "$(why /run/log)"
		fi
	done
}

# change_pairs COUNT: numbers of domains or ports.
change_pairs() {
	local i k n=2 side=2
	while (((side - 1) * (side - 2) < $1)); do
		side=$((side + 1))
	done
	echo 0 1
	for ((i = 1; i < side; i++)); do
		for ((k = 1; k < side && n < $1; k++)); do
			((i != k)) || continue
			echo $i $k
			n=$((n + 1))
		done
	done
	echo 0 2
}

# pairs_as TEMPLATE OLD NEW: a line for each pair in /run/old and /run/new, in which
# $1 and $2 are its numbers and $3 is what the policy says: OLD for what passes by
# the old one only, NEW for what passes by the new one only.
pairs_as() {
	local what
	for what in old new; do
		awk -v template="$1" -v yes="$2" -v no="$3" -v what="$what" '{
			line = template
			last = $1 == 0 && $2 == 2
			gsub(/\$1/, $1, line)
			gsub(/\$2/, $2, line)
			gsub(/\$3/, (what == "old") != last ? yes : no, line)
			print line
		}' /run/pairs >"/run/$what"
	done
}

# change FILTER COUNT SET: SET old and SET new put them in force.
change() {
	local set=$3 began job median most old new mixed lasted
	"$set" old
	"$set" new
	began=${EPOCHREALTIME/./}
	"$set" old
	unicast
	frames=$(((${EPOCHREALTIME/./} - began) / 50 + 1000))
	sender_set
	tell walk 2
	tell period 100000
	send 100
	tell outs "g1 g2"
	tell run "$frames" &
	job=$!
	began=${EPOCHREALTIME/./}
	sleep 0.01
	"$set" new
	began=$(((${EPOCHREALTIME/./} - began) / 1000 - 10))
	wait "$job"
	read -r _ _ _ median _ most old new mixed lasted <"$sender/result"
	tell outs ""
	tell period 0
	((old && new)) || broken "$1: $old frames by the old policy, $new by the new one"
	printf 'change\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n' "$1" "$2" "$began" \
		"$median" "$most" "$mixed" "$lasted"
	unicast
}

change_vseg() {
	# shellcheck disable=SC2016  # a template
	pairs_as 'policy $3 d$1 d$2' allow deny
	vseg_load
	{
		echo "policy set guard off"
		echo "bridge add br0"
		awk '{ print $1 "\n" $2 }' /run/pairs | sort -un | sed 's/^/domain add d/'
		printf 'port bind %s\n' "g0 d0" "g1 d1" "g2 d2"
	} | vsegctl -b -
	change "vseg, vsegctl -b" "$1" set_vseg
	vsegctl off
	wait_until rmmod vseg
}

set_vseg() {
	vsegctl -b "/run/$1"
}

# Pairs of interface indices, of which 0, 1 and 2 are those of the ports.
change_nftables() {
	local what
	# shellcheck disable=SC2016  # a template
	pairs_as '$1 . $2 : $3,' accept drop
	for what in old new; do
		{
			echo "flush ruleset"
			echo "table bridge f {"
			echo "map pairs { type iface_index . iface_index : verdict; elements = {"
			awk -v g0="$(index_of g0)" -v g1="$(index_of g1)" -v g2="$(index_of g2)" '
				$1 == 0 { $1 = g0; $3 = $3 == 1 ? g1 : g2; print; next }
				{ $1 += 10000; $3 += 10000; print }' "/run/$what"
			echo "} ; }"
			echo "chain forward { type filter hook forward priority 0; policy drop;"
			echo "meta iif . meta oif vmap @pairs"
			printf '}\n}\n'
		} >"/run/$what.nft"
	done
	change "nftables, nft -f" "$1" set_nftables
	nft_gone
}

set_nftables() {
	nft -f "/run/$1.nft"
}

change_ebtables() {
	local what
	if ! ebtables-legacy -L >/run/log 2>&1; then
		without "ebtables" "no table of legacy ebtables in this kernel"
		return
	fi
	# shellcheck disable=SC2016  # a template
	pairs_as '-A FORWARD -i h$1 -o h$2 -j $3' ACCEPT DROP
	for what in old new; do
		{
			ebtables_rules 0
			sed 's/-i h0 -o h\([12]\) /-i g0 -o g\1 /' "/run/$what"
		} >"/run/$what.ebt"
	done
	change "ebtables-restore" "$1" set_ebtables
	ebtables_gone
}

set_ebtables() {
	ebtables-legacy-restore <"/run/$1.ebt"
}

# One flow in the kernel for each pair, by address.  What isn't allowed goes to g3: a
# kernel of this age takes no action that drops.
change_datapath() {
	local i
	ovs-dpctl add-dp dp0
	for i in 0 1 2 3; do
		ip link set g$i nomaster
		ovs-dpctl add-if dp0 g$i
	done
	# shellcheck disable=SC2016  # a template
	pairs_as '$1 $2 $3' yes no
	ovs_lines 'in_port(1),eth(dst=%s),eth_type(0x0800),ipv4(frag=no) %s\n' 2 3 4
	ovs-dpctl add-flows dp0 /run/old.ovs
	change "Open vSwitch, ovs-dpctl mod-flows" "$1" set_datapath
	ovs-dpctl del-dp dp0
}

# ovs_lines FORMAT G1 G2 DROP: flows to these; the others are to addresses that nobody
# has.
ovs_lines() {
	local what
	for what in old new; do
		awk -v format="$1" -v g1="$2" -v g2="$3" -v drop="$4" '{
			mac = $1 == 0 ? sprintf("02:00:00:00:00:%02x", $2) : sprintf("06:00:00:00:%02x:%02x", $1, $2)
			printf format, mac, $3 == "no" ? drop : $2 == 2 ? g2 : g1
		}' "/run/$what" >"/run/$what.ovs"
	done
}

set_datapath() {
	ovs-dpctl mod-flows dp0 "/run/$1.ovs"
}

# Flows in the daemon's table; the kernel has those of the frames.
change_openflow() {
	local i
	ovs_up
	for i in 0 1 2; do
		ovs-vsctl add-port ovs0 g$i
	done
	# shellcheck disable=SC2016  # a template
	pairs_as '$1 $2 $3' yes no
	ovs_lines 'priority=1,in_port=g0,dl_dst=%s,actions=%s\n' g1 g2 drop
	change "Open vSwitch, ovs-ofctl replace-flows" "$1" set_openflow
	change "Open vSwitch, ovs-ofctl --bundle replace-flows" "$1" set_bundle
	ovs_down
	for i in 0 1 2 3; do
		ip link set g$i master br0
		ip link set g$i type bridge_slave learning off
		bridge fdb replace "$(mac $i)" dev g$i master static
	done
}

set_openflow() {
	ovs-ofctl replace-flows ovs0 "/run/$1.ovs"
}

set_bundle() {
	ovs-ofctl --bundle replace-flows ovs0 "/run/$1.ovs"
}
