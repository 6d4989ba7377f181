# shellcheck shell=bash
# Kernel-doc comments name what is there, all of it.
{
	tests/static/files kernel
	tests/static/files user
	echo include/uapi/linux/vseg.h
} | xargs "$KERNEL/scripts/kernel-doc" -none -Wall 2>&1 |
	sed 's|^\./||' | sort | tests/static/sift kernel-doc
