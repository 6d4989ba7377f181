# shellcheck shell=bash
# The semantic patches of the kernel tree, over all kernel C.
#
# What scripts/coccicheck does with each of them: its own options, mode report.
# They run on a copy, which has no products of the build in it.
headers=$(echo /usr/src/linux-headers-*-common)
export headers SCRATCH
mkdir "$SCRATCH/c"
tests/static/files kernel | xargs cp --parents -t "$SCRATCH/c"

# A file that it can't read to its end it would judge in part.
while read -r file; do
	spatch --macro-file tests/static/macros.h --parse-c "$file" 2>&1 | grep -q 'NB total files = 1; perfect = 1;' ||
		echo "${file#"$SCRATCH/c/"}: not all of it can be parsed"
done < <(find "$SCRATCH/c" -name '*.c') >"$SCRATCH/unparsed"

apply() {
	local options output
	read -ra options <<<"$(sed -n 's/.*Options://p' "$1")"
	output=$(spatch -D report --no-show-diff --very-quiet --cocci-file "$1" \
		--macro-file tests/static/macros.h \
		"${options[@]}" --dir "$SCRATCH/c" \
		-I "$headers/include" -I "$headers/include/uapi" \
		-I "$headers/arch/x86/include" -I include/uapi \
		--include "$headers/include/linux/kconfig.h" 2>&1) ||
		output=${1#"$KERNEL/scripts/coccinelle/"}": ${output:-status $?}"
	[[ ! $output ]] || printf '%s\n' "${output//"$SCRATCH/c/"/}"
}
export -f apply

# shellcheck disable=SC2016  # the inner shell's
find "$KERNEL/scripts/coccinelle" -name '*.cocci' -print0 |
	xargs -0 -n 1 -P "$(nproc)" bash -c 'apply "$1"' apply |
	# What it thinks of the semantic patches themselves.
	grep -v '^warning: line [0-9]*: should .* be a metavariable?$' |
	sort - "$SCRATCH/unparsed" | tests/static/sift coccinelle
