# shellcheck shell=bash
# The faults of tests/planted/ stand where the module still calls what they put
# something else in the place of, and each has its row in "faults".
status=0
fail() {
	echo "$*"
	status=1
}

cd tests/planted || exit
for header in *.h; do
	object=${header%.h}
	[[ $object != planted ]] || continue
	grep -qx "CFLAGS_$object.o := -include \$(src)/planted/$header" Kbuild ||
		fail "tests/planted/Kbuild: no line for $header"
	while read -r name; do
		grep -q "\b$name(" "../../kmod/$object.c" ||
			fail "tests/planted/$header: kmod/$object.c doesn't call $name() any more"
	done < <(sed -n 's/^#define \([a-z_]*\)(.*/\1/p' "$header")
done
differ=$(diff <(grep -ho 'planted("[a-z-]*")' ./*.h | cut -d'"' -f2 | sort -u) \
	<(sed -n 's/^\([a-z-]*\)\t.*/\1/p' faults | sort)) ||
	fail "faults that are planted (<) and those in the table (>):" \
		"$(grep '^[<>]' <<<"$differ")"
exit $status
