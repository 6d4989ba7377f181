#!/bin/bash
# In lockdown, a policy that names no bridge is refused where it would cut an SSH session.
# kernels: one
# shellcheck source=lib.sh
NAMESPACE=init
. "${0%/*}/../lib.sh"

own_host lockdown=1
lab_up mcast_snooping 0
guests admin
ip address add 10.0.0.254/24 dev br0
cat >"$lab_dir/policy.yaml" <<'END'
version: 1
domains:
  mgmt: {id: 100}
bridges: {br0: enforce}
ports:
  - {name: admin, domain: mgmt}
cells:
  - mgmt <-> host: allow
END
works vsegctl apply "$lab_dir/policy.yaml"
nc -d -l -p 22 &
listener=$!
listens() {
	[[ $(ss -Hltn 'sport = :22') ]]
}
connected() {
	[[ $(ss -Htn state established 'sport = :22') ]]
}
soon 10 listens
ip netns exec admin nc -d 10.0.0.254 22 &
session=$!
soon 10 connected

echo 'version: 1' >"$lab_dir/empty.yaml"
refused 'may be cut: the policy names no bridge' vsegctl apply "$lab_dir/empty.yaml"
counts 1 status bridges

kill "$session" "$listener"
wait
ip address del 10.0.0.254/24 dev br0
ip netns del admin
gone() {
	[[ ! -e /sys/class/net/admin ]]
}
soon 10 gone
works vsegctl apply "$lab_dir/empty.yaml"
counts 0 status bridges
works vsegctl off
