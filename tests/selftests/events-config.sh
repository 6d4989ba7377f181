#!/bin/bash
# Changes of the configuration are told on the config group, in their order.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

hv_up
lab_start
lab listen config

works vsegctl bridge add br0
event config event=commit generation=1
bridge_up br0
event config event=bridge-add bridge=br0
taps web0
value /sys/class/net/web0/ifindex
index=$R
event config event=port-add ifname=web0 ifindex="$index" bridge=br0
policy <<'END'
domain add web
domain add db
port bind web0 web
END
event config event=commit generation=2
ip link set web0 nomaster
event config event=port-del ifname=web0 ifindex="$index" bridge=br0
works vsegctl bridge set br0 mode monitor
event config event=commit generation=3

# A refused edit is no event.
refused '' vsegctl domain add web
bridge_up br1
ip link set web0 master br1
event config event=bridge-unmanaged ifname=web0 bridge=br1
counts 1 status bridges-unmanaged
ip link set web0 nomaster
ip link del br0
event config event=bridge-del bridge=br0
works vsegctl off
event config event=off

# The command tells them too.
vsegctl -j monitor config count 2 timeout 20 >"$lab_dir/shown" &
pause 0.7
works vsegctl bridge add br0
works vsegctl bridge set br0 mode monitor
wait $!
is "events in JSON" "$(jq -r '.. | .event? // empty' "$lab_dir/shown" | sort | uniq -c | xargs)" "2 commit"
