#!/bin/bash
# Patterns of one length that disagree leave a port unlabelled, and say so.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

lab_up
taps ab0 ac0 u0
policy <<'END'
bridge add br0
domain add web
domain add db
selector add glob a* web
END
vsegctl selector add glob '*0' db 2>"$lab_dir/said"
like "warning" "$(<"$lab_dir/said")" 'disagree about a port'
is "match" "$(vsegctl -j port show ab0 | jq -r '.[0] | "\(.match) \(.kind)"')" "ambiguous unlabelled"
counts 2 status ports-ambiguous
like "status" "$(vsegctl status)" 'warning: ambiguous'
expect ab0 ac0 udp : ac0=unlabelled-src

# Agreeing ones do no harm, a longer one settles it.
works vsegctl selector add glob 'ab*' db
is "longer" "$(vsegctl -j port show ab0 | jq -r '.[0] | "\(.match) \(.domain)"')" "glob db"
policy <<'END'
selector del glob *0
selector add glob *0 web
END
is "agreeing" "$(vsegctl -j port show ac0 | jq -r '.[0] | "\(.match) \(.domain)"')" "glob web"
counts 0 status ports-ambiguous
