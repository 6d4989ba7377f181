# shellcheck shell=bash
# Checks for the tests of the command.  A test sources this, makes its checks
# and ends; what it found is printed in KTAP when it does.

set -u
export LC_ALL=C
# shellcheck disable=SC2034  # for the tests
top=$(cd "${BASH_SOURCE[0]%/*}/../.." && pwd)
vsegctl=${VSEGCTL:-$top/tools/vsegctl}
scratch=$(mktemp -d "${TMPDIR:-/tmp}/vseg-cli.XXXXXX")
number=0 failures=0 found=()

# Is there a module that could answer?  Then its state isn't ours to change.
present=
# shellcheck disable=SC2034  # for the tests
"$vsegctl" status >/dev/null 2>&1 && present=1

finish() {
	rm -rf "$scratch"
	echo "KTAP version 1"
	echo "1..$number"
	[[ ${#found[@]} -eq 0 ]] || printf '%s\n' "${found[@]}"
	exit $((failures > 0))
}
trap finish EXIT

# verdict STATUS NAME [DETAIL]: note a check that ended with STATUS.
verdict() {
	number=$((number + 1))
	if [[ $1 -eq 0 ]]; then
		found+=("ok $number - $2")
		return
	fi
	failures=$((failures + 1))
	found+=("not ok $number - $2")
	[[ ! ${3-} ]] || found+=("# ${3//$'\n'/$'\n# '}")
}

# check NAME COMMAND...: the command must succeed.
check() {
	local name=$1 out status
	shift
	out=$("$@" 2>&1)
	status=$?
	verdict "$status" "$name" "$out"
}

# skip NAME WHY: a check that can't be made here.
skip() {
	number=$((number + 1))
	found+=("ok $number - $1 # SKIP $2")
}

# says STATUS REGEX WORDS...: vsegctl ends so and says so (on either stream).
says() {
	local want=$1 regex=$2 out status
	shift 2
	out=$("$vsegctl" "$@" </dev/null 2>&1)
	status=$?
	[[ $status -eq $want && $out =~ $regex ]]
	verdict $? "vsegctl $*" "status $status, not $want; not like '$regex':
$out"
}

# feeds STATUS REGEX TEXT: the same for a batch on standard input.
feeds() {
	local want=$1 regex=$2 out status
	out=$(printf '%b' "$3" | "$vsegctl" -b - 2>&1)
	status=$?
	[[ $status -eq $want && $out =~ $regex ]]
	verdict $? "batch ${3//$'\n'/;}" "status $status, not $want; not like '$regex':
$out"
}

# Policy files: a test of them sets $schema and $base.
schema='' base=''

# by_schema FILE: does the schema take it?
by_schema() {
	python3 "$top/tests/cli/schema.py" "$schema" <<<"$1"
}

# taken NAME FILE
taken() {
	local out status
	out=$("$vsegctl" apply - <<<"$2" 2>&1)
	status=$?
	[[ $status -eq 3 && $out == *'not loaded'* ]]
	verdict $? "taken: $1" "status $status: $out"
	check "the schema takes: $1" by_schema "$2"
}

# refused NAME FILE REGEX [whole]: "whole" where it is about more than syntax.
refused() {
	local out status
	out=$("$vsegctl" apply - <<<"$2" 2>&1)
	status=$?
	[[ $status -eq 1 && $out =~ ^'vsegctl: standard input:'$3 ]]
	verdict $? "refused: $1" "status $status, not like '$3': $out"
	[[ ! ${4-} ]] || return 0
	! by_schema "$2" >/dev/null
	verdict $? "the schema refuses: $1"
}

# but NAME FROM TO REGEX [whole]: the base with one thing wrong.
but() {
	[[ $base == *"$2"* ]] || verdict 1 "$1: '$2' isn't in the base"
	refused "$1" "${base/"$2"/"$3"}" "$4" "${5-}"
}
