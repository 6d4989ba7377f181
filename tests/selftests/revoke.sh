#!/bin/bash
# When a commit that denies has returned, no frame of an established flow passes any more.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

lab_up
taps web0 db0
standard <<'END'
port bind web0 web
port bind db0 db
END

revoke() {
	lab flow "$1" web0 db0 udp gap=100
	lab progress "$1" 50
	"${@:2}"
	lab sent "$1"
	local at=$R
	lab progress "$1" 100
	lab stop
	lab arrived db0 "$1"
	read -r _ _ last <<<"$R"
	holds "$1: last frame that arrived ($last) is not after the commit ($at)" \
		"$last >= 49 && $last <= $at"
	lab flush
}

revoke cell vsegctl policy deny web db
works vsegctl policy allow web db
revoke delete vsegctl policy del web db
works vsegctl policy allow web db
revoke unbind vsegctl port unbind web0
works vsegctl port bind web0 web
revoke receiver vsegctl port unbind db0
works vsegctl port bind db0 db
revoke relabel vsegctl port bind web0 mgmt
works vsegctl port bind web0 web
expect web0 db0 udp : db0=pass
sums
