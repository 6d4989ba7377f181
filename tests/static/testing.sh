# shellcheck shell=bash
# Each test that a page names exists; each class of bypass has one, or says why not.
status=0
fail() {
	echo "$*"
	status=1
}

while IFS=: read -r page word; do
	word=${word//\`/}
	case $word in
	tests/*) [[ -e $word ]] || fail "$page: no $word" ;;
	*)
		for place in tests/selftests tests/static tests/memory; do
			[[ ! -e $place/$word ]] || continue 2
		done
		fail "$page: no $word in tests/selftests"
		;;
	esac
done < <(cd Documentation && grep -oE "\`(tests/[a-z0-9_./-]+|[a-z0-9-]+\.sh)\`" \
	testing.md threat-model.md architecture.md)

rows=0
while IFS='|' read -r _ class _ tests missing _; do
	rows=$((rows + 1))
	[[ $tests$missing == *[a-z]* ]] || fail "testing.md: nothing about '$class'"
done < <(sed -n '/^| class | what/,/^$/p' Documentation/testing.md | tail -n +3 | grep '^|')
((rows >= 28)) || fail "testing.md: only $rows classes"
exit $status
