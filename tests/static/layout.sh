# shellcheck shell=bash
# What a frame meets lies in the cache lines that the file "layout" names: the
# headers, compiled as a module of their own, asked by pahole.  A structure is
# taken to begin with a line, as slabs of its size do.
status=0
fail() {
	echo "$*"
	status=1
}

mapfile -t structures < <(awk '/^(line|apart|packed)/ { print $2 }' tests/static/layout | sort -u)
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

# STRUCTURE MEMBER OFFSET, one a line of the file.
pahole -F dwarf -C "$(IFS=,; echo "${structures[*]}")" "$work/kmod/layout.o" |
	sed -nE -e 's/^struct ([a-z0-9_]+) \{$/= \1/p' \
		-e 's,^	[^\t]*[ *]([a-z0-9_]+)(\[[^]]*\])*( +__attribute__.*)?; */\* *([0-9]+) .*,\1 \4,p' |
	awk '$1 == "=" { in_it = $2; next } { print in_it, $1, $2 }' >"$work/members"

# member STRUCTURE NAME [MORE]: the line that it begins in, of a structure that begins
# MORE bytes after a line.
member() {
	awk -v structure="$1" -v name="$2" -v more="${3:-0}" '
		$1 == structure && $2 == name { print int(($3 + more) / 64); found = 1 }
		END { if (!found) print "no line" }' "$work/members"
}

# packed STRUCTURE BYTES MEMBER... from MEMBER...: of one and of the next, until
# they begin with a line again.
packed() {
	local structure=$1 step=$2 start=0 from name at
	local -A read_in=() written_in=()
	shift 2
	while ((start == 0 || start % 64)); do
		from=
		for name; do
			[[ $name != from ]] || { from=1; continue; }
			at=$(member "$structure" "$name" "$start")
			[[ $at != no* ]] || { fail "$structure has no member $name"; continue; }
			if [[ $from ]]; then
				written_in[$at]+="$start "
			else
				read_in[$at]+="$start "
			fi
		done
		start=$((start + step))
	done
	for at in "${!read_in[@]}"; do
		for start in ${read_in[$at]}; do
			for from in ${written_in[$at]-}; do
				((from == start)) ||
					fail "$structure, every $step bytes: line $at is read for the one at $start and written for the one at $from"
			done
		done
	done
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
	packed) packed "$structure" "${words[@]}" ;;
	'' | '#') ;;
	*) [[ $kind == '#'* ]] || fail "layout: what is '$kind'?" ;;
	esac
done <tests/static/layout
exit $status
