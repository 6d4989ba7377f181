#!/bin/bash
# A bridge that the policy does not name is untouched, unless the policy says to drop there.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

lab_up
bridge_up br1
taps web0 web1
lab tap x0 br1
lab tap x1 br1
lab host host1 br1

# No policy at all.
expect web0 web1 udp : web1=through
expect x0 bcast udp : x1=through host1=through

standard <<'END'
END
expect web0 web1 udp : web1=unlabelled-src
expect x0 x1 udp : x1=through
expect x0 bcast udp : x1=through host1=through
expect host1 x1 udp : x1=through
counts 1 status bridges-unmanaged
like "status" "$(vsegctl status)" "1 bridge.*(managed|not managed|unmanaged)"
counts 0 status unmanaged-dropped

works vsegctl policy set unmanaged drop
expect x0 x1 udp :
expect x0 bcast udp :
expect host1 x1 udp :
counts 4 status unmanaged-dropped
expect web0 web1 udp : web1=unlabelled-src

works vsegctl policy set unmanaged pass
expect x0 x1 udp : x1=through

# Named and unnamed again.
works vsegctl bridge add br1
expect x0 x1 udp : x1=unlabelled-src
works vsegctl bridge del br1
expect x0 x1 udp : x1=through
works vsegctl off
expect web0 web1 udp : web1=through
