# shellcheck shell=bash
# The kernel's own judge of style, strict, over all C.
#
# FILE_PATH_CHANGES and the like are about patches, camel case is left to the
# reader (PRIu64 is C's own).  The header in uapi is generated.
shopt -s extglob
status=0
for file in kmod/!(*.mod).[ch] tools/*.[ch] tools/cmd/*.[ch]; do
	ignore=FILE_PATH_CHANGES,SPDX_LICENSE_TAG,LINUX_VERSION_CODE,CAMELCASE
	case $file in
	# Macros that only the tracing machinery can expand, and a loop head.
	kmod/trace.h | kmod/domain.h) ignore+=,OPEN_ENDED_LINE,SPACING,MACRO_ARG_REUSE ;;
	# User space has no __printf(), and volatile sig_atomic_t is C's own.
	tools/*) ignore+=,PREFER_DEFINED_ATTRIBUTE_MACRO,VOLATILE,EMBEDDED_FUNCTION_NAME ;;
	esac
	output=$("$KERNEL/scripts/checkpatch.pl" --no-tree --strict --terse \
		--no-summary --ignore "$ignore" -f "$file" 2>/dev/null)
	[[ ! $output ]] || { echo "$output"; status=1; }
done
exit $status
