#!/bin/bash
# A pattern manages the bridges that fit, from the moment on that they are there.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

hv_up
lab_start
policy <<'END'
bridge add vm* mode monitor
bridge add vmbr*
bridge add vmbr9 mode monitor
domain add web
selector add glob * web
END
bridge_up vmbr0
lab tap t0 vmbr0
is "managed" "$(vsegctl -j bridge show vmbr0 | jq -c '.[0] | [.mode, .entry, .ports]')" '["enforce","vmbr*",1]'
is "label" "$(vsegctl -j port show t0 | jq -r '.[0].domain')" web
rename_link vmbr0 vmx
is "shorter pattern" "$(vsegctl -j bridge show vmx | jq -c '.[0] | [.mode, .entry]')" '["monitor","vm*"]'
rename_link vmx vmbr9
is "own name" "$(vsegctl -j bridge show vmbr9 | jq -c '.[0] | [.mode, .entry]')" '["monitor",null]'
rename_link vmbr9 other
counts 0 status bridges-present
refused 'not managed' vsegctl bridge show other
rename_link other vmbr1
counts 1 status bridges-present
works vsegctl bridge set 'vmbr*' mode monitor
is "mode of a pattern" "$(vsegctl -j bridge show vmbr1 | jq -r '.[0].mode')" monitor
works vsegctl bridge del 'vmbr*'
is "next pattern" "$(vsegctl -j bridge show vmbr1 | jq -r '.[0].entry')" 'vm*'
works vsegctl bridge del 'vm*'
counts 0 status bridges-present
is "port" "$(vsegctl -j port show | jq length)" 0
refused 'managed already' vsegctl bridge add vmbr9
