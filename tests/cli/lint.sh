#!/bin/bash
# The scripts of the command and of its tests are clean.

# shellcheck source=tests/cli/lib.sh
. "${BASH_SOURCE[0]%/*}/lib.sh"

if ! command -v shellcheck >/dev/null; then
	skip "all" "no shellcheck"
	exit
fi
cd "$top" || exit
for file in tests/cli/*.sh tests/cli/run tools/completion/vsegctl; do
	check "shellcheck $file" shellcheck -x -s bash "$file"
done
