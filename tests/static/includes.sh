# shellcheck shell=bash
# Includes go one way, and the pure files stay pure.
#
# A header may include only headers of a lower rank; a source any.
declare -A rank=(
	[compat]=0 [stats]=1 [domain]=2 [binding]=3 [policy]=3 [frame]=4 [skb]=4 [vseg]=4
	[event]=5 [hook]=5 [lockdown]=5 [port]=5 [sysfs_dir]=5 [sysfs_value]=5
	[genl]=6 [pair]=6 [way]=6 [sysfs]=6 [trace]=6 [txn]=6 [vlan]=6 [commit]=7
	[netdev]=8
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

for name in stats domain binding policy frame; do
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
