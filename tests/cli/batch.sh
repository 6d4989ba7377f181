#!/bin/bash
# A batch is read whole first, and its errors name the file and the line.

# shellcheck source=tests/cli/lib.sh
. "${BASH_SOURCE[0]%/*}/lib.sh"

feeds 1 'vsegctl: -:1: expected an edit of .*, not "frob"' 'frob\n'
feeds 1 '^vsegctl: -:3: domain add: expected NAME$' '# one\n\ndomain add\n'
feeds 1 '^vsegctl: -:2: domain add: id is' 'domain add a\ndomain add b id 3\n'
feeds 1 '^vsegctl: -:1: domain add: expected id N or permit, not "x"$' 'domain add b x'
feeds 1 '^vsegctl: -:1: expected bridge add, set or del, not "show"$' \
	'bridge show\n'
feeds 1 '^vsegctl: -:1: expected policy allow, deny, del or set$' 'policy\n'
feeds 1 '^vsegctl: -:1: status can.t be part of a batch$' 'status\n'
feeds 1 '^vsegctl: -:1: off can.t be part of a batch$' 'off\n'
feeds 1 '^vsegctl: -:1: monitor can.t' 'monitor drops\n'
feeds 1 '^vsegctl: -:1: stats can.t' 'stats port\n'
feeds 1 '^vsegctl: -:1: expected an edit of .*not "-j"' '-j domain add a\n'
feeds 1 '^vsegctl: -:1: expected an edit of .*not "vsegctl"' \
	'vsegctl domain add a\n'
feeds 1 '^vsegctl: -:2: a zero byte$' 'domain add a\ndomain\0 add b\n'
feeds 1 '^vsegctl: -:2: policy allow: expected DST$' \
	'  domain\tadd   web # why\r\npolicy allow web # db\n'
feeds 1 'not "a#b"' 'domain add web a#b\n'

printf 'domain add web\n\nport bind vm1 trunk vlan 5-3 web\n' >"$scratch/in"
says 1 "^vsegctl: $scratch/in:3: port bind: vlan is" -b "$scratch/in"
says 1 "^vsegctl: $scratch/in:3: " "--batch=$scratch/in" -j
says 1 "$scratch/absent: No such file" -b "$scratch/absent"
says 1 "$scratch: Is a directory" -b "$scratch"
says 1 'expected nothing more with -b, not "status"' -b "$scratch/in" status

if [[ $present ]]; then
	skip "a good batch" "the module is loaded"
else
	feeds 3 'module not loaded' 'domain add web\n'
	feeds 3 'module not loaded' ''
	feeds 3 'module not loaded' '# nothing\n\n'
	feeds 3 'module not loaded' 'domain add web'
fi

# As many cells as a policy can have, and the last line is wrong.
awk 'BEGIN { for (i = 0; i < 65536; i++)
	printf "policy allow d%d d%d\n", i / 256, i % 256
	print "policy allow d0" }' >"$scratch/many"
says 1 "many:65537: policy allow: expected DST" -b "$scratch/many"
