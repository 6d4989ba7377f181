# shellcheck shell=bash disable=SC2034,SC2154  # names shared with guest.sh
# What it takes to change a policy, see control.py.

rows_control() {
	local filter what pairs="pairs=1000 pairs=10000 pairs=65536" rules="rules=100000"
	topology 0 4
	vseg_load
	for filter in vseg nftables ebtables; do
		# shellcheck disable=SC2086  # words
		"$here/control.py" /run "$filter" $pairs $rules
	done
	topology_gone
	topology 0 1000
	# What the new devices leave to workers is done when it runs a second time.
	"$here/control.py" /run vseg-ports ports=1000 >/dev/null
	"$here/control.py" /run vseg-ports ports=1000
	rmmod vseg
	topology_gone
	topology 0 4
	# A daemon gives back no memory: one for each.
	for what in $pairs $rules; do
		ovs_up
		"$here/control.py" /run openflow "$what"
		ovs_down
	done
	control_datapath "$pairs"
}

# Flows as the daemon hands them to the kernel.
control_datapath() {
	ip link set g0 nomaster
	ip link set g1 nomaster
	ovs-dpctl add-dp dp0
	ovs-dpctl add-if dp0 g0
	ovs-dpctl add-if dp0 g1
	# shellcheck disable=SC2086  # words
	"$here/control.py" /run datapath $1
	ovs-dpctl del-dp dp0
}

# Open vSwitch with its daemons, and a bridge of its own.
ovs_up() {
	mkdir -p /run/openvswitch
	rm -f /run/ovs.db
	ovsdb-tool create /run/ovs.db /usr/share/openvswitch/vswitch.ovsschema
	ovsdb-server /run/ovs.db --remote=punix:/run/openvswitch/db.sock \
		--detach --pidfile --log-file=/dev/null
	ovs-vsctl --no-wait init
	ovs-vswitchd --detach --pidfile --log-file=/dev/null
	ovs-vsctl add-br ovs0
}

ovs_down() {
	ovs-vsctl del-br ovs0
	ovs-appctl exit --cleanup
	ovs-appctl -t ovsdb-server exit
	wait_until ovs_is_down
}

ovs_is_down() {
	! pgrep -x 'ovs-vswitchd|ovsdb-server' >/dev/null
}
