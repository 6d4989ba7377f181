#!/bin/bash
# The steps on the running kernel, in a VM whose root has the packages; run
# calls it.  Nothing that was built elsewhere is here.
#
# usage: guest.sh [SELFTEST...]

set -u -o pipefail
export DEBIAN_FRONTEND=noninteractive LC_ALL=C
here=${0%/*}
# shellcheck source=tests/matrix/step.sh
. "$here/step.sh"
# shellcheck source=tests/matrix/traces.sh
. "$here/traces.sh"
version=$(cat "$here/../../VERSION")
selftests=("$@")
vseg=/sys/module/vseg

# loads: modprobe takes the module that DKMS made for this kernel.
loads() {
	detail "Linux $(uname -r), $(nproc) CPUs"
	[[ $(uname -r) == "$(cat "$state/new")" ]]
	installed_for "$(uname -r)" "$version"
	[[ $(command -v vsegctl) == /usr/sbin/vsegctl ]] ||
		fail "vsegctl is $(command -v vsegctl)"
	modprobe vseg
	[[ $(<$vseg/version) == "$version" ]]
	[[ $(<$vseg/srcversion) == "$(modinfo -F srcversion vseg)" ]] ||
		fail "not the module that was installed"
	vsegctl status
	rmmod vseg
}

# What tests/run says goes out as it comes.
tests() {
	VSEG_KO=installed "$here/../run" "${selftests[@]}" | sed -u 's/^/selftest: /' >&3
}

# held: the packages go while a policy is in force.  The policy doesn't.
held() {
	modprobe vseg
	two_guests
	policy_denies
	apt-get -y -q purge vseg-dkms | tee /tmp/purge
	grep -q '^vseg: A policy is in force' /tmp/purge
	[[ -d $vseg ]]
	fails rmmod vseg
	policy_denies
	vsegctl policy allow a b
	vsegctl policy allow b a
	ping_between
	vsegctl policy del a b
	policy_denies
	apt-get -y -q purge vsegctl | tee /tmp/purge
	grep -q '^vsegctl: A policy is in force' /tmp/purge
	fails ping_between
	traces_none

	dpkg -i "$state"/debs/vsegctl_*.deb
	vsegctl off
	ping_between
	rmmod vseg
	apt-get -y -q purge vsegctl
	traces_none
}

# The next step begins without the module, whatever a failed test left.
module_gone() {
	[[ ! -d $vseg ]] || rmmod vseg
}

fails() {
	! "$@" || fail "should have failed: $*"
}

two_guests() {
	local name
	ip link add br0 type bridge forward_delay 0
	ip link set br0 up
	for name in a b; do
		ip netns add "$name"
		ip link add name "$name" type veth peer name eth0 netns "$name"
		ip link set dev "$name" master br0 up
		ip -n "$name" link set eth0 up
	done
	ip -n a address add 10.0.0.1/24 dev eth0
	ip -n b address add 10.0.0.2/24 dev eth0
	ping_between
	vsegctl -b - <<-'TEXT'
		bridge add br0
		domain add a
		domain add b
		port bind a a
		port bind b b
	TEXT
}

ping_between() {
	ip netns exec a ping -n -q -c 1 -W 2 10.0.0.2
}

# policy_denies: what must not pass doesn't, and is counted.
policy_denies() {
	local before after
	before=$(dropped)
	fails ping_between
	after=$(dropped)
	[[ $after -gt $before ]] || fail "$after drops, before it were $before"
}

dropped() {
	cat /sys/class/net/a/vseg/rx_dropped
}

exec 3>&1
step "boot the new kernel, modprobe" loads || exit
step "selftests" tests
module_gone || exit
step "purge with a policy in force: it stays" held
