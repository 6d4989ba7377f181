#!/bin/bash
# Real stacks: TCP with offloads, UDP, ping and path MTU by a stateful rule, while policies come and go.
# shellcheck source=lib.sh
# time limit: 120
. "${0%/*}/../lib.sh"

lab_up
guests web0 db0
policy <<'END'
policy set guard off
bridge add br0
domain add web
domain add db
cell set web db rules
rule add web db protocol tcp,udp,icmp,icmpv6 state
port bind web0 web
port bind db0 db
END
listening() { ip netns exec db0 ss -Hltn 'sport = :80' | grep -q .; }

# send ADDRESS WORDS...: a file goes through, whole.
head -c 3000000 /dev/urandom >"$lab_dir/file"
send() {
	rm -f "$lab_dir/got"
	ip netns exec db0 nc "${@:2}" -l -p 80 >"$lab_dir/got" &
	local server=$!
	soon 10 listening
	works ip netns exec web0 nc "${@:2}" -N -w 20 "$1" 80 <"$lab_dir/file"
	wait "$server" || flunk "the server ended with $?"
	works cmp "$lab_dir/file" "$lab_dir/got"
}

pings web0 "${ip4[db0]}"
pings web0 "${ip6[db0]}"
refuses db0 "${ip4[web0]}"
send "${ip4[db0]}" -4
send "${ip6[db0]}" -6

# A commit after the other meanwhile: nothing is lost that is still allowed.
commits() {
	local i
	for ((i = 0; i < 20; i++)); do
		vsegctl domain add "d$i"
	done
}
commits >"$lab_dir/commits" 2>&1 &
changing=$!
send "${ip4[db0]}" -4
wait "$changing" || flunk "a commit failed: $(<"$lab_dir/commits")"

# Port unreachable comes back as an error at once.
checks=$((checks + 1))
answer=$(ip netns exec web0 "$BASH" -c "
	exec 3<>/dev/udp/${ip4[db0]}/9
	for ((i = 0; i < 100; i++)); do
		echo >&3 || exit
		read -r -t 0.1 -u 3
	done" 2>&1) || :
[[ $answer == *refused* ]] || flunk "no error came back: $answer"
sums
