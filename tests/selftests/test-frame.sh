#!/bin/bash
# vsegctl test tells of ports as they are, and its verdict is what happens to the frame.
# kernels: one
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

hv_up
refused 'there is no policy in force' vsegctl test --from web --to db

bridge_up br0
lab_start
lab host host br0
taps web0 db0 x0
cat >"$lab_dir/policy" <<'END'
version: 1
domains: {web: 100, db: 101}
bridges: {br0: enforce}
ports:
  - {name: web0, domain: web}
  - {glob: "db*", domain: db}
  - {alias: "guest 7", domain: db}
cells:
  - web -> db: allow
  - any -> host: {action: deny, mode: monitor}
END

# tells STATUS REGEX WORDS...: vsegctl test ends so and says so.
tells() {
	local want=$1 regex=$2 out status=0
	shift 2
	checks=$((checks + 1))
	out=$(vsegctl test "$@" 2>&1) || status=$?
	[[ $status -eq $want && $out =~ $regex ]] ||
		flunk "vsegctl test $* ended with $status and said '$out', expected '$regex'"
}

works vsegctl apply "$lab_dir/policy"
tells 0 '^allow: web -> db.*port web0: web \(name\).*port db0: db \(glob\).*web -> db: allow.*generation 1' --from web0 --to db0
expect web0 db0 udp : db0=pass
tells 4 '^deny: db -> web.*cell    none.*default-deny' --from db0 --to web0
expect db0 web0 udp : web0=default-deny
tells 0 'built-in pass: address resolution' --from db0 --to web0 --ethertype arp
tells 0 '^would-drop: web -> host.*any -> host: deny, monitor' --from web0 --to host
expect web0 host udp : host=would/cell-deny
tells 4 '^deny: unlabelled -> db.*port x0: unlabelled \(none\).*unlabelled-src' --from x0 --to db0
expect x0 db0 udp : db0=unlabelled-src

# A device has more than its name: a file alone can't know what the kernel does.
ip link set x0 alias 'guest 7'
tells 4 '^deny: db -> web.*port x0: db \(alias\)' --from x0 --to web0
tells 4 '^deny: unlabelled -> web.*x0 is known by its name alone; selectors by alias want' \
	--from port:x0 --to web0 --policy "$lab_dir/policy"
works vsegctl port bind x0 web
tells 0 '^allow: web -> db.*port x0: web \(explicit\)' --from x0 --to db0
expect x0 db0 udp : db0=pass

# A port that is to come, and a word that is nothing.
tells 0 '^allow: web -> db.*port db9: db \(glob\).*note    port db9 isn.t there' --from web --to port:db9
tells 1 '"db9" is no domain, and there is no device of this name' --from web --to db9
tells 1 'there is no domain "db0"' --from web --to domain:db0
works vsegctl bridge set br0 mode monitor
tells 4 'a bridge in monitor mode lets it pass' --from db --to web
works vsegctl bridge set br0 mode enforce

# A policy that isn't in force changes no answer of the one that is.
sed 's/web -> db: allow/web -> db: deny/' "$lab_dir/policy" >"$lab_dir/second"
tells 4 '^deny: web -> db.*web -> db: deny' --from web0 --to db0 --policy "$lab_dir/second"
tells 0 '^allow: web -> db' --from web0 --to db0
cat >"$lab_dir/expect" <<'END'
version: 1
tests:
  - {from: web0, to: db0, expect: allow}
  - {from: db0, to: web0, expect: deny, reason: default-deny}
  - {from: x0, to: host, expect: would-drop}
END
tells 0 '^3 expectations of generation [0-9]+, 0 not met' --file "$lab_dir/expect"
sed -i '$d' "$lab_dir/expect"
tells 4 'expect:3:5: web0 -> db0: deny, cell-deny; expected allow.*2 expectations of .*, 1 not met' \
	--file "$lab_dir/expect" --policy "$lab_dir/second"
sums
