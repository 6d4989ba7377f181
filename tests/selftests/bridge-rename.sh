#!/bin/bash
# A bridge has the mode of the name that it has now, from the rename on.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

# rename OLD NEW: as one would do it on a host.
rename() {
	ip -batch - <<-BATCH
		link set $1 down
		link set $1 name $2
		link set $2 up
	BATCH
	lab close host
	lab host host "$2"
}

# mode_is NAME MODE: what vseg says and what /sys says.
mode_is() {
	json ".. | objects | select(.name? == \"$1\") | .mode" bridge show
	is "mode of $1" "$R" "$2"
	sysfs "$1" mode
	is "mode of $1 in /sys" "$R" "$2"
}

lab_up
taps web0 db0
standard <<'POLICY'
bridge set br0 mode monitor
bridge add br1
port bind web0 web
port bind db0 db
policy deny web db
POLICY
mode_is br0 monitor
expect web0 db0 udp : db0=would/cell-deny
reads port web0 rx-packets
before=$R

# From one managed name to another: the labels stay, the mode is the name's.
rename br0 br1
mode_is br1 enforce
counts 1 status bridges-present
expect web0 db0 udp : db0=cell-deny
expect db0 web0 udp : web0=default-deny
counts "$before" port web0 rx-packets
rename br1 br0
mode_is br0 monitor
expect web0 db0 udp : db0=would/cell-deny

# So it stays with the next commit, and a change of the mode goes to the name.
rename br0 br1
works vsegctl domain add third
mode_is br1 enforce
expect web0 db0 udp : db0=cell-deny
works vsegctl bridge set br0 mode enforce
works vsegctl bridge set br1 mode monitor
mode_is br1 monitor
expect web0 db0 udp : db0=would/cell-deny
rename br1 br0
mode_is br0 enforce
expect web0 db0 udp : db0=cell-deny

# To a name that isn't managed, and back under either one: no label survives.
rename br0 plain
counts 0 status bridges-present
expect web0 db0 udp : db0=through
rename plain br0
mode_is br0 enforce
expect web0 db0 udp : db0=unlabelled-src
rename br0 plain
rename plain br1
mode_is br1 monitor
expect web0 db0 udp : db0=would/unlabelled-src
works vsegctl port bind web0 web
works vsegctl port bind db0 db
rename br1 br0
expect web0 db0 udp : db0=cell-deny
sums bridges-gone
