# shellcheck shell=bash disable=SC2034,SC2154  # names shared with guest.sh
# What it takes to change a policy, see control.py.

rows_control() {
	local counts="1000 10000 65536" filter
	topology 0 4
	vseg_load
	for filter in vseg ebtables nftables; do
		# shellcheck disable=SC2086  # words
		"$here/control.py" /run "$filter" $counts
	done
	topology_gone
	topology 0 1000
	"$here/control.py" /run vseg-ports 1000
	rmmod vseg
	ovs_up
	ip link set g0 nomaster
	ip link set g1 nomaster
	ovs-dpctl add-dp dp0
	ovs-dpctl add-if dp0 g0
	ovs-dpctl add-if dp0 g1
	# shellcheck disable=SC2086  # words
	for filter in datapath openflow; do
		"$here/control.py" /run "$filter" $counts
	done
}

# Open vSwitch with its daemons, and a bridge of its own.
ovs_up() {
	mkdir -p /run/openvswitch
	ovsdb-tool create /run/ovs.db /usr/share/openvswitch/vswitch.ovsschema
	ovsdb-server /run/ovs.db --remote=punix:/run/openvswitch/db.sock \
		--detach --pidfile --log-file=/dev/null
	ovs-vsctl --no-wait init
	ovs-vswitchd --detach --pidfile --log-file=/dev/null
	ovs-vsctl add-br ovs0
}
