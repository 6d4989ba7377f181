#!/bin/bash
# Policy files: what is taken, what is refused and where, and that the JSON
# schema says the same of the syntax.  Without the module a file that is taken
# ends with "not loaded" (3), one that isn't with 1 and its mistake.

# shellcheck source=tests/cli/lib.sh
. "${BASH_SOURCE[0]%/*}/lib.sh"

schema=$top/Documentation/policy.schema.json
base='version: 1
domains: {web: 100, db: 101, mgmt: 102}
bridges: {br0: enforce, "vm*": monitor}
ports:
  - {name: web0, domain: web}
  - {glob: "tap101i*", domain: web}
  - {mac: "52:54:00:12:34:56", domain: db}
  - {alias: "guest 7", domain: db}
  - {group: 7, domain: db}
  - name: eno1
    trunk: {default: mgmt, vlans: {10: web, 20-29: db}}
cells:
  - web -> db: allow
  - db <-> mgmt: {action: deny, mode: monitor}
  - any -> host: {action: allow, log: true}
settings: {unmanaged: drop, address-resolution: yes}'

if [[ $present ]]; then
	skip "policy files" "the module is loaded; this is for a host without"
	exit
fi

taken base "$base"
taken nothing 'version: 1'
taken comments $'# a policy\n---\nversion: 1 # of mine\n'
taken 'both ways inside' $'version: 1\ndomains: {a: 16}\ncells: [a <-> a: deny]'
taken 'agreeing patterns' $'version: 1\ndomains: {a: 16}\nports: [{glob: "a*", domain: a}, {glob: "*a", domain: a}]'
taken 'patterns that never meet' $'version: 1\ndomains: {a: 16, b: 17}\nports: [{glob: "a*1", domain: a}, {glob: "b*1", domain: b}, {glob: "[!ab]1", domain: a}, {glob: "[ab]2", domain: b}]'

