#!/bin/bash
# The hooks are there while a bridge is managed, where nothing can come behind them, and not before.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

hv_up
bridge_up br0

# Debian 12's nft (1.0.6) lists no hooks of bridges, not even nftables' own.
nft 'table bridge probe { chain c { type filter hook forward priority 5; }; }'
nft list hooks bridge | grep -q probe || skip "this nft lists no hooks of bridges"
nft delete table bridge probe

# ours: "hook priority" of each of our functions in the bridge family.
ours() {
	nft list hooks bridge | awk '
		$1 == "hook" { hook = $2 }
		/vseg/ { print hook, $1 }' | tr '\n' ';'
}
is "hooks before a policy" "$(ours)" ""
policy <<'END'
domain add web
policy allow web host
END
is "hooks without a managed bridge" "$(ours)" ""
works vsegctl bridge add br0
text=$(nft list hooks bridge)
for line in 'input 2147483646' 'forward 2147483647' 'output 2147483647'; do
	is "hooks at $line" "$(ours | tr ';' '\n' | tr -d + | grep -Fxc "$line" || :)" 1
done
works vsegctl bridge add br1
is "hooks of two bridges" "$(ours | tr ';' '\n' | grep -c .)" 3
works vsegctl bridge del br0
is "hooks of one" "$(ours | tr ';' '\n' | grep -c .)" 3
works vsegctl bridge del br1
is "hooks with the last bridge gone" "$(ours)" ""
works vsegctl bridge add br0
works vsegctl off
is "hooks when it is off" "$(ours)" ""
[[ $failures -eq 0 ]] || echo "$text"
