#!/bin/bash
# vsegctl init writes a policy of what it finds, in monitor mode, that the kernel takes as it is.
# kernels: one
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

hv_up
file=$lab_dir/first/policy.yaml

# check NAME: what is written now passes unchanged.
check() {
	rm -rf "${file%/*}"
	works vsegctl init -o "$file"
	checks=$((checks + 1))
	R=$(vsegctl apply --check "$file" 2>&1) ||
		flunk "$1: $R"$'\n'"$(<"$file")"
	is "$1: printed" "$(vsegctl init)" "$(<"$file")"
	is "$1: printed" "$(cd "${file%/*}" && vsegctl init -o -)" "$(<"$file")"
	is "$1: beside it" "$(ls "${file%/*}")" "${file##*/}"
}

# selected DEV BRIDGE DOMAIN MATCH: once it is in force.
selected() {
	is "$1" "$(vsegctl -j port show "$1" |
		jq -r '.[0] | "\(.bridge) \(.domain) \(.match)"')" "$2 $3 $4"
}

# A host without bridges.
check "no bridge"
like "no bridge" "$(<"$file")" 'No bridge has a port yet'

# Bridges with an uplink that stands for hardware, guests of libvirt, of Proxmox
# VE with and without its firewall, of QEMU, containers, and what nobody knows.
ip -batch - <<'END'
link add br0 type bridge vlan_filtering 1
link add fwbr103i0 type bridge
link add virbr0 type bridge
link add bond0 type bond
link set bond0 master br0
tuntap add vnet0 mode tap
link set vnet0 address fe:54:00:12:34:56 master virbr0
tuntap add vnet1 mode tap
link set vnet1 address fe:54:00:12:34:56 master br0
tuntap add vnet2 mode tap
link set vnet2 address fe:16:3e:00:00:01 master br0 group 7
tuntap add tap101i0 mode tap
link set tap101i0 master br0
tuntap add tap101i1 mode tap
link set tap101i1 master virbr0
link add veth102i0 type veth peer name vpeer0
link set veth102i0 master br0
link add fwpr103p0 type veth peer name fwln103i0
link set fwpr103p0 master br0
link set fwln103i0 master fwbr103i0
tuntap add tap103i0 mode tap
link set tap103i0 master fwbr103i0
tuntap add host mode tap
link set host master br0
tuntap add a,b mode tap
link set a,b master br0
tuntap add a+b mode tap
link set a+b master br0
link add null type veth peer name vpeer1
link set null master br0
link add dummy7 type dummy
link set dummy7 master br0
END
ip link set vnet0 alias $'db "one"\n- of: [two'
check "all kinds"
works vsegctl apply "$file"
json .state status
is "state" "$R" monitor
selected vnet0 virbr0 guest-12-34-56 mac
selected vnet1 br0 guest-12-34-56 mac
selected vnet2 br0 guest-16-3e-00-00-01 mac
selected tap101i0 br0 guest-101 glob
selected tap101i1 virbr0 guest-101 glob
selected veth102i0 br0 guest-102 glob
selected fwpr103p0 br0 guest-103 glob
selected host br0 guest-host name
selected null br0 guest-null name
selected a,b br0 guest-a-b-2 name
selected a+b br0 guest-a-b name
is "bond0" "$(vsegctl -j port show bond0 | jq -r '.[0].kind')" trunk
is "dummy7" "$(vsegctl -j port show dummy7 | jq -r '.[0].kind')" unlabelled
json '[.[].name] | join(" ")' bridge
is "managed" "$R" "br0 virbr0"
like "comment" "$(<"$file")" '# vnet0 on virbr0: .*, fe:54:00:12:34:56, alias "db "one".x0a- of: .two"'
like "comment" "$(<"$file")" '# vnet2 on br0: .*, group 7'
like "comment" "$(<"$file")" '# Not known: dummy7 on br0: dummy'
like "comment" "$(<"$file")" '# tap101i1 on virbr0: .*; by the selector above'
like "comment" "$(<"$file")" '# fwbr103i0: '
like "comment" "$(<"$file")" '# [0-9]+ ports, filters VLANs'

# Names that are YAML's, patterns, or no text: nothing of them is run or read as
# policy.
n=0
# shellcheck disable=SC2016  # a name
for name in '#x' '{x}' 'q"q' 'a*' '[a]' 'b\n' $'\xff\xfe' $'\x01' '&a' '!!str' yes 0x10 1e3 '~' '@x' '`x' '$(x)'; do
	ip link add name "$name" type veth peer name "p$((n += 1))"
	ip link set dev "$name" master br0
done
works vsegctl off
check "odd names"
works vsegctl apply "$file"
selected '#x' br0 guest--x name
# shellcheck disable=SC2016  # a name
selected '$(x)' br0 'guest---x-' name
selected yes br0 guest-yes name

# A file that is there stays.
echo mine >"$lab_dir/mine"
refused 'is there already' vsegctl init -o "$lab_dir/mine"
is "mine" "$(<"$lab_dir/mine")" mine
ln -s "$lab_dir/nowhere" "$lab_dir/link"
refused 'is there already' vsegctl init -o "$lab_dir/link"
fails test -e "$lab_dir/nowhere"

# One that can't be written in full is not left behind.
mkdir "$lab_dir/full"
mount -t tmpfs -o size=4k tmpfs "$lab_dir/full"
refused 'No space' vsegctl init -o "$lab_dir/full/policy.yaml"
is "left behind" "$(ls "$lab_dir/full")" ""
umount "$lab_dir/full"
