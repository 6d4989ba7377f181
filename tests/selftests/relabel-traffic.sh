#!/bin/bash
# Labels and cells that change in one commit change for every frame at once.
#
# Two policies, in force by turns while frames flow: in the first p is in A, q in
# B, and A may talk to C; in the second p is in B, q in A, and B may talk to C.
# In both p may and q may not.  A frame decided by new labels and old cells, or
# the other way round, would let q through or stop p.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

lab_up
taps p q r
policy <<'END'
bridge add br0
domain add A
domain add B
domain add C
port bind p A
port bind q B
port bind r C
policy allow A C
END
cat >"$lab_dir/second" <<'END'
port bind p B
policy deny A C
port bind q A
policy allow B C
END
cat >"$lab_dir/first" <<'END'
policy allow A C
port bind q B
policy deny B C
port bind p A
END

lab flow may p r udp gap=200
lab flow maynot q r udp gap=200
for ((turn = 0; turn < 40; turn++)); do
	vsegctl -b "$lab_dir/second"
	vsegctl -b "$lab_dir/first"
done
lab progress may 50
lab stop

lab sent may
sent=$R
lab arrived r may
is "different frames, all, and latest of p at r" "$R" "$sent $sent $((sent - 1))"
lab arrived r maynot
is "frames of q at r" "$R" "0 0 -1"
lab sent maynot
denied=$R
counts "$sent" port p rx-packets
counts "$denied" port q rx-dropped
counts 0 port q rx-packets
counts 0 port p rx-dropped
holds "frames of each kind were under way" "$sent > 100 && $denied > 100"
sums
