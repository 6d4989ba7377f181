#!/bin/bash
# A guest floods with SYN: it fills its own share of the table, and neither the host's connections nor other guests' lose anything.
# shellcheck source=lib.sh
# time limit: 240
NAMESPACE=init
. "${0%/*}/../lib.sh"
# shellcheck source=tests/tools/tracking.sh
. "$tools/tracking.sh"

helpers=()
put_away() {
	kill "${helpers[@]}" 2>/dev/null
	wait "${helpers[@]}"
	nft delete table inet flood
	ip netns del mgmt1
	ip netns del db1
	table_back
}
own_host
lab_up mcast_snooping 0
table_of 2000
guests mgmt1 db1
policy <<'END'
policy set guard off
bridge add br0
domain add evil
domain add db
domain add mgmt
selector add glob evil* evil
cell set evil db rules
rule add evil db protocol tcp state
cell set mgmt db rules
rule add mgmt db protocol tcp,icmp state
port bind mgmt1 mgmt
port bind db1 db
END
ip link set lo up
works nft -f - <<'END'
table inet flood {
	chain in { type filter hook input priority 0; ct state new,established counter accept; }
}
END

# Where one that never ends is heard: the host's own, and a guest's.
listening() { "$@" ss -Hltn 'sport = :4000' | grep -q .; }
socat TCP-LISTEN:4000,bind=127.0.0.1,fork,reuseaddr EXEC:cat &
helpers+=("$!")
ip netns exec db1 socat TCP-LISTEN:4000,fork,reuseaddr EXEC:cat &
helpers+=("$!")
soon 10 listening
soon 10 listening ip netns exec db1
exec 5<>/dev/tcp/127.0.0.1/4000
coproc far { ip netns exec mgmt1 socat STDIO "TCP:${ip4[db1]}:4000"; }
# says TEXT: through both of them, and back.
says() {
	local line
	echo "$1" >&5
	read -r -t 20 -u 5 line || line="nothing"
	is "what the host's connection answers" "$line" "$1"
	echo "$1" >&"${far[1]}"
	read -r -t 20 -u "${far[0]}" line || line="nothing"
	is "what the guest's connection answers" "$line" "$1"
}
says before

# begins TEXT: a new connection of the host's, and what it answers.
begins() {
	local line=nothing
	exec 6<>/dev/tcp/127.0.0.1/4000
	echo "$1" >&6
	read -r -t 20 -u 6 line || :
	exec 6>&-
	echo "$line"
}

# 60,000 SYN in rounds, each from another port; the sum of port and number is the
# same, and so is the checksum.
cat >"$lab_dir/flood.py" <<'END'
import os
import select
import sys
import frames
from ends import Tap
where, mac = sys.argv[1:3]
tap = Tap("evil0", 9, "evil0", "br0")
frame = bytearray(frames.build("tcp", tap.who, frames.End(2), frames.mac(mac), [
    "dip=" + sys.argv[3], "sport=0", "dport=80", "seq=65535", "empty=1"], 1))
sent = 0
while sent < 1000 or not os.path.exists(where + "/stop"):
    port = sent % 60000 + 1
    frame[34:36] = port.to_bytes(2, "big")
    frame[40:42] = (65535 - port).to_bytes(2, "big")
    os.write(tap.file, frame)
    sent += 1
    if sent % 50 == 0:
        # On one CPU the others come to their turn as well.
        select.select([], [], [], 0.01)
        tap.drain()
        tap.inbox.clear()
        with open(where + "/sent.new", "w", encoding="ascii") as file:
            file.write(f"{sent}\n")
        os.rename(where + "/sent.new", where + "/sent")
END
mac=$(ip netns exec db1 cat /sys/class/net/eth0/address)
ip netns exec db1 "$BASH" -c 'nft add table ip quiet; nft "add chain ip quiet in { type filter hook input priority 0; }"; nft add rule ip quiet in tcp dport 80 drop'
python3 -S "$lab_dir/flood.py" "$lab_dir" "$mac" "${ip4[db1]}" &
helpers+=("$!")

most=0
watch() {
	entries
	most=$((R > most ? R : most))
}
sent() { watch; [[ $(cat "$lab_dir/sent" 2>/dev/null) -ge $1 ]]; }
soon 60 sent 1500
for ((turn = 0; turn < 10; turn++)); do
	says "turn $turn"
	# New ones of both begin, too.
	is "the host by a new connection" "$(begins "$turn")" "$turn"
	is "the guest by a new one" \
		"$(echo "$turn" | ip netns exec mgmt1 socat -T 10 - "TCP:${ip4[db1]}:4000")" "$turn"
	pings mgmt1 "${ip4[db1]}"
	watch
done
soon 60 sent 5000
touch "$lab_dir/stop"
wait "${helpers[2]}" || flunk "the flood ended with $?"
flooded=$(<"$lab_dir/sent")
watch
held=$R

# 1,500 of 2,000 places are vseg's, and two thirds of these at most one domain's.
reads status flows
flows=$R
reads status flows-evicted
evicted=$R
reads status flows-refused
figure "$flooded SYN: conntrack -C $held, at most $most, of 2000; $flows flows, $evicted evicted, $R refused"
holds "entries under flood: $most" "$most <= 1000 + 200"
holds "flows: $flows" "$flows <= 1000 + 100"
holds "evicted: $evicted of $flooded" "$evicted >= $flooded - 1000 - 100"
lost early_drop
is "entries that the table gave up for others" "$R" 0
lost drop
is "entries that the table had no room for" "$R" 0
says after
