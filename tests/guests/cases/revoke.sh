# shellcheck shell=bash disable=SC2154
# A cell that goes stops an established connection at once; allowed again, it goes on.
on db1 "rm -f /tmp/sink; nc -l 7000 >/tmp/sink 2>/dev/null & wait_for $patience listens 7000"
on web1 "
	i=0
	while echo record \$((i++)); do usleep 20000; done 2>/dev/null |
		nc ${ip4[db1]} 7000 >/dev/null 2>&1 & echo \$!"
client=$R
succeeds db1 "wait_for $patience larger /tmp/sink 100"

capture db1
succeeds db1 "captured record"
reads pair web db packets
before=$R
vsegctl policy del web db
cables mark db1 revoked
again() {
	reads pair web db packets && ((R >= before + 2))
}
soon "$patience" again
cables mark db1 allowed
vsegctl policy allow web db
on db1 "captured allowed && stat -c %s /tmp/sink"
succeeds db1 "wait_for $patience larger /tmp/sink $R"
captured db1
of_web="from:${mac[web1]}+text:record"
frames db1 --before revoked "$of_web"
holds "frames before: $R" "R > 0"
frames db1 --after revoked --before allowed "$of_web"
is "frames while it was revoked" "$R" 0
frames db1 --after allowed "$of_web"
holds "frames after: $R" "R > 0"

# The same connection, with nothing lost.
succeeds web1 "kill -0 $client"
succeeds db1 "sed '\$d' /tmp/sink | awk '\$2 != NR - 1 { exit 1 }'"
on web1 "kill $client"
on db1 "wait_for $patience not listens 7000"
