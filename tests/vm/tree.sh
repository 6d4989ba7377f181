# shellcheck shell=bash disable=SC2034,SC2154  # names shared with the other parts
# The copy of the checkout that is built and booted. The checkout itself stays
# clean; the copy keeps modification times, so that make rebuilds what changed.

# Two checkouts on one host must not share objects: each has its own copies.
tree_of() {
	printf '%s/build/%s/%s\n' "$cache" "$(printf '%s' "$top" | sha256sum | cut -c1-8)" "$1"
}

# The name of the tree that runs under --kernel and --variant, or of a suite's.
tree_name() {
	printf '%s\n' "${kernel:-$suite}${variant:+-$variant}"
}

# Tracked files and new ones, but nothing that .gitignore names; of a tree
# without git, everything.
tree_list() {
	cd "$top" || exit
	if git -c safe.directory="$top" rev-parse --git-dir >/dev/null 2>&1; then
		git -c safe.directory="$top" ls-files -z --cached --others --exclude-standard --deduplicate
	else
		find . -type f -printf '%P\0'
	fi | while IFS= read -r -d '' file; do
		[[ ! -e $file && ! -L $file ]] || printf '%s\0' "$file"
	done | LC_ALL=C sort -z
}

tree_sync() {
	local dir=$1 list=$1.list
	mkdir -p "$dir"
	tree_list >"$list.new"
	if [[ -e $list ]]; then   # files that left the checkout leave the copy
		LC_ALL=C comm -z -23 "$list" "$list.new" | (cd "$dir" && xargs -0r rm -f --)
	fi
	mv "$list.new" "$list"
	# Editors may be at work: a file that vanishes meanwhile is no error.
	tar -C "$top" --ignore-failed-read --null -T "$list" -cf - 2>/dev/null | tar -C "$dir" -xf -
}

# tree_prepare SUITE: bring the suite's copy up to date with the checkout.
tree_prepare() {
	local dir
	dir=$(tree_of "$1")
	locked "$dir.lock" tree_sync "$dir"
}

# tree_snapshot SUITE DIR: what a VM sees. A copy of its own, so that a build
# that starts meanwhile doesn't change files under a running test.
tree_snapshot() {
	local dir
	dir=$(tree_of "$1")
	locked "$dir.lock" tree_snapshot_locked "$dir" "$2"
}

tree_snapshot_locked() {
	tree_sync "$1"
	mkdir -p "$2"
	tar -C "$1" --exclude='*.o' --exclude='.*.cmd' -cf - . | tar -C "$2" -xf -
	tree_warn_stale "$2"
}

tree_warn_stale() {
	local stale
	[[ -e $1/kmod/vseg.ko ]] || return 0
	stale=$(find "$1/kmod" "$1/include" -name '*.[ch]' ! -name '*.mod.c' \
		-newer "$1/kmod/vseg.ko" -print -quit 2>/dev/null)
	[[ -z $stale ]] || say "warning: vseg.ko is older than ${stale#"$1"/}: run 'tests/vm/vm build'"
}
