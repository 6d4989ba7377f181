#!/bin/bash
# Without the module everything that needs it ends with 3.

# shellcheck source=tests/cli/lib.sh
. "${BASH_SOURCE[0]%/*}/lib.sh"

if [[ $present ]]; then
	skip "all" "the module is loaded"
	exit
fi
gone='^vsegctl: vseg: module not loaded \(modprobe vseg\)$'
says 3 "$gone" status
says 3 "$gone" -j status
for object in bridge domain port selector policy stats; do
	says 3 "$gone" "$object"
	says 3 "$gone" "$object" show
done
says 3 "$gone" bridge show br0
says 3 "$gone" domain show web
says 3 "$gone" port show vm1
says 3 "$gone" policy cells
says 3 "$gone" policy cells web
says 3 "$gone" policy cells web db
says 3 "$gone" stats port vm1
says 3 "$gone" stats domain web
says 3 "$gone" stats bridge br0
says 3 "$gone" stats cell
says 3 "$gone" bridge add br0
says 3 "$gone" bridge set br0 mode monitor
says 3 "$gone" bridge del br0
says 3 "$gone" domain add web
says 3 "$gone" domain del web
says 3 "$gone" port bind vm1 web
says 3 "$gone" port unbind vm1
says 3 "$gone" selector add glob "tap*" web
says 3 "$gone" selector del glob "tap*"
says 3 "$gone" policy allow web db
says 3 "$gone" policy deny web db monitor
says 3 "$gone" policy del web db
says 3 "$gone" policy set unmanaged drop
says 3 "$gone" confirm
says 3 "$gone" rollback
says 3 "$gone" log
says 3 "$gone" monitor
says 3 "$gone" off
says 3 "$gone" upgrade save "$scratch"
check "JSON is all or nothing" \
	test -z "$("$vsegctl" -j domain 2>/dev/null)"
