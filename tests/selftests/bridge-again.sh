#!/bin/bash
# A bridge that is deleted and made again is managed again, with all ports unlabelled.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

lab_up
taps web0 db0
standard <<'END'
port bind web0 web
port bind db0 db
END
lab listen config
counts 1 status bridges-present
expect web0 db0 udp : db0=pass
reads total rx-packets
before=$R

lab close host
ip link del br0
lab seek config event=bridge-del bridge=br0
counts 1 status bridges
counts 0 status bridges-present
counts 0 status ports
counts "$before" total rx-packets

bridge_up br0
lab seek config event=bridge-add bridge=br0
ip -batch - <<'END'
link set web0 master br0 up
link set db0 master br0 up
END
lab host host br0
lab fdb web0
lab fdb db0
counts 1 status bridges-present
expect web0 db0 udp : db0=unlabelled-src
expect web0 host udp : host=unlabelled-src
policy <<'END'
port bind web0 web
port bind db0 db
END
expect web0 db0 udp : db0=pass

# The name decides: another bridge that takes it is managed from then on.
ip -batch - <<'END'
link set br0 down
link set br0 name old
link set old up
END
counts 0 status bridges-present
expect web0 db0 udp : db0=through
ip -batch - <<'END'
link set old down
link set old name br0
link set br0 up
END
counts 1 status bridges-present
expect web0 db0 udp : db0=unlabelled-src
sums bridges-gone
