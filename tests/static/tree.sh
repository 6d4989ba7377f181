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
done < <(find kmod tools tests include -name '*.[ch]' ! -name '*.mod.c')

# Downloads go where apt goes.
! grep -rnIE --exclude-dir=.git '(deb|ftp|mirror)[a-z.-]*\.(debian|kernel)\.(org|net)' . ||
	fail "a mirror's host name"

# Tests wait for conditions.
! grep -rnE --include='*.sh' '(^|[;&|] *|\bdo )sleep [0-9]' tests ||
	fail "a fixed sleep"

# Documentation points to files that are there.
while IFS=: read -r file link; do
	link=${link#](} link=${link%)} link=${link%%#*}
	[[ ! $link || $link == *:* || -e $(dirname "$file")/$link ]] ||
		fail "$file: no $link"
done < <(grep -roE --include='*.md' --exclude-dir=.git '\]\([^)]*\)' .)
exit $status
