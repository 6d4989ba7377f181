#!/bin/bash
# One life of a host, from its boot until its power is cut.
#
# usage: guest.sh POINT
#
#   install   the operator's first policy has just been put in /etc/vseg
#   module    the module is loaded with lockdown=1; there is no bridge yet
#   loaded    the same with a bridge and guests; the policy comes next
#   edits     the boot's apply is stopped with half of its edits sent
#   commit    the same with all of them sent, before the commit
#   applied   the policy is in force
#   confirm   another one is, and waits for its confirmation
#   write     that one is half written, beside the policy of the host
#   refused   the file of the host's policy has become a wrong one
#   reset     the kernel itself ends at once, without a sync
#   applies   policies are applied in turn, without end
#   inits     first policies are written, without end
#   none      the host is shut down
#
# A point is told on the port "step", as "point NAME".
point=${1:?}
if [[ ! ${LAB_INSIDE-} ]]; then
	dir=$(grep -lx step /sys/class/virtio-ports/*/name)
	dir=${dir%/name}
	exec >"/dev/${dir##*/}" 2>&1
fi
NAMESPACE=init
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/vm/scan.sh
. "$top/tests/vm/scan.sh"

disk=/dev/vda
etc=/etc/vseg
boot=$top/tools/host/boot

# reach NAME: if the power is to be cut here, it is, or the host goes on.
reach() {
	[[ $1 == "$point" ]] || return 0
	clean
	((failures)) || echo "point $1"
	while :; do
		pause 60
	done
}

# clean: nothing in the kernel log.
clean() {
	dmesg >"$lab_dir/kmsg"
	works kmsg_clean "$lab_dir/kmsg"
	checks=$((checks + 1))
	! grep -iE 'EXT4-fs (error|warning)|I/O error' "$lab_dir/kmsg" ||
		flunk "the disk"
}

#
# Two policies that share their names, and differ in each cell.
#

policy_of() {
	case $1 in
	bad) policy_of 1 | sed 's/br0: enforce/br0: enforced/' ;;
	1) cells "$1" 'web -> db: allow' ;;
	2) cells "$1" 'web -> db: deny' 'db -> web: allow' ;;
	esac
}

# cells NUMBER CELL...: its file, with these and so many that its diff is too
# much for a small pipe.
cells() {
	printf '%s\n' "${@:2}" | awk -v number="$1" '
		BEGIN {
			printf "version: 1\ndomains: {web: %d00, db: %d01", number, number
			for (a = 0; a < 40; a++)
				printf ", d%d: %d", a, 1000 * number + a
			print "}\nbridges: {br0: enforce}\nports:"
			print "  - {name: web0, domain: web}"
			print "  - {glob: \"db*\", domain: db}\ncells:"
			for (a = 0; a < 40; a++)
				for (b = 0; b < 20; b++)
					if (a != b)
						printf "  - d%d -> d%d: %s\n", a, b,
							(a + b + number) % 2 ? "deny" : "allow"
		}
		{ print "  - " $0 }'
}

# written NUMBER: the host's policy, as the guide says: whole before it is there.
written() {
	policy_of "$1" >"$etc/policy.new"
	sync "$etc/policy.new"
	mv "$etc/policy.new" "$etc/policy.yaml"
	sync "$etc"
}

closed() {
	like "the first line of status" "$(vsegctl status | head -n 1)" ': LOCKDOWN'
	[[ -d /sys/class/net/web0 ]] || return 0
	expect web0 db0 udp :
	expect db0 web0 udp :
	expect web0 host udp :
	expect host db0 udp :
}

# in_force NUMBER: this policy, all of it.
in_force() {
	like "the first line of status" "$(vsegctl status | head -n 1)" ': ENFORCING'
	like "apply of policy $1" "$(policy_of "$1" | vsegctl apply - --diff)" \
		'nothing to change'
	expect other db0 udp : db0=unlabelled-src
	expect web0 host udp : host=default-deny
	if [[ $1 == 1 ]]; then
		expect web0 db0 udp : db0=pass
		expect db0 web0 udp : web0=default-deny
	else
		expect web0 db0 udp : db0=cell-deny
		expect db0 web0 udp : web0=pass
	fi
}

#
# The disk.
#

disk_up() {
	modprobe -a virtio_blk ext4
	wait_until 30 test -b "$disk"
	mkdir -p /run/persist "$etc"
	if ! blkid "$disk" >/dev/null; then
		mke2fs -q -t ext4 "$disk"
	fi
	# The journal is played back by the mount, as on any host.
	mount "$disk" /run/persist
	mkdir -p /run/persist/vseg
	mount --bind /run/persist/vseg "$etc"
}

