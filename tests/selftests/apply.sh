#!/bin/bash
# A policy file: what it says is in force afterwards, all of it or nothing.
# kernels: one
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

lab_up
taps web0 db0
file=$lab_dir/policy.yaml
cat >"$file" <<'END'
version: 1
domains: {web: 100, db: 101, mgmt: 102}
bridges: {br0: enforce}
ports:
  - {name: web0, domain: web}
  - {glob: "db*", domain: db}
  - {alias: "caf\xe9 \u20ac \U0001f600 \"", domain: web}
  - name: up0
    trunk: {default: mgmt, vlans: {10: web, 20-29: db}}
cells:
  - web -> db: allow
  - db <-> mgmt: {action: allow, log: true}
  - mgmt -> web: {action: deny, mode: monitor}
settings: {flood-events: true}
END

lab state save empty
works vsegctl apply "$file" --check
works vsegctl apply "$file" --diff
untouched empty
works vsegctl apply "$file"
expect web0 db0 udp : db0=pass
expect db0 web0 udp : web0=default-deny
lab state save first

# What is in force, as a file, is that policy.
vsegctl policy show >"$lab_dir/shown"
like "fit for a terminal" "$(<"$lab_dir/shown")" 'caf.u00e9 .u20ac .U0001f600'
like "no change" "$(vsegctl apply "$lab_dir/shown")" 'nothing to change: generation 1'
like "no change by stdin" "$(vsegctl apply - <"$file")" 'nothing to change'
like "no change, confirmed" "$(vsegctl apply "$file" --confirm 9)" 'nothing to change'
untouched first

# Several files are one policy.
mkdir "$lab_dir/policy.d"
sed -n '1,3p' "$file" >"$lab_dir/policy.d/10-base.yaml"
{ echo 'version: 1'; sed -n '4,$p' "$file"; } >"$lab_dir/policy.d/20-more.yaml"
echo 'nonsense' >"$lab_dir/policy.d/ignored.txt"
like "directory" "$(vsegctl apply "$lab_dir/policy.d")" 'nothing to change'

# A difference, and the running ports that it touches.
sed 's/{glob: "db\*", domain: db}/{glob: "db*", domain: web}/; s/web -> db: allow/web -> db: deny/' \
	"$file" >"$lab_dir/second"
vsegctl apply "$lab_dir/second" --diff >"$lab_dir/diff"
like "diff" "$(<"$lab_dir/diff")" '! cell web -> db: deny, was allow; 1 packets so far'
like "diff of a port" "$(<"$lab_dir/diff")" 'port db0: web, was db \(glob\)'
untouched first
works vsegctl apply "$lab_dir/second"
is "db0" "$(vsegctl -j port show db0 | jq -r '.[0].domain')" web

# The id of a domain changes: all that names it is made anew.
sed 's/web: 100/web: 200/' "$lab_dir/second" >"$lab_dir/third"
works vsegctl apply "$lab_dir/third"
is "id" "$(vsegctl -j domain show web | jq '.[0].id')" 200
like "no change" "$(vsegctl apply "$lab_dir/third")" 'nothing to change'

# Mistakes: where, what, and nothing is changed.
works vsegctl port bind web0 mgmt
lab state save third
refuse() {
	local out status=0
	checks=$((checks + 1))
	out=$(vsegctl apply "$lab_dir/bad" 2>&1) || status=$?
	[[ $status -eq $1 && $out =~ $2 ]] ||
		flunk "apply ended with $status and said '$out', expected '$2'"
}
sed 's/web -> db: allow/web -> nobody: allow/' "$file" >"$lab_dir/bad"
refuse 1 'bad:11:5: there is no domain "nobody"'
sed 's/allow$/alow/' "$file" >"$lab_dir/bad"
refuse 1 'bad:11:16: expected allow or deny, not "alow"'
sed '/mgmt/d; s/, mgmt: 102//' "$file" | sed '2i domains: {web: 100, db: 101}' |
	sed '/name: up0/d' >"$lab_dir/bad"
refuse 2 'ports carry this domain'
untouched third
works vsegctl port unbind web0

# An empty policy empties it.
echo 'version: 1' >"$lab_dir/none"
works vsegctl apply "$lab_dir/none"
counts 0 status cells
counts 0 status bridges-present
expect web0 db0 udp : db0=through
like "no change" "$(vsegctl apply "$lab_dir/none")" 'nothing to change'

# It is one where there is none, too: after off, and on a host that never had one.
works vsegctl off
counts 0 status active
lab state save off
like "diff" "$(vsegctl apply "$lab_dir/none" --diff)" '1 change would be made'
untouched off
works vsegctl apply "$lab_dir/none"
counts 1 status active
ip netns add fresh
is "fresh" "$(vsegctl -j -n fresh status | jq .active)" false
works vsegctl -n fresh apply "$lab_dir/none"
is "fresh" "$(vsegctl -j -n fresh status | jq -c '[.active, .generation]')" '[true,1]'
