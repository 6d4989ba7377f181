#!/bin/bash
# A port gets its domain from a selector, by rank, before its first frame.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

# has PORT DOMAIN MATCH: what the port shows.
has() {
	local text
	text=$(vsegctl -j port show "$1")
	is "$1" "$(jq -r '.[0] | "\(.domain) \(.match)"' <<<"$text")" "$2 $3"
}

lab_up
policy <<'END'
bridge add br0
policy set guard off
domain add web
domain add db
domain add ops
policy allow web db
selector add name db0 db
selector add glob web* web
END
taps web0 db0
has web0 web glob
has db0 db name
expect web0 db0 udp : db0=pass
expect db0 web0 udp : web0=default-deny

# A frame that is on its way while the port joins never meets another label.
lab tap rest
ip link set rest nomaster
rename_link rest web9
ip link set web9 master br0
has web9 web glob

# Each rank goes before the next.
ip link set web0 group 7
works vsegctl selector add group 7 ops
has web0 web glob
works vsegctl selector del glob 'web*'
has web0 ops group
has web9 unlabelled none
works vsegctl selector add glob 'w*' db
has web0 db glob
works vsegctl selector add glob 'we*0' web
has web0 web glob
has web9 db glob
ip link set web0 alias 'guest of db'
has web0 web glob
works vsegctl selector add alias 'guest of db' db
has web0 db alias
works vsegctl selector add name web0 ops
has web0 ops name
works vsegctl selector add mac "$(</sys/class/net/web0/address)" web
has web0 web mac
works vsegctl port bind web0 db
has web0 db explicit
works vsegctl port unbind web0
has web0 web mac

# A selector that changes what it gives, and one that goes, act at once.
policy <<'END'
selector del name db0
selector add name db0 web
END
expect web0 db0 udp : db0=pass
has db0 web name
works vsegctl selector del name db0
has db0 unlabelled none
expect web0 db0 udp : db0=unlabelled-dst

is "ports of a selector" "$(vsegctl -j selector show | jq -c '[.[] | [.type, .ports]]')" \
	'[["mac",1],["name",0],["alias",0],["glob",0],["glob",1],["group",0]]'
counts 6 status selectors
sums
