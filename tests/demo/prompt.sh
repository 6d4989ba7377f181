#!/bin/bash
# What `make sandbox` sets up before it gives the prompt.
set -eu

# shellcheck source=tests/demo/topology.sh
. "${0%/*}/topology.sh"

topology_up
policy >/root/policy.yaml
vsegctl apply /root/policy.yaml >/dev/null

cat <<'END'

  A host with vseg and three guests:

      web1            db1          payroll1
   10.0.0.1        10.0.0.2        10.0.0.3
       |               |               |
     vnet0           vnet1           vnet2
   ----+---------------+---------------+----- br0  10.0.0.254

  Try:   vsegctl status
         vsegctl policy show
         ip netns exec web1 ping -c 2 10.0.0.2      allowed
         ip netns exec web1 ping -c 2 10.0.0.3      refused
         vsegctl stats
         vsegctl monitor

  The policy is in /root/policy.yaml; edit it, and
  vsegctl apply /root/policy.yaml.  ctrl-d ends the sandbox.

END
