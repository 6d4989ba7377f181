# shellcheck shell=bash
# The kernel's own judge of style, strict, over all C.
#
# FILE_PATH_CHANGES and the like are about patches.  The header in uapi is
# generated, and the type names of trace.h are what the tracing macros want.
status=0
for file in kmod/*.[ch] tools/*.[ch] tools/cmd/*.[ch]; do
	ignore=FILE_PATH_CHANGES,SPDX_LICENSE_TAG,LINUX_VERSION_CODE
	case $file in
	# Macros that only the tracing machinery can expand.
	kmod/trace.h) ignore+=,OPEN_ENDED_LINE,SPACING,MACRO_ARG_REUSE ;;
	# User space: no kernel allocator or printer there to prefer.
	tools/*) ignore+=,STRCPY,STRNCPY,STRLCPY,PREFER_KERNEL_TYPES,AVOID_EXTERNS,AVOID_BUG,ALLOC_WITH_MULTIPLY,SSCANF_TO_KSTRTO,CONST_STRUCT,PREFER_FALLTHROUGH ;;
	esac
	output=$("$KERNEL/scripts/checkpatch.pl" --no-tree --strict --terse \
		--no-summary --ignore "$ignore" -f "$file" 2>&1)
	[[ ! $output ]] || { echo "$output"; status=1; }
done
exit $status
