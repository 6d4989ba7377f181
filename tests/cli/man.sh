#!/bin/bash
# The manual page leaves nothing out.

# shellcheck source=tests/cli/lib.sh
. "${BASH_SOURCE[0]%/*}/lib.sh"

page=$top/tools/man/vsegctl.8

if command -v mandoc >/dev/null; then
	mandoc -Tascii "$page" | col -b >"$scratch/text" 2>/dev/null
elif command -v groff >/dev/null; then
	groff -mandoc -Tascii "$page" | col -b >"$scratch/text"
fi
if [[ ! -s $scratch/text ]]; then
	skip "the text" "no mandoc, no groff"
	exit
fi

tr -s ' \t\n' ' ' <"$scratch/text" >"$scratch/words"
for object in $("$vsegctl" complete objects); do
	verbs=$("$vsegctl" complete verbs "$object")
	for verb in ${verbs:-''}; do
		[[ $verb != "''" ]] || verb=
		# "port show" stands as "port [show"
		check "man page has $object $verb" grep -Eq \
			"vsegctl $object( \[?$verb)?" "$scratch/words"
		[[ ! $verb ]] || check "man page tells of $object $verb" \
			grep -Eq "vsegctl $object \[?$verb\b" "$scratch/words"
	done
done
for option in json netns batch version help; do
	check "man page has --$option" grep -q -- "--$option" "$scratch/words"
done
for section in EXAMPLES 'EXIT STATUS' FILES 'SEE ALSO' BATCH; do
	check "man page has $section" grep -q "^$section" "$scratch/text"
done
