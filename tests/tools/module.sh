# shellcheck shell=bash
# The module under test: what it stands on, itself, and away with it.  Sourced by
# tests/run and tests/lib.sh; $top is the tree.
#
# VSEG_KO names the file; "installed" is the one that modprobe finds, "none" is
# for what loads it by itself.  VSEG_PARAMETERS are for each time it is loaded.

module_file=${VSEG_KO:-$top/kmod/vseg.ko}

module_loaded() {
	[[ -d /sys/module/vseg ]]
}

# module_insert [PARAMETER=VALUE...]: insmod takes the one file only.
module_insert() {
	local depends names name
	if [[ $module_file == installed ]]; then
		# shellcheck disable=SC2086  # words
		modprobe vseg ${VSEG_PARAMETERS-} "$@"
		return
	fi
	depends=$(modinfo -F depends "$module_file") || return 1
	IFS=, read -ra names <<<"$depends"
	for name in "${names[@]}"; do
		[[ -d /sys/module/$name ]] || modprobe "$name" || return 1
	done
	# shellcheck disable=SC2086  # words
	insmod "$module_file" ${VSEG_PARAMETERS-} "$@"
}

# module_free SECONDS: no policy is in force anywhere.  The reference of a dead
# namespace goes a moment after its last process.
module_free() {
	local limit=$((SECONDS + $1)) refs
	while read -r refs </sys/module/vseg/refcnt && [[ $refs -ne 0 ]]; do
		[[ $SECONDS -lt $limit ]] || return 1
		sleep 0.1
	done
}

module_unload() {
	module_loaded || return 0
	module_free 20 || { echo "vseg is still in use"; return 1; }
	rmmod vseg
}
