# shellcheck shell=bash
# Kernel-doc comments name what is there, all of it.
output=$("$KERNEL/scripts/kernel-doc" -none -Wall kmod/*.[ch] \
	include/uapi/linux/vseg.h 2>&1 |
	# Members without a comment of their own in generated attribute lists.
	grep -E 'warning|error')
[[ ! $output ]] || { echo "$output"; exit 1; }
