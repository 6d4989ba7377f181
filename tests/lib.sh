# shellcheck shell=bash
# Topology, traffic and questions for the tests in selftests/.
#
# A test sources this file and runs, from then on, as root inside a network
# namespace of its own that plays the hypervisor host: with its own mounts and
# processes, so that nothing of it is left when it ends.  (NAMESPACE=init before
# sourcing keeps the initial network namespace.)
#
#    .------------------------- the test's namespace: the host ----------------.
#    |                                                                         |
#    |   end "host"  (packet socket)                                           |
#    |       |                                                                 |
#    |   .---+------------------------ br0 --------------------------------.   |
#    |   |  02:00:00:00:00:fe   10.0.0.254   fd00::fe  (when asked for)    |   |
#    |   '--+-----------+-----------+-----------------------------+--------'   |
#    |      | tap       | tap       | veth                        | veth       |
#    |    web0        db0         web1                          db1            |
#    |      |           |           |                             |            |
#    |      '---. .-----'     .-----+--------.             .------+-------.    |
#    |       lab.py           | netns web1   |             | netns db1    |    |
#    |   is these guests      | eth0 with IP |             | eth0 with IP |    |
#    |                        '--------------'             '--------------'    |
#    '-------------------------------------------------------------------------'
#
# taps NAME...    guests without a stack of their own: tools/lab.py holds the
#                 tap and sends and catches just what a test asks for.  Guest N
#                 (in the order of making) is 02:00:00:00:00:N, 10.0.0.N, fd00::N
# guests NAME...  guests with a real IP stack in a namespace, for ping and such
#
# A check that fails says so and the test goes on; a command that fails without
# being a check ends the test.

set -o errtrace -o pipefail
export LC_ALL=C

top=$(cd "${BASH_SOURCE[0]%/*}/.." && pwd)
tools=$top/tests/tools
export PYTHONPATH=$tools PYTHONPYCACHEPREFIX=${TMPDIR:-/tmp}/vseg-pycache
# shellcheck source=tests/tools/module.sh
. "$tools/module.sh"
PATH=$PATH:$top/tools:/usr/sbin:/sbin

if [[ ! ${LAB_INSIDE-} ]]; then
	net=--net
	[[ ${NAMESPACE-} != init ]] || net=
	export LAB_INSIDE=1 LAB_OUTSIDE=$$
	# shellcheck disable=SC2086  # no word where net is empty
	exec unshare $net --mount --pid --fork --kill-child --mount-proc \
		"$BASH" "$0" "$@"
fi

failures=0 checks=0 R=''
lab_dir='' lab_in=() lab_out=() lab_at=0

# --- verdicts ---------------------------------------------------------------

# flunk TEXT: a check failed; say where (in the test, not in a library) and what.
flunk() {
	local depth=0
	while [[ ${BASH_SOURCE[depth]-} == */lib.sh ]]; do
		depth=$((depth + 1))
	done
	echo "FAIL ${BASH_SOURCE[depth]##*/}:${BASH_LINENO[depth - 1]}: $*"
	failures=$((failures + 1))
}

# broken: a command that is no check failed.
broken() {
	[[ $1 != 'return 1' ]] || set -- "${FUNCNAME[1]}" "$2" "$R"
	flunk "'$1' ended with status $2 ${3-}"
	exit 1
}
trap 'broken "$BASH_COMMAND" "$?"' ERR
trap : PIPE

# skip WHY: this test can't run here, and needs not.
skip() {
	echo "SKIP $*"
	trap - EXIT
	exit 4
}

finish() {
	local status=${1:-$?}
	trap - EXIT ERR
	[[ ! $lab_dir ]] || rm -rf "$lab_dir"
	[[ $status -ne 0 || $checks -gt 0 ]] || flunk "nothing was checked"
	[[ $failures -eq 0 ]] || exit 1
	exit "$status"
}
trap finish EXIT

#
# Tests in the initial namespace, which outlives them.
#

reports=/proc/sys/net/ipv4/igmp_link_local_mcast_reports reports_before=

# own_host PARAMETER...: the module with these, and a host that keeps quiet; in
# the end all is put away.
own_host() {
	trap 'leave_host "$?"' EXIT
	module_unload
	module_load "$@"
	reports_before=$(<"$reports")
	echo 0 >"$reports"
}

