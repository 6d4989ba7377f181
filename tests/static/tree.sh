# shellcheck shell=bash
# What a look at the tree as a whole can tell.
status=0
fail() {
	echo "$*"
	status=1
}

# Every source says its licence.
while read -r file; do
	head -n 3 "$file" | grep -q SPDX-License-Identifier ||
		fail "$file: no SPDX-License-Identifier"
done < <(tests/static/files all | grep '\.[ch]$')

# Downloads go where apt goes.
! tests/static/files all | xargs grep -nIE \
	'\b(deb|ftp|mirrors?|snapshot|security|archive|cdn)[a-z.-]*\.(debian|kernel)\.(org|net)' | grep . ||
	fail "a mirror's host name"

# Any kernel of a suite will do: none is named to its last number.  (Pages and
# figures say what was measured on which, and standards have numbers as well.)
! tests/static/files all | grep -vE '\.md$|^Documentation/performance/|^tests/bench/expected/' |
	xargs grep -nIE '\b[67]\.[0-9]{1,2}\.[0-9]{1,3}\b' | grep -v RFC ||
	fail "a kernel's patch level"

# Tests wait for conditions.
! tests/static/files shell | xargs grep -nE '(^|[;&|] *|\bdo )sleep [0-9]' | grep . ||
	fail "a fixed sleep"

# Documentation points to files that are there.
while IFS=: read -r file link; do
	link=${link#](} link=${link%)} link=${link%%#*}
	[[ ! $link || $link == *:* || -e $(dirname "$file")/$link ]] ||
		fail "$file: no $link"
done < <(grep -roE --include='*.md' --exclude-dir=.git '\]\([^)]*\)' .)
exit $status
