#!/bin/bash
# Inside the debug kernel: run a command, then leave in /out what gcov counted
# in the module meanwhile.
#
# usage: tests/coverage/guest.sh COMMAND...
#
# The kernel keeps the counts of a module that is unloaded and adds to them when
# it comes again, so reloading is no loss (unless booted with gcov_persist=0).

set -u
counts=/sys/kernel/debug/gcov/build/kmod
work=$(mktemp -d /tmp/vseg-gcov.XXXXXX)

die() {
	echo "Bail out! $*"
	exit 1
}

"$@"
status=$?

[[ -d $counts ]] || die "no counts of the module in $counts"
! dmesg | grep 'gcov: \(could not\|discarding\)' || die "the kernel lost counts"
# gcov wants to seek in what it reads.
for file in "$counts"/*.gcda; do
	cat "$file" >"$work/${file##*/}"
done
cp kmod/*.gcno "$work"
cd /out || exit
gcov --json-format --branch-probabilities "$work"/*.gcno >"$work/log" 2>&1 ||
	die "gcov: $(tail "$work/log")"
exit "$status"
