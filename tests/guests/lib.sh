# shellcheck shell=bash disable=SC2154  # names of tests/lib.sh
# The guests, seen from the hypervisor: power, taps, commands, captures. Sourced
# by hypervisor.sh after tests/lib.sh, which has checks and the rest.
#
#   QEMU web1      QEMU db1       QEMU pay1       namespaces of the hypervisor
#   Linux 6.12     Linux 6.1      Linux 6.12        infra           pay2
#   10.0.0.11      10.0.0.12      10.0.0.13       10.0.0.101      10.0.0.102
#      |              |              |            DHCP and RA         |
#    vnet0 (tap)    vnet1 (tap)    vnet2 (tap)      infra           pay2
#   ---+--------------+--------------+----------------+--------------+--- br0
#                                                                 10.0.0.254
# Domains: web, db, payroll (pay1 and pay2), infra.

machines=(web1 db1 pay1)
declare -gA dev=([web1]=vnet0 [db1]=vnet1 [pay1]=vnet2)
declare -gA domain=([web1]=web [db1]=db [pay1]=payroll)
declare -gA mac=(
	[web1]=52:54:00:00:00:01 [db1]=52:54:00:00:00:02 [pay1]=52:54:00:00:00:03
)
declare -gA agent=() asked=()
ip4+=([web1]=10.0.0.11 [db1]=10.0.0.12 [pay1]=10.0.0.13)
ip6+=(
	[web1]=fd00::5054:ff:fe00:1 [db1]=fd00::5054:ff:fe00:2
	[pay1]=fd00::5054:ff:fe00:3
)
patience=60   # seconds, for what takes two at most on an idle host

# serial NAME: a port of the virtual serial device.
serial() {
	local dir
	dir=$(grep -lx "$1" /sys/class/virtio-ports/*/name)
	dir=${dir%/name}
	echo "/dev/${dir##*/}"
}

machines_up() {
	local name fd
	scratch=$lab_dir
	mkfifo "$scratch/cables.in" "$scratch/cables.out"
	"$top/tests/guests/cables.py" <"$scratch/cables.in" >"$scratch/cables.out" &
	exec {to_cables}>"$scratch/cables.in" {from_cables}<"$scratch/cables.out"
	exec {power}<>"$(serial power)"
	for name in "${machines[@]}"; do
		exec {fd}<>"$(serial "agent-$name")"
		agent[$name]=$fd
	done
}

# booted NAME: wait until the guest says that it is there; its kernel is in R.
booted() {
	local limit=$((SECONDS + patience)) word
	until read -r -t 1 -u "${agent[$1]}" word R && [[ $word == ready ]]; do
		((SECONDS < limit)) || { R="$1 does not boot"; return 1; }
		pause 0.05
	done
}

# --- power and taps ---------------------------------------------------------

# cables COMMAND…: ask cables.py.
cables() {
	echo "$*" >&"$to_cables"
	read -r -t "$patience" -u "$from_cables" R && [[ $R == ok ]]
}

# power_on NAME: a new QEMU, a new boot.
power_on() {
	echo "on $1" >&"$power"
}

# power_off NAME: its QEMU is killed; its tap goes with it.
power_off() {
	local word
	echo "off $1" >&"$power"
	read -r -t "$patience" -u "$power" word _ && [[ $word == "$1" ]]
	wait_until "$patience" not test -e "/sys/class/net/${dev[$1]}"
}

# plug NAME: what a hypervisor does when it starts a guest: a tap, in the bridge.
plug() {
	wait_until "$patience" cables plug "$1" "${dev[$1]}"
	ip link set "${dev[$1]}" address "fe${mac[$1]#52}" master br0 up
}

unplug() {
	cables unplug "$1"
}

# label NAME…: what its hook does afterwards.
label() {
	local name
	for name; do
		echo "port bind ${dev[$name]} ${domain[$name]}"
	done | policy
}

not() {
	! "$@"
}

# --- commands ---------------------------------------------------------------

