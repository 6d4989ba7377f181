#!/bin/bash
# Words that make no sense end with 1 and what was expected; help ends with 0.

# shellcheck source=tests/cli/lib.sh
. "${BASH_SOURCE[0]%/*}/lib.sh"

says 0 '^vsegctl [0-9]+\.[0-9]' -V
says 0 '^vsegctl [0-9]+\.[0-9]' --version
says 0 'usage: vsegctl .*monitor' --help
says 0 'usage: vsegctl' help
for object in status bridge domain port selector policy test apply confirm rollback \
	log stats monitor off init upgrade; do
	says 0 "^vsegctl $object: " "$object" --help
	says 0 "^vsegctl $object: " help "$object"
done
says 0 'port bind DEV' port help
says 0 '^vsegctl port: ' -h port bind

says 1 'usage: vsegctl'
says 1 'expected status, bridge, domain, port, selector, policy, cell, rule, test, apply, confirm, rollback, log, stats, zone, state, monitor, off, init or upgrade, not "frob"' frob
says 1 'expected status' frob --help
says 1 'expected status' statu
says 1 "unrecognized option '--frob'" --frob status
says 1 'requires an argument' -n
says 1 'requires an argument' status --batch
says 1 'expected show, add, set or del, not "br0"' bridge br0
says 1 'expected show, add, set or del, not "ad"' domain ad web
says 1 'expected show, bind or unbind' port label
says 1 'expected show, cells, allow, deny, del or set' policy accept
says 1 'expected show, port, domain, bridge or cell' stats ports

says 1 'bridge add: expected NAME' bridge add
says 1 'expected mode, not "monitor"' bridge add br0 monitor
says 1 'expected nothing more, not "x"' bridge add br0 mode monitor x
says 1 'bridge set: expected mode' bridge set br0
says 1 'expected nothing more' bridge del br0 br1
says 1 'domain add: expected NAME' domain add
says 1 'expected id N or permit, not "23"' domain add web 23
says 1 'expected id' domain add web id
says 1 'expected permit, not "24"' domain add web id 23 24
says 1 'expected nothing more' domain del web db
says 1 'expected DEV' port bind
says 1 'expected DOMAIN or trunk' port bind vm1
says 1 'expected mac, address or permit, not "db"' port bind vm1 web db
says 1 'expected default or vlan, not "web"' port bind vm1 trunk web
says 1 'expected vlan, not "default"' port bind vm1 trunk default a default b
says 1 'expected DOMAIN' port bind vm1 trunk default
says 1 'expected DOMAIN' port bind vm1 trunk vlan 3
says 1 'expected N or N-M' port bind vm1 trunk vlan
says 1 'expected nothing more' port unbind vm1 vm2
says 1 'expected SRC' policy allow
says 1 'expected DST' policy allow web
says 1 'expected monitor, not "both"' policy deny web db both
says 1 'expected log, not "both"' policy allow web db both
says 1 'expected nothing more' policy allow web db log log
says 1 'No such file' policy show web
says 1 'expected nothing more' policy cells web db host
says 1 'expected nothing more' policy deny web db monitor monitor
says 1 'expected nothing more' policy del web db monitor
says 1 'expected address-resolution, bridge-control' policy set
says 1 'expected address-resolution.*not "arp"' policy set arp on
says 1 'each once' policy set unmanaged drop unmanaged pass
says 1 'expected unmanaged' policy set unmanaged
says 1 'expected show, add or del' selector label
says 1 'expected mac, name, alias, glob or group' selector add
says 1 'expected mac, name, alias, glob or group, not "tap"' selector add tap
says 1 'expected MAC, as 52:54:00:12:34:56, not "52:54:00"' selector add mac 52:54:00 web
says 1 'expected MAC' selector add mac 52:54:00:12:34:5g web
says 1 'GROUP is a number from 1 to 4294967295, not "0"' selector add group 0 web
says 1 'expected GROUP' selector add group
says 1 'expected PATTERN' selector add glob
says 1 'expected PATTERN of 255 bytes at most' selector add alias "$(printf '%0256d' 0)" web
says 1 'expected DOMAIN or trunk' selector add glob 'tap*'
says 1 'expected default or vlan, not "web"' selector add glob 'tap*' trunk web
says 1 'expected mac, address or permit' selector add glob 'tap*' web db
says 1 'expected nothing more' selector del glob 'tap*' web
says 1 'expected FILE' apply
says 1 'expected FILE' apply --check
says 1 'unknown option "--frob"' apply --frob
says 1 'expected SECONDS' apply --confirm
says 1 'SECONDS is a number from 1 to 86400, not "0"' apply --confirm 0 policy.yaml
says 1 'GENERATION is a number from 1 to 4294967295, not "now"' confirm now
says 1 'expected nothing more' confirm 3 4
says 1 'expected nothing more' rollback 3
says 1 'expected nothing more' log 3
says 1 'expected nothing more' status now
says 1 'expected nothing more' off now
says 1 "unrecognized option '-o'" -o file init
says 1 'expected nothing more, not "-o"' status -oooooooo -oooooooo
says 1 'expected nothing more' stats cell web
says 1 'expected nothing more' stats show web
says 1 'expected nothing more' domain show web db
says 1 'expected drops, config, count or timeout, not "all"' monitor all
says 1 'expected count' monitor count
says 1 'expected timeout' monitor drops timeout

says 1 "option '-o' requires an argument" init -o
says 1 'expected -o FILE, not "policy.yaml"' init policy.yaml
says 1 'expected nothing more, not "-o"' init -o a -o b
says 1 'no JSON of it' -j init
says 1 'upgrade: expected DIR' upgrade save
says 1 'expected nothing more' upgrade save a b
says 1 'expected nothing more' upgrade a b

# Usage is told where it helps, and on stderr.
says 1 'usage: vsegctl bridge add NAME' bridge add
check "errors leave stdout alone" \
	test -z "$("$vsegctl" frob 2>/dev/null)"
check "help leaves stderr alone" \
	test -z "$("$vsegctl" --help 2>&1 >/dev/null)"

# Options may stand anywhere, and -- ends them.
says 1 'not "--json"' domain show web -- --json
says 0 '^vsegctl stats: ' stats -h -j

# What can't be written is an error.
full() {
	"$vsegctl" "$@" >/dev/full
	[[ $? -eq 2 ]]
}
if [[ -w /dev/full ]]; then
	check "help to a full disk" full --help
	check "version to a full disk" full -V
fi