# put_away: what a test has beside; its own takes the place of this one.
put_away() {
	:
}

# leave_host STATUS: the end of the test, which ended with STATUS.
leave_host() {
	trap - EXIT ERR
	put_away
	vsegctl off
	[[ ! -d /sys/class/net/br0 ]] || ip link del br0
	[[ ! $reports_before ]] || echo "$reports_before" >"$reports"
	module_unload
	module_load
	finish "$1"
}

# figure TEXT: something to be told of a test that passes.
figure() {
	echo "FIGURE $*"
}

# is WHAT HAVE WANT: the two are equal.
is() {
	checks=$((checks + 1))
	[[ $2 == "$3" ]] || flunk "$1 is '$2', expected '$3'"
}

# like WHAT HAVE PATTERN: a regular expression matches.
like() {
	checks=$((checks + 1))
	[[ $2 =~ $3 ]] || flunk "$1 is '$2', expected something like '$3'"
}

# holds WHAT EXPRESSION: an arithmetic expression is true.
holds() {
	checks=$((checks + 1))
	(($2)) || flunk "$1: not true: $2"
}

# works CMD...: the command does what it is asked for.
works() {
	local out
	checks=$((checks + 1))
	out=$("$@" 2>&1) || flunk "'$*' ended with status $?: $out"
}

# fails CMD...: the command does not.
fails() {
	checks=$((checks + 1))
	! "$@" >/dev/null 2>&1 || flunk "'$*' should have failed"
}

# refused TEXT CMD...: the kernel refuses, in these words (a pattern).
refused() {
	local out status=0 text=$1
	shift
	checks=$((checks + 1))
	out=$("$@" 2>&1) || status=$?
	[[ $status -eq 2 ]] ||
		flunk "'$*' ended with status $status, expected 2: $out"
	[[ $out =~ $text ]] || flunk "'$*' said '$out', expected '$text'"
}

# wait_until LIMIT CMD...: true as soon as the command is; false after LIMIT s.
wait_until() {
	local limit=$((SECONDS + $1 * ${SLOW:-1}))
	shift
	until "$@" >/dev/null 2>&1; do
		((SECONDS < limit)) || return 1
		pause 0.05
	done
}

# pause SECONDS: between two looks, without a process.
pause() {
	read -r -t "$1" -u "$lab_idle" || :
}

# soon LIMIT CMD...: check that it becomes true.
soon() {
	checks=$((checks + 1))
	wait_until "$@" || flunk "not within $1 s: ${*:2}"
}

# file_is FILE VALUE: what stands in a one-line file.
file_is() {
	local value
	read -r value <"$1" && [[ $value == "$2" ]]
}

# value FILE: puts its first line into R.
value() {
	R=
	read -r R <"$1" || [[ $R ]]
}

# --- the module -------------------------------------------------------------

module_load() {
	module_insert "$@" || return 1
	[[ ! ${lab_in[0]-} ]] || lab reopen
}

# module_reload [PARAMETER=VALUE...]: with no policy in this namespace.
module_reload() {
	! module_loaded || vsegctl off || :
	module_unload
	module_load "$@"
}

# setting NAME VALUE: a module parameter that can be written, for this test.
setting() {
	echo "$2" >"/sys/module/vseg/parameters/$1"
}

# --- the host and its bridges -----------------------------------------------

# hv_up: what a fresh namespace lacks to be a host.
hv_up() {
	if [[ ${NAMESPACE-} != init ]]; then
		mount -t sysfs sysfs /sys
		echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6
		echo 0 >/proc/sys/net/ipv6/conf/default/accept_dad
		echo 0 >/proc/sys/net/ipv6/conf/default/router_solicitations
		# A bridge that snoops joins a group of its own.
		echo 0 >/proc/sys/net/ipv4/igmp_link_local_mcast_reports
	fi
	# br_netfilter may be there; who wants it switches it on.
	for R in /proc/sys/net/bridge/bridge-nf-call-*; do
		[[ ! -e $R ]] || echo 0 >"$R"
	done
	[[ -c /dev/net/tun ]] || modprobe tun
	mkdir -p /run/netns
	mount -t tmpfs -o mode=0755 tmpfs /run/netns
	lab_dir=$(mktemp -d /tmp/lab.XXXXXX)
	mkfifo "$lab_dir/idle"
	exec {lab_idle}<>"$lab_dir/idle"
	module_loaded || [[ $module_file == none ]] || module_load
}