# ask NAME COMMAND…: have the guest's shell do it; answer NAME waits for the end.
ask() {
	local name=$1 command=${*:2}
	asked[$name]=$RANDOM$RANDOM
	echo "${asked[$name]} ${command@Q}" >&"${agent[$name]}"
}

# answer NAME: the output is in R, the status is that of the command.
answer() {
	local id='' status bytes
	while [[ $id != "${asked[$1]}" ]]; do   # late ones of a case that broke
		read -r -t "$patience" -u "${agent[$1]}" id status bytes ||
			{ R="$1 does not answer"; return 1; }
		R=$(head -c "$bytes" <&"${agent[$1]}" | tr '\0' ' ')
	done
	return "$status"
}

# on NAME COMMAND…
on() {
	ask "$@"
	answer "$1"
}

# succeeds NAME COMMAND…, and declines: checks of a command in a guest.
succeeds() {
	checks=$((checks + 1))
	on "$@" || flunk "$1: '${*:2}' ended with status $?: $R"
}

declines() {
	checks=$((checks + 1))
	! on "$@" || flunk "$1: '${*:2}' should have failed: $R"
}

# reaches NAME ADDRESS, and misses: by ping. Who misses did send its requests.
# (The first that follows may go with a resolution that had failed before.)
reaches() {
	succeeds "$1" "wait_for $((patience / 2)) ping -c 1 -W 2 $2"
}

misses() {
	on "$1" "ping -c 2 -W 1 $2" || :
	like "ping from $1 to $2" "$R" '2 packets transmitted, 0 packets received'
}

# fetch NAME FILE LOCAL: a file of the guest.
fetch() {
	local id status bytes
	ask "$1" "cat $2"
	read -r -t "$patience" -u "${agent[$1]}" id status bytes
	head -c "$bytes" <&"${agent[$1]}" >"$3"
	[[ $id == "${asked[$1]}" && $status -eq 0 ]]
}

# knows NAME WHOM: a neighbour that is there for good, so that no frame has to
# ask for it.
knows() {
	on "$1" "
		ip neighbour replace ${ip4[$2]} lladdr ${mac[$2]} dev eth0 nud permanent
		ip neighbour replace ${ip6[$2]} lladdr ${mac[$2]} dev eth0 nud permanent"
}

# --- captures ---------------------------------------------------------------

# capture NAME…: from now on they record all that their NIC sees. A mark in the
# guest's tap shows that it arrives there.
capture() {
	local name
	for name; do
		ask "$name" capture
	done
	for name; do
		answer "$name"
		cables mark "$name" "capture-begins-$name"
	done
	for name; do
		on "$name" captured "capture-begins-$name"
	done
}

# captured NAME…: up to now; into $scratch/NAME.pcap. Frames are in order in a
# tap: what came before the mark is in the capture.
captured() {
	local name
	for name; do
		cables mark "$name" "capture-ends-$name"
		ask "$name" "captured capture-ends-$name && capture_end"
	done
	for name; do
		answer "$name"
		fetch "$name" /tmp/capture "$scratch/$name.pcap"
	done
}

# frames NAME [--after TEXT] [--before TEXT] PATTERN…: how many fit each, see
# pcap.py; a line each in R.
frames() {
	R=$("$top/tests/guests/pcap.py" "$scratch/$1.pcap" "${@:2}")
}

# unseen NAME WHOM…: nothing in NAME's capture tells of them: no frame but its
# own holds their addresses.
unseen() {
	local name=$1 whom patterns=()
	shift
	for whom; do
		patterns+=("has:${mac[$whom]}" "has:${ip4[$whom]}" "has:${ip6[$whom]}")
	done
	frames "$name" --not-from "${mac[$name]}" "${patterns[@]}"
	is "what $name saw of $* (MAC, IPv4, IPv6 each)" "${R//$'\n'/ }" \
		"$(printf '0 %.0s' "${patterns[@]}" | sed 's/ $//')"
}
