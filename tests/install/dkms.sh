#!/bin/bash
# DKMS builds, installs and removes the module by the README's commands, for
# the kernel of the root that it runs in.  Changes the system: `make check` calls
# it in a throw-away copy of a suite's root.
set -euo pipefail
cp -r "${0%/*}/../.." /tmp/source
cd /tmp/source

kernel=$(basename /lib/modules/*)
version=$(cat VERSION)
module=/lib/modules/$kernel/updates/dkms/vseg.ko

fail() {
	echo "not ok - $*"
	exit 1
}

make -s install
vsegctl -V | grep -qF "$version" || fail 'vsegctl is not the installed one'
make -s dkms-install DKMSFLAGS="-k $kernel" >/tmp/dkms.log 2>&1 ||
	{ cat /tmp/dkms.log; fail 'make dkms-install'; }
dkms status -k "$kernel" | grep -q "^vseg[/,] *$version.*installed" ||
	fail "dkms status: $(dkms status)"
found=$(ls "$module"*) || fail "no $module"
modinfo -F version "$found" | grep -qxF "$version" || fail 'modinfo: version'
modprobe -S "$kernel" --show-depends vseg >/tmp/depends
grep -q '/bridge\.ko' /tmp/depends || fail "modprobe: $(cat /tmp/depends)"
grep -qx vseg /usr/lib/modules-load.d/vseg.conf || fail 'not loaded at boot'
! modprobe -c | grep '^options vseg ' >/dev/null || fail 'it comes with options'
echo "ok - dkms add, build, install for $kernel"

make -s uninstall >/tmp/dkms.log 2>&1 || { cat /tmp/dkms.log; fail 'make uninstall'; }
! ls "$module"* 2>/dev/null || fail 'the module stayed'
[[ ! -e /usr/src/vseg-$version && ! -e /usr/sbin/vsegctl ]] ||
	fail 'something stayed behind'
left=$(find /etc /usr/lib/systemd /usr/lib/modules-load.d /usr/libexec -name '*vseg*')
[[ ! $left ]] || fail "left behind: $left"
[[ ! $(dkms status vseg) ]] || fail "dkms still knows it: $(dkms status vseg)"
echo "ok - dkms remove leaves nothing behind"