# whole_files: every policy there is as it was written; which is in force, to R.
whole_files() {
	local file count=0 want=none
	# They were on the disk when the command ended.
	[[ ! -d $etc/first ]] || want=first
	for file in "$etc"/first/*.yaml; do
		[[ -e $file ]] || continue
		count=$((count + 1)) checks=$((checks + 1))
		cmp -s "$file" "$etc/first.want" ||
			flunk "${file##*/} is half: $(wc -c <"$file") bytes"
	done
	if [[ $want == first ]]; then
		echo "# $count first policies were written, and are whole"
		holds "all that were written" "$count >= 9"
		rm -rf "$etc/first"
		want=none
	fi
	if [[ -e $etc/policy.yaml ]]; then
		for want in 1 2 bad half; do
			[[ $want != half ]] || break
			! cmp -s "$etc/policy.yaml" <(policy_of "$want") || break
		done
		like "the policy of the host" "$want" '^(1|2|bad)$'
	fi
	R=$want
}

#
# The boot, as vseg.service and what comes behind it do it.
#

# at_apply POINT: the boot's apply stands there, and the host is closed.
at_apply() {
	local calls pid
	mkfifo "$lab_dir/journal"
	exec {journal}<>"$lab_dir/journal"
	if [[ $1 == edits ]]; then
		strace -f -qq -o "$lab_dir/calls" -e trace=sendto,sendmsg \
			vsegctl apply "$etc/policy.yaml" --check >/dev/null
		calls=$(grep -c '^[0-9]* *send' "$lab_dir/calls")
		echo "# stopped at message $((calls / 2)) of $calls"
		strace -f -o "$lab_dir/calls" -e trace=sendto,sendmsg \
			-e "inject=sendto,sendmsg:signal=STOP:when=$((calls / 2))" \
			"$boot" start >&"$journal" &
	else
		# Its words fill the pipe, before the commit.
		python3 -S -c 'import fcntl; fcntl.fcntl(0, fcntl.F_SETPIPE_SZ, 4096)' \
			<&"$journal"
		"$boot" start >&"$journal" &
	fi
	soon 60 pgrep -x vsegctl
	pid=$(pgrep -x vsegctl)
	if [[ $1 == edits ]]; then
		soon 60 grep -q 'stopped by SIGSTOP' "$lab_dir/calls"
	else
		soon 60 grep -q pipe_write "/proc/$pid/wchan"
	fi
	closed
	reach "$1"
}

host_up() {
	bridge_up br0 mcast_snooping 0
	# shellcheck disable=SC2119
	lab_start
	lab host host br0
	taps web0 db0 other
}

host_boots() {
	local policy=$1
	modprobe bridge
	module_load lockdown=1
	closed
	reach module
	host_up
	closed
	reach loaded
	case $point in
	edits | commit) at_apply "$point" ;;
	esac
	if [[ $policy == none ]]; then
		works "$boot" start
		closed
	elif [[ $policy == bad ]]; then
		fails "$boot" start
		SERVICE_RESULT=exit-code "$boot" stopped 2>"$lab_dir/told"
		like "what it says" "$(<"$lab_dir/told")" 'THIS HOST IS CLOSED'
		closed
		written 1
		works "$boot" start
		in_force 1
	else
		works "$boot" start
		in_force "$policy"
	fi
	reach applied
}

#
# What the operator does then.
#

operator() {
	local now=$1 other turn
	[[ $now == [12] ]] || now=1
	other=$((3 - now))
	case $point in
	install) written 1 ;;
	confirm)
		written "$other"
		works vsegctl apply "$etc/policy.yaml" --confirm 600
		in_force "$other"
		;;
	write)
		policy_of "$other" >"$lab_dir/other"
		head -c 9000 "$lab_dir/other" >"$etc/policy.new"
		sync "$etc/policy.new"
		;;
	refused) written bad ;;
	reset)
		written "$other"
		clean
		vsegctl apply "$etc/policy.yaml" >/dev/null &
		somewhere
		echo b >/proc/sysrq-trigger
		;;
	applies)
		for ((turn = 1; ; turn++)); do
			((turn != 3)) || somewhere &
			written $((1 + turn % 2))
			works vsegctl apply "$etc/policy.yaml"
		done
		;;
	inits)
		mkdir "$etc/first"
		vsegctl init >"$etc/first.want"
		sync
		for ((turn = 1; ; turn++)); do
			((turn != 10)) || somewhere &
			works vsegctl init -o "$etc/first/$turn.yaml"
		done
		;;
	esac
	[[ $point == none ]] || reach "$point"
}

# somewhere: tell the point in the middle of what goes on.
somewhere() {
	head -c $((RANDOM * 100)) /dev/zero | md5sum >/dev/null
	echo "point $point"
}

# in_peace: the disk is in order.
in_peace() {
	works vsegctl off
	umount "$etc"
	umount /run/persist
	works e2fsck -fn "$disk"
	clean
	((failures)) || echo "point none"
}

module=$module_file module_file=none
hv_up
module_file=$module
disk_up
whole_files
host_boots "$R"
operator "$R"
in_peace
