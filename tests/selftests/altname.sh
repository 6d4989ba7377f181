#!/bin/bash
# A bridge is managed by its own name alone: an alternative one manages nothing, and ends nothing.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

lab_up
taps web0 db0
ip link property add dev br0 altname other0 altname later0

# While the bridge has it, the name is refused.
lab state save before
refused 'alternative' vsegctl bridge add other0
refused 'alternative' vsegctl bridge add later0 mode monitor
untouched before

standard <<'END'
port bind web0 web
port bind db0 db
policy deny web db
END
counts 1 status bridges
counts 1 status bridges-present
expect web0 db0 udp : db0=cell-deny
refused 'alternative' vsegctl bridge add other0 mode monitor

# A name that is in the policy before a bridge has it beside its own: neither
# this commit nor one after it may take it for the bridge.
policy <<'END'
bridge add spare0 mode monitor
bridge add spare1 mode monitor
END
counts 3 status bridges
ip link property add dev br0 altname spare0 altname spare1
expect web0 db0 udp : db0=cell-deny
works vsegctl domain add third
expect web0 db0 udp : db0=cell-deny
works vsegctl domain add fourth
counts 1 status bridges-present
expect web0 db0 udp : db0=cell-deny
expect db0 web0 udp : web0=default-deny
sysfs br0 mode
is "mode of br0" "$R" enforce

# Nor does the end of such a name take br0 along.
works vsegctl bridge del spare0
expect web0 db0 udp : db0=cell-deny
works vsegctl bridge set br0 mode monitor
expect web0 db0 udp : db0=would/cell-deny
works vsegctl bridge del br0
counts 0 status bridges-present
expect web0 db0 udp : db0=through

# Alone in the policy, it manages nothing.
works vsegctl domain add fifth
counts 1 status bridges
counts 0 status bridges-present
expect web0 db0 udp : db0=through
works vsegctl bridge add br0
expect web0 db0 udp : db0=unlabelled-src
sums bridges-gone
