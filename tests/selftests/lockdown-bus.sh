#!/bin/bash
# With lockdown=1 and no names the host is reached by devices on a bus, not by taps.
# shellcheck source=lib.sh
NAMESPACE=init
. "${0%/*}/../lib.sh"

put_away() {
	[[ ! -d /sys/bus/netdevsim/devices/netdevsim7 ]] || echo 7 >/sys/bus/netdevsim/del_device
}

own_host lockdown=1
lab_up mcast_snooping 0
taps web0 web1
expect web0 web1 udp :
expect web0 host udp :
expect host web0 udp :
counts 3 status lockdown-dropped

# Debian's kernels have no netdevsim, and the VM no hardware.
modprobe netdevsim 2>/dev/null || :
if [[ -e /sys/bus/netdevsim/new_device ]]; then
	echo 7 2 >/sys/bus/netdevsim/new_device
	mapfile -t port < <(ls /sys/bus/netdevsim/devices/netdevsim7/net)
	for name in "${port[@]}"; do
		echo 1 >"/proc/sys/net/ipv6/conf/$name/disable_ipv6"
		ip link set "$name" up
	done
	# What the one sends arrives at the other.
	exec {net}</proc/self/ns/net
	echo "$net:$(</sys/class/net/"${port[0]}"/ifindex)" \
		"$net:$(</sys/class/net/"${port[1]}"/ifindex)" \
		>/sys/bus/netdevsim/link_device
	ip link set "${port[0]}" master br0
	lab guest nic "${port[0]}" - "${port[1]}"
	wait_until 10 file_is "/sys/class/net/${port[0]}/brport/state" 3
	lab flush
	expect nic host udp : host=through
	expect host nic udp : nic=through
	expect nic web0 udp :
	expect web0 nic udp :
	counts 5 status lockdown-dropped

	# So is it by what stands on one, here a VLAN of a bond.
	ip -batch - <<-END
		link set ${port[0]} nomaster
		link set ${port[0]} down
		link add bond7 type bond mode active-backup
		link set ${port[0]} master bond7
		link set bond7 up
		link add link bond7 name bond7.5 type vlan id 5
		link set bond7.5 master br0 up
	END
	wait_until 10 file_is /sys/class/net/bond7.5/brport/state 3
	value /sys/class/net/bond7.5/statistics/tx_packets
	before=$R
	lab send host bcast udp
	sent_more() {
		value /sys/class/net/bond7.5/statistics/tx_packets && ((R > before))
	}
	soon 5 sent_more
	ip link del bond7
fi
