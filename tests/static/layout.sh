# shellcheck shell=bash
# What a frame meets lies in the cache lines that the file "layout" names: the
# headers, compiled as a module of their own, asked by pahole.  A structure is
# taken to begin with a line, as slabs of its size do.
status=0
fail() {
	echo "$*"
	status=1
}

mapfile -t structures < <(awk '/^(line|apart)/ { print $2 }' tests/static/layout | sort -u)
work=$SCRATCH/layout
mkdir -p "$work"
cp -r kmod include "$work/"
{
	echo '#include "port.h"'
	echo '#include "policy.h"'
	for name in "${structures[@]}"; do
		echo "struct $name layout_$name;"
	done
} >"$work/kmod/layout.c"
{
	echo 'obj-m := layout.o'
	grep '^ccflags' kmod/Kbuild
} >"$work/kmod/Kbuild"
make -s -C /lib/modules/*/build M="$work/kmod" layout.o >"$work/log" 2>&1 || {
	cat "$work/log"
	exit 1
}

# STRUCTURE MEMBER LINE, one a line of the file.
pahole -F dwarf -C "$(IFS=,; echo "${structures[*]}")" "$work/kmod/layout.o" |
	sed -nE -e 's/^struct ([a-z0-9_]+) \{$/= \1/p' \
		-e 's,^	[^\t]*[ *]([a-z0-9_]+)(\[[^]]*\])*( +__attribute__.*)?; */\* *([0-9]+) .*,\1 \4,p' |
	awk '$1 == "=" { in_it = $2; next } { print in_it, $1, int($2 / 64) }' >"$work/members"

# member STRUCTURE NAME: the line that it begins in.
member() {
	awk -v structure="$1" -v name="$2" '
		$1 == structure && $2 == name { print $3; found = 1 }
		END { if (!found) print "no line" }' "$work/members"
}

while read -r kind structure rest; do
	read -ra words <<<"$rest"
	case $kind in
	line)
		for name in "${words[@]:1}"; do
			at=$(member "$structure" "$name")
			[[ $at == "${words[0]}" ]] || fail "$structure.$name is in $at, not ${words[0]}"
		done
		;;
	apart)
		declare -A lines=()
		from=
		for name in "${words[@]}"; do
			[[ $name != from ]] || { from=1; continue; }
			at=$(member "$structure" "$name")
			[[ $at != no* ]] || fail "$structure has no member $name"
			if [[ ! $from ]]; then
				lines[$at]=$name
			elif [[ ${lines[$at]-} ]]; then
				fail "$structure.$name is in the line of ${lines[$at]}"
			fi
		done
		unset lines
		;;
	'' | '#') ;;
	*) [[ $kind == '#'* ]] || fail "layout: what is '$kind'?" ;;
	esac
done <tests/static/layout
exit $status
