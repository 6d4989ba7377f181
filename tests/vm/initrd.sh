# shellcheck shell=bash disable=SC2034,SC2154  # names shared with the other parts
# The initramfs that finds the root: a static busybox, guest/init and the
# modules it needs, unpacked, in load order. A second's work, made at first use.

initrd_dir() {
	if [[ $guest_kver && $1 == "$guest_root" ]]; then
		printf '%s.boot/%s\n' "$1" "$guest_kver"
	else
		printf '%s/boot/%s\n' "$cache" "$(basename "$1")"
	fi
}

initrd_of() {
	printf '%s/initrd.%s\n' "$(initrd_dir "$1")" \
		"$(cat "$here/initrd.sh" "$here/guest/init" | sha256sum | cut -c1-12)"
}

# need_initrd ROOT
need_initrd() {
	local initrd
	initrd=$(initrd_of "$1")
	[[ -e $initrd ]] || locked "$(initrd_dir "$1").lock" initrd_make "$1" "$initrd"
}

initrd_make() {
	local root=$1 initrd=$2 binds=("$here/guest:/guest:ro" "$(dirname "$2"):/out")
	[[ ! -e $initrd ]] || return 0
	mkdir -p "$(dirname "$initrd")"
	enter "$root" "${binds[@]}" -- \
		bash -euc "$(declare -f initrd_inner initrd_modules); initrd_inner \"\$@\"" initrd "$(kernel_of "$root")" ||
		die "no initramfs for $root"
	mv "$(dirname "$initrd")/new" "$initrd"
}

initrd_inner() {
	local kver=$1
	mkdir -p /tmp/initrd/{bin,dev,proc,sys,share,rw,new,modules}
	cd /tmp/initrd || exit
	cp /usr/bin/busybox bin/ 2>/dev/null || cp /bin/busybox bin/
	install -m 0755 /guest/init init
	initrd_modules "$kver" virtiofs virtio_pci virtio_console overlay virtiofs
	initrd_modules "$kver" disk virtio_pci virtio_console overlay virtio_blk ext4
	find . | cpio --quiet -o -H newc >/out/new
}

# initrd_modules KVER LIST MODULE…: put them below modules/, and their names in
# load order into modules/LIST. modprobe knows what each module needs first, and
# which are built in.
initrd_modules() {
	local kver=$1 list=$2 module file
	shift 2
	for module in "$@"; do
		modprobe --set-version "$kver" --show-depends "$module"
	done | awk '$1 == "insmod" && !seen[$2]++ { print $2 }' | while read -r file; do
		module=$(basename "$file")
		module=${module%%.ko*}.ko
		[[ -e modules/$module ]] || case $file in
		*.xz) xz -dc "$file" >"modules/$module" ;;
		*.zst) zstd -qdc "$file" >"modules/$module" ;;
		*) cp "$file" "modules/$module" ;;
		esac
		echo "$module"
	done >"modules/$list"
}
