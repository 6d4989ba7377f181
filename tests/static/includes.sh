# shellcheck shell=bash
# Includes go one way, and the pure files stay pure.
#
# A header may include only headers of a lower rank; a source any.
declare -A rank=(
	[compat]=0 [wire]=1 [frame]=1 [fragment]=2 [packet]=2 [usual]=3 [guest]=2 [guard]=3 [stats]=1 [domain]=2 [mark]=3 [selector]=3 [binding]=4 [rules]=3 [policy]=4
	[class]=5 [message]=6 [skb]=5 [known]=5 [vseg]=5 [event]=6 [hold]=7 [hook]=6 [lockdown]=6 [port]=6
	[sysfs_dir]=6 [sysfs_value]=6 [genl]=7 [history]=7 [match]=7 [pair]=7
	[ingress]=7 [route]=8 [sysfs]=7 [trace]=7 [txn]=7 [undo]=8 [vlan]=7 [way]=7 [way_private]=10 [commit]=8
	[prepare]=8 [netdev]=9 [flow]=7 [zone]=7 [state]=8 [track]=9
)
status=0
fail() {
	echo "$*"
	status=1
}

for file in kmod/*.h; do
	name=${file##*/} name=${name%.h}
	[[ ${rank[$name]-} ]] || { fail "$file has no rank in ${0##*/}"; continue; }
	while read -r used; do
		[[ $used != *uapi* ]] || continue
		used=${used%.h}
		((${rank[$used]:-99} < rank[$name])) ||
			fail "$file may not include $used.h"
	done < <(sed -n 's/^#include "\(.*\)"/\1/p' "$file")
done

for name in stats domain mark guard guest selector binding policy class class_udp message frame fragment part packet usual rules seal cell wire; do
	for file in kmod/"$name".[ch]; do
		! grep -nE '#include <(linux/(skbuff|netdevice|netlink|if_bridge)|net/)' "$file" ||
			fail "$file is pure: no skb, no device, no netlink"
	done
done

! grep -nE 'KERNEL_VERSION|LINUX_VERSION_CODE' kmod/*.[ch] ||
	fail "headers are asked, not versions"
! grep -n 'VSEG_HAS_' kmod/*.[ch] | grep -v '^kmod/compat.h' ||
	fail "only compat.h looks at what a kernel has"
! grep -nE '\b(nla_put|nla_get|nla_parse|nla_data)' kmod/*.[ch] |
	grep -vE '^kmod/(genl|.*\.mod\.c)' || fail "only genl*.c see attributes"
exit $status
