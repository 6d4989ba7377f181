#!/bin/bash
# Flows with the host at one end: what it asked for is answered, what guests ask for it answers.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

lab_up
taps web0
policy <<'END'
policy set guard off
bridge add br0
domain add web
domain add db
cell set host db rules
rule add host db protocol tcp,icmp state
cell set web host rules
rule add web host protocol udp port 53 state
port bind web0 web
END

expect host web0 udp sport=53 dport=1000 : web0=default-deny
expect web0 host udp dport=53 : host=pass
expect host web0 udp sport=53 dport=1000 : web0=pass/st
expect host web0 udp sport=53 dport=1001 : web0=default-deny
expect web0 host udp dport=54 : host=no-rule

# A guest with a stack of its own says more than it is asked.
guests db0
works vsegctl port bind db0 db
ip address add 10.0.0.254/24 dev br0
# With real stacks: the host reaches the guest, the guest does not the host.
works ping -n -q -c 1 -W 5 "${ip4[db0]}"
refuses db0 10.0.0.254
ip netns exec db0 nc -l -p 80 >"$lab_dir/got" &
server=$!
listening() { ip netns exec db0 ss -Hltn 'sport = :80' | grep -q .; }
soon 10 listening
head -c 300000 /dev/urandom >"$lab_dir/file"
works nc -N -w 10 "${ip4[db0]}" 80 <"$lab_dir/file"
wait "$server" || flunk "the server ended with $?"
works cmp "$lab_dir/file" "$lab_dir/got"
sums