# bridge_up NAME [TYPE ARGS...]: a bridge, forwarding at once.  The first one
# has the address of the end "host"; a v6=1 word gives it IPv6.
bridge_up() {
	local name=$1 v6=0
	shift
	if [[ ${1-} == v6=1 ]]; then
		v6=1
		shift
	fi
	ip -batch - <<-END
		link add $name address 02:00:00:00:00:fe type bridge stp_state 0 forward_delay 0 $*
	END
	echo $((!v6)) >"/proc/sys/net/ipv6/conf/$name/disable_ipv6"
	ip link set "$name" up
}

# lab_up [BRIDGE ARGS...]: a host with br0, and the hand for frames.
lab_up() {
	hv_up
	bridge_up br0 "$@"
	# shellcheck disable=SC2119
	lab_start
	lab host host br0
}

# lab_start [NETNS]: tools/lab.py, here or in another namespace; lab_use N
# changes between them.
# shellcheck disable=SC2120  # without a namespace: here
lab_start() {
	local n=${#lab_in[@]} enter=() from to
	[[ ! ${1-} ]] || enter=(ip netns exec "$1")
	mkfifo "$lab_dir/in$n" "$lab_dir/out$n"
	if [[ ${VSEG_HANDS-} ]]; then
		echo "$LAB_OUTSIDE hand $lab_dir/in$n $lab_dir/out$n ${1-}" >"$VSEG_HANDS"
	else
		"${enter[@]}" "$tools/lab.py" <"$lab_dir/in$n" >"$lab_dir/out$n" &
	fi
	exec {to}>"$lab_dir/in$n" {from}<"$lab_dir/out$n"
	lab_in+=("$to") lab_out+=("$from")
	lab_at=$n
}

lab_use() {
	lab_at=$1
}

# lab COMMAND...: ask tools/lab.py; its answer goes to R.
lab() {
	local status lines i line
	echo "$*" >&"${lab_in[lab_at]}"
	read -r status lines <&"${lab_out[lab_at]}" ||
		{ R='tools/lab.py died'; return 1; }
	R=
	for ((i = 0; i < lines; i++)); do
		IFS= read -r line <&"${lab_out[lab_at]}"
		R+=${R:+$'\n'}$line
	done
	[[ $status == ok ]] || return 1
}

# rename_link OLD NEW: before 6.2 a device has to be down for that.
rename_link() {
	ip link set "$1" name "$2" 2>/dev/null || ip -batch - <<-END
		link set $1 down
		link set $1 name $2
		link set $2 up
	END
}

# taps NAME...: guests behind taps, ports of br0, known to its table.
taps() {
	local name
	for name; do
		lab tap "$name"
	done
}

# guests NAME...: guests with an IP stack in a namespace, ports of br0.
guests() {
	local name
	for name; do
		guest "$name" br0
	done
}

guest_count=100

# guest NAME BRIDGE [LINK ARGS]: guest NAME has 10.0.0.N and fd00::N; N from
# 101 on, in ${ip4[NAME]} and ${ip6[NAME]}.
declare -gA ip4=() ip6=()
guest() {
	local name=$1 n=$((guest_count += 1)) hex
	printf -v hex %x "$n"
	# shellcheck disable=SC2034
	ip4[$name]=10.0.0.$n
	# shellcheck disable=SC2034
	ip6[$name]=fd00::$hex
	ip -batch - <<-END
		netns add $name
		link add $name type veth peer name eth0 address 02:00:00:00:00:$hex netns $name
		link set $name master $2 up
	END
	ip netns exec "$name" "$BASH" -c '
		echo 0 >/proc/sys/net/ipv6/conf/eth0/accept_dad
		echo 0 >/proc/sys/net/ipv6/conf/eth0/router_solicitations
		exec ip -batch -' <<-END
		link set lo up
		link set eth0 up
		address add 10.0.0.$n/24 dev eth0
		address add fd00::$hex/64 dev eth0 nodad
	END
}

# pings FROM ADDRESS: the guest reaches the address.
pings() {
	checks=$((checks + 1))
	ip netns exec "$1" ping -n -q -c 1 -W "${3:-5}" "$2" >/dev/null ||
		flunk "$1 does not reach $2"
}

# refuses FROM ADDRESS...: the guest reaches none of them (costs the time limit,
# once for all: use a counted drop, where one frame tells as much).
refuses() {
	local from=$1 address pids=()
	shift
	checks=$((checks + $#))
	for address; do
		ip netns exec "$from" ping -n -q -c 1 -W 1 "$address" >/dev/null &
		pids+=($!)
	done
	for address; do
		! wait "${pids[0]}" || flunk "$from reaches $address"
		pids=("${pids[@]:1}")
	done
}

# policy: vsegctl takes a batch from standard input, as one transaction.
policy() {
	vsegctl -b -
}

# standard: the policy that most tests start from.  Domains web, db and mgmt;
# web may talk to db.
standard() {
	{
		echo 'bridge add br0'
		echo 'domain add web'
		echo 'domain add db'
		echo 'domain add mgmt'
		echo 'policy allow web db'
		cat
	} | vsegctl -b -
}

# ruled PORT PORT [PORT]: guests behind taps in the domains web, db and mgmt, and
# rules from web to db.  From standard input come these, and whatever else the
# policy says.  Without the guard: frames with any address are sent.
ruled() {
	local names=(web db mgmt) port
	taps "$@"
	{
		echo 'policy set guard off'
		echo 'bridge add br0'
		printf 'domain add %s\n' "${names[@]:0:$#}"
		echo 'cell set web db rules'
		cat
		for port; do
			echo "port bind $port ${names[0]}"
			names=("${names[@]:1}")
		done
	} | policy
}

# --- frames and counters ----------------------------------------------------

# expect FROM TO KIND [KEY=VALUE...] : END=OUTCOME...: see tools/lab.py
expect() {
	checks=$((checks + 1))
	lab expect "$@" || flunk "expect $*"$'\n'"$R"
}

# counts VALUE WHAT...: a counter as the netlink interface tells it.
counts() {
	local want=$1
	shift
	checks=$((checks + 1))
	lab counter "$@" || { flunk "$R"; return 0; }
	[[ $R == "$want" ]] || flunk "counter $* is $R, expected $want"
}

# reads WHAT...: the same, into R.
reads() {
	lab counter "$@"
}

# sums [ports-gone|bridges-gone]: what must add up, adds up.
sums() {
	checks=$((checks + 1))
	lab sums "$@" || flunk "the counters do not add up"$'\n'"$R"
}

# untouched NAME: the whole state is as it was at `lab state save NAME`.
untouched() {
	checks=$((checks + 1))
	lab state same "$1" || flunk "$R"
}

# script [ARGS...]: checks in Python from standard input; see tools/check.py.
script() {
	local dir status=killed
	checks=$((checks + 1))
	if [[ ! ${VSEG_HANDS-} ]]; then
		python3 -S - "$@" || flunk "the script ended with status $?"
		return 0
	fi
	dir=$(mktemp -d "$lab_dir/script.XXXXXX")
	cat >"$dir/program"
	: >"$dir/args"
	env -0 >"$dir/env"
	[[ $# -eq 0 ]] || printf '%s\0' "$@" >"$dir/args"
	mkfifo "$dir/status"
	echo "$LAB_OUTSIDE script $dir" >"$VSEG_HANDS"
	read -r status <"$dir/status" || status=killed
	[[ $status == 0 ]] || flunk "the script ended with status $status"
}

# event GROUP KEY=VALUE...: the next event is this one.
event() {
	checks=$((checks + 1))
	lab event "$@" || flunk "event $*"$'\n'"$R"
}

# sysfs DEV FILE: a counter of a port or bridge, into R.
sysfs() {
	value "/sys/class/net/$1/vseg/$2"
}

# json FILTER ARGS...: a value of vsegctl's JSON, into R.
json() {
	local filter=$1
	shift
	R=$(vsegctl -j "$@" | jq -r "$filter")
}

# kernel_log TEXT: a mark for the runner's look at the kernel log.
kernel_log() {
	echo "vseg-test: $*" >/dev/kmsg
}
