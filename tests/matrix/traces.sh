# shellcheck shell=bash disable=SC2154  # $state is in step.sh
# What a package leaves behind.

# Not the system's: what the kernel mounts, what the sandbox brings, what apt,
# dpkg and every command may write at any time, and the links to the newest
# kernel, which kernels that come and go make and take away.
elsewhere=(
	/proc /sys /dev /run /tmp /root /vseg /ynl /share /out "$state"
	/var/cache /var/log /var/lib/apt /var/lib/dpkg
	/vmlinuz /vmlinuz.old /initrd.img /initrd.img.old
)

find_files() {
	local dir prune=()
	for dir in "${elsewhere[@]}"; do
		prune+=(-path "$dir" -o)
	done
	find / -xdev \( "${prune[@]}" -false \) -prune -o "$@"
}

# traces_list: every file by type, mode, owner, size and name; what is written
# at each installation by its content.
traces_list() {
	# DKMS makes its key with the first module of all, and keeps it.
	find_files -path '/var/lib/dkms/mok.*' -prune -o -type d -printf '%p d %m %u:%g\n' -o \
		-printf '%p %y %m %u:%g %s %l\n' | LC_ALL=C sort
	find_files -type f \( -path '/etc/*' -o -path '/usr/lib/modules/*/modules.*' \) -print0 |
		LC_ALL=C sort -z | xargs -0 sha256sum
	# shellcheck disable=SC2016  # dpkg's own variables
	dpkg-query -W -f '${db:Status-Abbrev} ${Package} ${Version}\n'
}

# traces_none: nothing bears the name where packages and DKMS put things, and no
# kernel knows the module.  (In a VM, a look at every file is dear.)
traces_none() {
	local left
	left=$(find /etc /usr/sbin /usr/libexec /usr/lib/systemd /usr/lib/modules-load.d \
			/usr/share/bash-completion /usr/share/man /var/lib/dkms \
			-name '*vseg*' 2>/dev/null
		ls -d /usr/src/*vseg* /usr/share/*/*vseg* /lib/modules/*/updates \
			/var/lib/dpkg/info/*vseg* 2>/dev/null
		# Linux has a usbsevseg.
		grep -aE '(^|[^a-z])vseg' /lib/modules/*/modules.*
		dkms status -m vseg)
	[[ ! $left ]] || fail "left behind:"$'\n'"$left"
}
