#!/bin/bash
# The steps that need no boot, inside a root of their own, in which apt installs
# packages as on any machine.  run calls it.
#
# usage: inside.sh begin|install|kernel|update|remove [ARGS...]

set -u -o pipefail
export DEBIAN_FRONTEND=noninteractive LC_ALL=C
here=${0%/*}
# shellcheck source=tests/matrix/step.sh
. "$here/step.sh"
# shellcheck source=tests/matrix/traces.sh
. "$here/traces.sh"
version=$(cat "$here/../../VERSION")

apt_get() {
	apt-get -y -q --no-install-recommends "$@"
}

packages() {
	# shellcheck disable=SC2016  # dpkg's own variables
	dpkg-query -W -f '${Package}\n' | LC_ALL=C sort
}

# begin [RELEASE]: the kernel before the upgrade, and what the upgrade will be:
# RELEASE's newest kernel; without, the suite's newest after the one before it;
# where the suite has only one, the other flavour.
begin() {
	local release=${1-} newest older file others
	local upgrade="linux-image-cloud-amd64 linux-headers-cloud-amd64"
	mkdir -p "$state"
	# No initramfs of Debian's is booted here.
	for file in /etc/kernel/post{inst,rm}.d/{dracut,initramfs-tools}; do
		rm -f "$file"
	done
	apt_get update
	newest=$(kernels)
	if [[ $release ]]; then
		sed "s/^\(deb .*\) [^ ]* main$/\1 $release main/" /etc/apt/sources.list \
			>/etc/apt/sources.list.d/release.list
		apt_get update
		# shellcheck disable=SC2086  # words
		apt_get purge $upgrade
		upgrade="-t $release $upgrade"
	elif older=$(older_than "$newest"); then
		apt_get install "linux-image-$older" "linux-headers-$older"
		# shellcheck disable=SC2046,SC2086  # words
		apt_get purge $upgrade $(packages | grep -F -e "-${newest%-cloud-amd64}")
	else
		upgrade="linux-image-amd64 linux-headers-amd64"
	fi
	# What comes with it and takes an older one's place, comes now.
	# shellcheck disable=SC2086  # words
	others=$(apt-get -s install $upgrade | sed -n 's/^Inst \([^ ]*\) \[.*/\1/p')
	# shellcheck disable=SC2086  # words
	[[ ! $others ]] || apt_get install ${release:+-t "$release"} $others
	detail "Linux $(kernels), then $upgrade"
	echo "$upgrade" >"$state/upgrade"
	kernels >"$state/old"
	traces_list >"$state/before"
}

# older_than KERNEL: the newest before it that has headers, too.
older_than() {
	local older
	older=$(
		{
			echo "$1"
			apt-cache pkgnames linux-image- | sed -n 's/^linux-image-\([0-9].*-cloud-amd64\)$/\1/p'
		} | sort -uV | sed "/^$1$/q" | tail -n 2 | head -n 1
	)
	[[ $older != "$1" ]] && apt-cache show "linux-headers-$older" >/dev/null 2>&1 &&
		echo "$older"
}

# install: of the packages, dependencies by apt; DKMS builds for the kernel.
install() {
	local old
	old=$(cat "$state/old")
	apt_get install "$state"/debs/*.deb || {
		cat /var/lib/dkms/vseg/*/build/make.log
		fail "apt couldn't install the packages"
	}
	vsegctl -V | grep -qxF "vsegctl $version"
	installed_for "$old" "$version"
}

# kernel: one that arrives by apt; DKMS is called by the kernel's own hooks.
kernel() {
	local new old
	old=$(cat "$state/old")
	packages >"$state/packages.old"
	# shellcheck disable=SC2046  # words
	apt_get install $(cat "$state/upgrade")
	new=$(kernels | grep -vxF "$old")
	[[ $(wc -l <<<"$new") -eq 1 ]] || fail "the upgrade brought: $new"
	echo "$new" >"$state/new"
	detail "from $old to $new"
	installed_for "$new" "$version"
	installed_for "$old" "$version"
}

# update: a newer version of the packages takes the place of this one.
update() {
	local next=$version.1
	rm -rf /tmp/next
	cp -r "$here/../.." /tmp/next
	cd /tmp/next
	echo "$next" >VERSION
	sed -i "1s/(.*)/($next)/" debian/changelog
	DEB_BUILD_OPTIONS=noautodbgsym dpkg-buildpackage -d -us -uc -b
	apt_get install ../vseg{-dkms,ctl}_*.deb
	vsegctl -V | grep -qxF "vsegctl $next"
	# For the newest kernel, DKMS promises; in a chroot that is all it knows.
	installed_for "$(kernels | tail -n 1)" "$next"
	[[ ! $(dkms status -m vseg -v "$version") ]] || fail "DKMS still has $version"
	[[ ! -e /usr/src/vseg-$version && ! -e /var/lib/dkms/vseg/$version ]] ||
		fail "the source of $version is still there"
}

# forget: a kernel that apt removes takes its vseg with it.
forget() {
	local new left
	new=$(cat "$state/new")
	# shellcheck disable=SC2046  # words
	apt_get purge $(packages | LC_ALL=C comm -13 "$state/packages.old" -)
	left=$(dkms status -m vseg | grep -F "$new, "
		find /lib/modules/"$new" /var/lib/dkms/vseg/*/"$new" 2>/dev/null || :)
	[[ ! $left ]] || fail "left behind:"$'\n'"$left"
}

# remove: everything is as it was before the packages came.
remove() {
	apt_get purge vseg-dkms vsegctl
	traces_none
	traces_list >"$state/after"
	diff "$state/before" "$state/after" || fail "the root isn't as it was before"
	detail "$(wc -l <"$state/after") files, directories and packages as before"
}

case ${1-} in
begin) step "begin with an older kernel" begin "${@:2}" ;;
install) step "install the packages: DKMS builds" install ;;
kernel) step "upgrade the kernel: its hooks call DKMS" kernel ;;
update) step "upgrade the packages" update ;;
remove)
	step "remove the kernel: its vseg goes with it" forget || exit
	step "purge: all is as before" remove
	;;
*)
	echo "usage: inside.sh begin|install|kernel|update|remove [ARGS...]"
	exit 1
	;;
esac
