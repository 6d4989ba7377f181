#!/bin/bash
# Inside the debug kernel: load the suites, and tell what came of them.
#
# usage: tests/kunit/guest.sh [PARAMETER=VALUE...]

set -u
here=$(cd "${0%/*}" && pwd)
kunit=/ynl/tools/testing/kunit/kunit.py
debugfs=/sys/kernel/debug/kunit
sources=("$here"/*_test.c)
scratch=$(mktemp -d /tmp/vseg-kunit.XXXXXX)

# shellcheck disable=SC2034  # module.sh uses it
VSEG_KO=$here/vseg_kunit.ko
# shellcheck source=tests/tools/module.sh
. "$here/../tools/module.sh"

die() {
	echo "Bail out! $*"
	exit 1
}

# The module loads whatever comes of its suites, so what counts are results.
module_insert "$@" || die "the module doesn't load"
parameters=/sys/module/vseg_kunit/parameters
seed=$(<"$parameters/seed") cases=$(<"$parameters/cases")
for suite in "$debugfs"/vseg_*/; do
	cp "$suite/results" "$scratch/$(basename "$suite")" || die "no suites"
done
rmmod vseg_kunit || die "the module doesn't unload"

# One stream of all suites, each of which begins with a head of its own.
suites=("$scratch"/*)
{
	printf 'KTAP version 1\n1..%u\n' "${#suites[@]}"
	number=0
	for suite in "${suites[@]}"; do
		number=$((number + 1))
		sed -E -e '1,2d' -e "s/^(ok|not ok) 1 /\1 $number /" "$suite"
	done
} >"$scratch.ktap"

failed=0
python3 "$kunit" parse --json="$scratch.json" "$scratch.ktap" >"$scratch.log" || failed=1
python3 "$here/results.py" "$scratch.json" "${#sources[@]}" || failed=1
if [[ $failed -ne 0 ]]; then
	grep -hvE '^ *(ok |KTAP|# Subtest|# module|[0-9]+\.\.)' "${suites[@]}" | sed 's/^/# /'
	tail -n 20 "$scratch.log" | sed 's/^/# /'
fi
echo "# repeat with --seed $seed --cases $cases"
exit "$failed"
