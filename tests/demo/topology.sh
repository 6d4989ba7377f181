# shellcheck shell=bash
# The host that demo.sh and `make sandbox` show.  Sourced, inside the sandbox.
#
#      web1            db1          payroll1       guests: a namespace each,
#   10.0.0.1        10.0.0.2        10.0.0.3       cabled like a VM's tap
#       |               |               |
#     vnet0           vnet1           vnet2         ports
#   ----+---------------+---------------+----- br0  10.0.0.254, the host
#
# Domains: web, db, payroll.  web may ask db; payroll may talk to the host.

guests=(web1 db1 payroll1)

topology_up() {
	local i name
	for name in bridge veth nf_conntrack; do
		modprobe "$name"
	done
	insmod /vseg/kmod/vseg.ko
	ip link add br0 type bridge
	ip addr add 10.0.0.254/24 dev br0
	ip link set br0 up
	for i in "${!guests[@]}"; do
		name=${guests[i]}
		ip netns add "$name"
		ip link add "vnet$i" type veth peer name eth0 netns "$name"
		ip link set "vnet$i" master br0 up
		ip -n "$name" addr add "10.0.0.$((i + 1))/24" dev eth0
		ip -n "$name" link set lo up
		ip -n "$name" link set eth0 up
	done
	for i in "${!guests[@]}"; do
		until [[ $(cat "/sys/class/net/vnet$i/brport/state") == 3 ]]; do
			read -rt 0.1 <> <(:) || :
		done
	done
}

# The policy as a file that every host could have.
policy() {
	cat <<'END'
version: 1
domains: {web: 100, db: 101, payroll: 102}
bridges: {br0: enforce}
ports:
  - {name: vnet0, domain: web}
  - {name: vnet1, domain: db}
  - {name: vnet2, domain: payroll}
cells:
  - web <-> db: allow
  - payroll <-> host: allow
END
}

# in_guest NAME COMMAND...
in_guest() {
	local name=$1
	shift
	ip netns exec "$name" "$@"
}
