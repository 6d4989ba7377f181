#!/bin/bash
# A word is taken whole or refused.

# shellcheck source=tests/cli/lib.sh
. "${BASH_SOURCE[0]%/*}/lib.sh"

for n in 15 65536 0 -1 +16 0x10 016x 16.0 ' 16' '16 ' '' 1e2 \
	18446744073709551632 4294967312 ١٦; do
	says 1 'id is a number from 16 to 65535' -- domain add web id "$n"
done
for n in 4095 -1 +1 1- -2 1-4095 20-10 10--20 1,2 10-20-30 all '' ' 1' '1 ' \
	1-+2 0x1 4294967297; do
	says 1 'vlan is N or N-M, from 0 to 4094' \
		-- port bind up0 trunk vlan "$n" web
done
for n in 0 -1 4294967296 1s ''; do
	says 1 'count is a number from 1' -- monitor count "$n"
	says 1 'timeout is a number from 1' -- monitor timeout "$n"
done
for word in 1 yes ON Off true ''; do
	says 1 'address-resolution is on or off' \
		policy set address-resolution "$word"
	says 1 'flood-events is on or off' \
		policy set unmanaged drop flood-events "$word"
done
for word in enforced Monitor 0 ''; do
	says 1 'mode is enforce or monitor' bridge add br0 mode "$word"
done
says 1 'unmanaged is pass or drop' policy set unmanaged allow

# Names: their length is ours to check, the rest is the kernel's.
long=abcdefghijklmnopqrstuvwxyz01234
says 1 'NAME has at most 31 characters' domain add "${long}x"
says 1 'SRC has at most 31' policy allow "${long}x" any
says 1 'DST has at most 31' policy allow any "${long}x"
says 1 'DOMAIN has at most 31' port bind vm1 "${long}x"
says 1 'DEV has at most 15' port bind abcdefghijklmnop web
says 1 'NAME has at most 15' bridge add abcdefghijklmnop
says 1 'NAME is empty' domain add ''
says 1 'DEV is empty' port unbind ''
says 1 'DST is empty' policy del web ''

# What reaches the kernel: without one, status 3; with one, nothing is tried.
takes() {
	if [[ $present ]]; then
		skip "vsegctl $*" "the module is loaded"
	else
		says 3 'module not loaded' "$@"
	fi
}
takes domain add "$long" id 16
takes domain add web id 65535
takes domain add web id 0016
takes bridge add abcdefghijklmno mode monitor
takes bridge set br0 mode enforce
takes port bind vm1 trunk
takes port bind vm1 trunk vlan 0 web vlan 4094 db vlan 1-4093 c default d
takes port bind vm1 trunk vlan 5-5 web
takes policy allow any any monitor
takes policy set flood-events on unmanaged drop bridge-control off
takes monitor count 1 timeout 1 config

# Nothing of a message can reach a terminal as it came.
out=$("$vsegctl" $'fro\033[2Jb\x9b' 2>&1)
[[ $out == *'"fro\x1b[2Jb\x9b"'* && $out != *$'\033'* ]]
verdict $? "control codes are escaped" "$out"
for word in $'-\xa1' $'--\033[2J' $'-j\033'; do
	out=$("$vsegctl" "$word" status 2>&1)
	[[ $out == *"unrecognized option '-"*'\x'* && $out != *[$'\033\xa1']* ]]
	verdict $? "and so are those of options" "$out"
done
says 1 "option '--json' doesn't allow an argument" --json=yes status
