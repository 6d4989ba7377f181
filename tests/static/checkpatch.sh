# shellcheck shell=bash
# The kernel's own judge of style, strict, over all C.  (The header in uapi is
# generated.)
{
	tests/static/files kernel
	tests/static/files user
} | xargs -n 16 -P "$(nproc)" "$KERNEL/scripts/checkpatch.pl" --no-tree \
	--strict --terse --show-types --no-summary -f 2>/dev/null |
	sort | tests/static/sift checkpatch
