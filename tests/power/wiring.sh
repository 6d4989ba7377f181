# shellcheck shell=bash disable=SC2034,SC2154  # names shared with the sandbox
# What `vm run --with` adds for a host whose power is cut: a disk that outlives
# it, and a port by which it tells where it is. $power_dir has both.

binds+=("$power_dir:/power")
qemu+=(
	-drive "file=/power/disk,format=raw,if=virtio,cache=writeback"
	-chardev "pipe,id=step,path=/power/step"
	-device "virtserialport,chardev=step,name=step"
)