but 'unknown key' 'cells:' 'cell:' '12:1: unknown key "cell", expected one of: version, domains'
but 'unknown key of a port' 'domain: web}' 'domian: web}' '5:18: unknown key "domian"'
but 'version' 'version: 1' 'version: 2' '1:10: expected the version of the syntax, 1 to 1, not "2"'
refused 'no version' 'domains: {}' '1:1: a policy lacks "version"'
refused 'a list' '- a' '1:1: expected a policy, not a list'
but 'duplicate key' 'settings: {' $'settings: {unmanaged: pass, ' '16:29: "unmanaged" is given twice' whole
but 'duplicate domain' 'db: 101' 'web: 101' '2:21: "web" is given twice' whole
but 'clash of ids' 'db: 101' 'db: 100' '2:[0-9]+: domain .* has id 100, and so has' whole
but 'id out of range' 'db: 101' 'db: 15' '2:25: expected the domain.s id, the same on each host, 16 to 65535, not "15"'
but 'id missing' 'db: 101' 'db: ' '2:2[0-9]: expected the domain.s id'
but 'id quoted' 'db: 101' 'db: "101"' '2:25: expected the domain.s id'
but 'reserved name' 'mgmt: 102' 'mgmt: 102, host: 103' '2:[0-9]+: "host" is a word of vseg'
but 'bad name' 'mgmt: 102' 'mgmt: 102, 1a: 103' '2:[0-9]+: "1a" can.t be a domain.s name'
but 'bad mode' 'br0: enforce' 'br0: enforced' '3:16: expected enforce or monitor, not "enforced"'
but 'bad bridge' 'br0' 'b/r' '3:11: "b/r" can.t be the name of an interface'
but 'long bridge' 'br0' 'abcdefghijklmnop' '3:11: "abcdefghijklmnop" is 16 bytes long, 15 is the most'
but 'bridges that disagree' '"vm*": monitor' '"vm*": monitor, "*br": enforce' '3:[0-9]+: .* fit the same bridges, are equally long' whole
but 'undefined domain of a port' 'domain: db}' 'domain: nobody}' '7:5: there is no domain "nobody"' whole
but 'undefined domain of a cell' 'web -> db' 'web -> nobody' '13:5: there is no domain "nobody"' whole
but 'undefined domain of a VLAN' '20-29: db' '20-29: nobody' '10:5: there is no domain "nobody"' whole
but 'host at a port' 'domain: db}' 'domain: host}' '7:5: "host" can.t stand here' whole
but 'port without a selector' 'name: web0, ' '' '5:5: a port lacks what it is selected by'
but 'port with two' 'name: web0, ' 'name: web0, group: 3, ' '5:[0-9]+: a port is selected by one of'
but 'port without a domain' '{name: web0, domain: web}' '{name: web0}' '5:5: a port has either a domain or a trunk'
but 'port with both' '{name: web0, domain: web}' '{name: web0, domain: web, trunk: {}}' '5:5: a port has either a domain or a trunk'
but 'twice the same port' '{group: 7, domain: db}' '{name: web0, domain: db}' '9:5: name web0 is given twice, first at standard input:5' whole
but 'taps that look alike' '{group: 7, domain: db}' '{mac: "56:54:00:12:34:56", domain: web}' '[0-9]:5: mac .* fit the same taps' whole
but 'patterns that disagree' '{group: 7, domain: db}' '{glob: "*ap101i?", domain: db}' '[0-9]:5: glob .* fit the same ports, are equally long' whole
but 'pattern as a name' 'name: web0' 'name: "web*"' '5:5: "web\*" is a pattern; use glob:'
but 'bad pattern' 'tap101i*' 'tap[101' '6:5: "tap\[101" is no pattern' whole
but 'bad address' '52:54:00:12:34:56' '52:54:00:12:34' '7:11: expected the guest.s address, as 52:54'
but 'group address' '52:54:00:12:34:56' '01:00:5e:00:00:01' '7:11: expected an address that a guest can have' whole
but 'group 0' 'group: 7' 'group: 0' '9:13: expected the number of a device group, 1 to'
but 'VLAN' '20-29: db' '4095: db' '11:[0-9]+: expected a VLAN or a range of them' whole
but 'VLAN range' '20-29: db' '29-20: db' '11:[0-9]+: expected a VLAN or a range of them' whole
but 'VLAN twice' '20-29: db' '5-12: db' '11:[0-9]+: VLAN 10 is in "10" as well, line 11' whole
but 'no arrow' 'web -> db' 'web => db' '13:5: expected SRC -> DST or SRC <-> DST, not "web => db"'
but 'unlabelled' 'web -> db' 'web -> unlabelled' '13:5: what is unlabelled gets nothing' whole
but 'action' 'web -> db: allow' 'web -> db: alow' '13:16: expected allow or deny, not "alow"'
but 'cell twice' 'web -> db: allow' 'mgmt -> db: allow' '1[34]:5: the cell mgmt -> db is given twice' whole
but 'monitored allow' 'action: deny, mode' 'action: allow, mode' '14:5: an allow cell drops nothing'
but 'cell without an action' 'action: allow, log: true' 'log: true' '15:[0-9]+: a cell lacks "action"'
but 'log' 'log: true' 'log: maybe' '15:[0-9]+: expected true or false, not "maybe"'
but 'settings' 'unmanaged: drop' 'unmanaged: maybe' '16:23: expected pass or drop'
but 'a second document' 'settings:' $'---\nversion: 1\nsettings:' '17:1: a second document' whole
but 'anchor' 'name: web0' 'name: &a web0' '5:12: an anchor; a policy file has none' whole
but 'alias of YAML' 'name: web0' 'name: *a' '5:12: an alias; write the value itself' whole
but 'tag' 'name: web0' 'name: !!str web0' '5:12: a tag; a policy file has none' whole
but 'not YAML' 'bridges: {' 'bridges: ]{' '[0-9]+:[0-9]+: not YAML' whole
but 'a zero byte' 'guest 7' 'guest\x00' '8:13: a zero byte in a text' whole
refused 'nesting' "version: $(printf '[%.0s' {1..5000})" '1:[0-9]+: nested more than 8 deep' whole
refused 'a bomb' $'a: &a [x, x]\nb: &b [*a, *a]\nversion: 1' '1:4: an anchor' whole

# Size: refused after 32 MiB were read, in no more memory than that takes.
large() {
	yes '# 200 MB of comments, none of them worth reading' | head -c 200000000 |
		bash -c 'ulimit -v 200000; exec "$0" apply -' "$vsegctl"
}
out=$(large 2>&1)
[[ $? -eq 1 && $out == *'larger than 32 MiB'* ]]
verdict $? "refused: 200 MB" "$out"

says 1 'empty; a policy begins with' apply /dev/null
says 1 'No such file' apply "$scratch/none"
mkdir "$scratch/policy.d"
says 1 'no file whose name ends in .yaml' apply "$scratch/policy.d"
says 1 'expected FILE' apply
says 1 'expected FILE' apply --check
says 1 'unknown option "--foo"' apply --foo
says 1 'SECONDS is a number from 1' apply --confirm 0 /dev/null
printf 'version: 1\ndomains: {a: 16}\n' >"$scratch/policy.d/a.yaml"
printf 'version: 1\ndomains: {a: 17}\n' >"$scratch/policy.d/b.yaml"
says 1 'b.yaml:2:11: domain "a" is given twice, first at .*a.yaml:2' \
	apply "$scratch/policy.d"
printf 'version: 1\nsettings: {unmanaged: drop}\n' >"$scratch/policy.d/a.yaml"
printf 'version: 1\nsettings: {unmanaged: pass}\n' >"$scratch/policy.d/b.yaml"
says 1 'b.yaml:2:[0-9]+: this setting stands in another file' \
	apply "$scratch/policy.d"
