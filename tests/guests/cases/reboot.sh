# shellcheck shell=bash disable=SC2154
# A guest that reboots keeps its tap and label; one that is started anew has neither.
readdress() {
	on "$1" "
		ip address add ${ip4[$1]}/24 dev eth0
		ip address add ${ip6[$1]}/64 dev eth0 nodad"
}

# Warm: the guest's kernel starts again, its QEMU stays, and so does the port.
value /sys/class/net/vnet1/ifindex
index=$R
ask db1 "reboot -f"
booted db1
readdress db1
value /sys/class/net/vnet1/ifindex
is "the tap after a reboot" "$R" "$index"
reaches web1 "${ip4[db1]}"

# Cold: the tap is another one of the same name.
power_off db1
fails vsegctl port show vnet1
power_on db1
plug db1
booted db1
value /sys/class/net/vnet1/ifindex
holds "the tap is a new one" "R != index"
is "domain of the new vnet1" "$(</sys/class/net/vnet1/vseg/domain)" unlabelled
readdress db1
capture db1 web1
knows web1 db1
knows db1 web1
sysfs vnet0 drop_unlabelled_dst
before=$R
ask db1 "ping -c 2 -W 1 ${ip4[web1]}"
misses web1 "${ip4[db1]}"
checks=$((checks + 1))
! answer db1 || flunk "db1 reaches web1 without a label"
captured db1 web1
unseen db1 web1 infra pay1
unseen web1 db1
frames web1 "to:${mac[db1]}"
sent=$R
holds "frames that web1 sent: $sent" "sent >= 2"
sysfs vnet0 drop_unlabelled_dst
is "drops for the unlabelled port" "$((R - before))" "$sent"
label db1
reaches web1 "${ip4[db1]}"
reaches db1 "${ip6[web1]}"
sums ports-gone
