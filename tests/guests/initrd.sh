# shellcheck shell=bash disable=SC2034,SC2154  # names shared with the sandbox
# The initramfs that the guests run from: a suite's bash, busybox, tcpdump, ip
# and nc with their libraries, the modules of its kernel, and init. Sourced by
# cabling.sh.

guests_initrd_of() {
	printf '%s/guests.%s\n' "$(initrd_dir "$1")" \
		"$(cat "$guests_here/initrd.sh" "$guests_here/init" | sha256sum | cut -c1-12)"
}

# guests_need_initrd ROOT
guests_need_initrd() {
	local initrd
	initrd=$(guests_initrd_of "$1")
	[[ -e $initrd ]] || locked "$(initrd_dir "$1").lock" guests_initrd_make "$1" "$initrd"
}

guests_initrd_make() {
	local root=$1 initrd=$2
	[[ ! -e $initrd ]] || return 0
	mkdir -p "$(dirname "$initrd")"
	enter "$root" "$guests_here:/guest:ro" "$(dirname "$initrd"):/out" -- \
		bash -euc "$(declare -f guests_initrd_inner initrd_modules); guests_initrd_inner \"\$@\"" \
		initrd "$(kernel_of "$root")" || die "no initramfs for guests of $root"
	mv "$(dirname "$initrd")/new" "$initrd"
}

# Uncompressed: unpacking costs the guest more than QEMU's loading does.
guests_initrd_inner() {
	local kver=$1 program
	mkdir -p /tmp/initrd/{bin,usr/bin,dev,proc,sys,tmp,etc,modules}
	cd /tmp/initrd || exit
	install -m 0755 /guest/init init
	echo root:x:0:0:root:/:/bin/bash >etc/passwd
	cp "$(command -v busybox)" bin/busybox
	ln -s /usr/bin/bash bin/bash
	for program in bash tcpdump ip nc; do
		program=$(command -v "$program")
		cp -L "$program" usr/bin/
		ldd "$program" | grep -o '/[^ ]*' | xargs cp -Lu --parents -t .
	done
	initrd_modules "$kver" guest virtio_pci virtio_console virtio_net
	find . | cpio --quiet -o -H newc >/out/new
}
