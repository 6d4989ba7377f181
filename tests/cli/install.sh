#!/bin/bash
# make install puts the files where packages want them, uninstall and clean take
# all away.

# shellcheck source=tests/cli/lib.sh
. "${BASH_SOURCE[0]%/*}/lib.sh"

build() {
	make -s -C "$top/tools" O="$scratch/o" "$@"
}

# no_output COMMAND...: succeeds and says nothing, not even a warning.
no_output() {
	local out
	out=$("$@" 2>&1) && [[ ! $out ]]
	local status=$?
	echo "$out"
	return $status
}

check "it builds without a warning" no_output build VERSION=9.8.7
check "install" build VERSION=9.8.7 DESTDIR="$scratch/root" install
check "where the files are" diff - <(cd "$scratch/root" && find . -type f | sort) <<'END'
./usr/lib/systemd/system-preset/50-vseg.preset
./usr/lib/systemd/system/vseg.service
./usr/libexec/vseg/boot
./usr/libexec/vseg/upgrade
./usr/sbin/vsegctl
./usr/share/bash-completion/completions/vsegctl
./usr/share/man/man8/vsegctl.8
END
check "the version is the one given" \
	test "$("$scratch/root/usr/sbin/vsegctl" -V)" = "vsegctl 9.8.7"
check "install elsewhere" \
	build DESTDIR="$scratch/root" PREFIX=/opt/vseg install
check "it is elsewhere" test -x "$scratch/root/opt/vseg/sbin/vsegctl"
check "the unit calls what is elsewhere" grep -qx \
	'ExecStart=/opt/vseg/libexec/vseg/boot start' \
	"$scratch/root/opt/vseg/lib/systemd/system/vseg.service"
build DESTDIR="$scratch/root" uninstall
build DESTDIR="$scratch/root" PREFIX=/opt/vseg uninstall
check "uninstall" test -z "$(find "$scratch/root" ! -type d)"
build clean
check "clean" test -z "$(find "$scratch/o" -type f)"
