#!/bin/bash
# A frame that the bridge sends back by the port it came from meets the cell of that domain with itself.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

lab_up
taps web0 db0
standard <<'END'
port bind web0 web
port bind db0 db
END
expect web0 bcast raw : db0=pass host=flood
bridge link set dev web0 hairpin on
expect web0 bcast raw : web0=pass db0=pass host=flood
expect web0 web0 udp : web0=pass
works vsegctl policy deny web web
expect web0 bcast raw : web0=flood db0=pass host=flood
expect web0 web0 udp : web0=cell-deny
works vsegctl port unbind web0
expect web0 web0 udp : web0=unlabelled-src
sums
