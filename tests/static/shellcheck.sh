# shellcheck shell=bash
# All shell scripts, by their first line or their directive.
mapfile -t files < <(grep -rlE --exclude-dir=.git --exclude="*.md" \
	-e '^#!/bin/(ba)?sh' -e '^# shellcheck shell=' .)
[[ ${#files[@]} -gt 10 ]] || { echo "found too few scripts"; exit 1; }
exec shellcheck -x "${files[@]}"
