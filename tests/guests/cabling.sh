# shellcheck shell=bash disable=SC2034,SC2154  # names shared with the sandbox
# What `vm run --with` adds for guests: each is a QEMU of its own beside the
# hypervisor's, with a kernel of its own, cabled to two ports of the
# hypervisor's virtual serial device:
#
#   cable-NAME   the guest's frames, as a tap would carry them (cables.py)
#   agent-NAME   commands for the guest (init), and their output
#
# One more port, "power", switches guests on and off. All of them end with the
# hypervisor.

guests_here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
# shellcheck source=tests/guests/initrd.sh
. "$guests_here/initrd.sh"

# guests_add NAME SUITE MAC: a guest to be started beside.
guests_add() {
	local name=$1 root
	local args="console=ttyS0 net.ifnames=0 panic=-1 oops=panic panic_on_warn=1 no_timer_check"
	[[ $accel != tcg ]] || args+=" tsc=unstable"   # as the hypervisor's
	root_hold "$2"
	root=$held_root
	guests_need_initrd "$root"
	mkdir -p "$guests_dir/$2"
	ln -f "$root$(kernel_image "$root")" "$guests_dir/$2/kernel" 2>/dev/null ||
		cp "$root$(kernel_image "$root")" "$guests_dir/$2/kernel"
	cp "$(guests_initrd_of "$root")" "$guests_dir/$2/initrd"
	{
		[[ $accel != kvm ]] || printf '%s\n' -cpu host
		printf '%s\n' -nodefaults -no-user-config -display none \
			-machine pc -accel "$accel" -m 256 \
			-kernel "/guests/$2/kernel" -initrd "/guests/$2/initrd" -append "$args" \
			-chardev "file,id=kmsg,path=/share/out/$name.kmsg,append=on" -serial chardev:kmsg \
			-device virtio-serial-pci \
			-chardev "socket,id=agent,path=/run/agent-$name" \
			-device virtserialport,chardev=agent,name=agent \
			-netdev "stream,id=cable,server=off,addr.type=unix,addr.path=/run/cable-$name" \
			-device "virtio-net-pci,netdev=cable,mac=$3,romfile="
	} >"$guests_dir/$name.qemu"
	guests_server "agent-$name"
	guests_server "cable-$name"
}

# guests_server NAME: a port of the hypervisor that a guest connects to.
guests_server() {
	qemu+=(
		-chardev "socket,id=$1,path=/run/$1,server=on,wait=off"
		-device "virtserialport,chardev=$1,name=$1"
	)
}

guests_dir=$vm_dir/guests
mkdir "$guests_dir"
mkfifo "$guests_dir/power.in" "$guests_dir/power.out"
cp "$guests_here/power" "$guests_dir/"
guests_add web1 trixie 52:54:00:00:00:01
guests_add db1 bookworm 52:54:00:00:00:02
guests_add pay1 trixie 52:54:00:00:00:03
qemu+=(
	-chardev "pipe,id=power,path=/guests/power"
	-device "virtserialport,chardev=power,name=power"
)
binds+=("$guests_dir:/guests")
launch+=(--beside /guests/power)
