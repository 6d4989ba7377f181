#!/bin/bash
# Inside a domain frames pass unless a cell for it says otherwise.
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

lab_up
taps web0 web1 db0 db1
policy <<'END'
bridge add br0
domain add web
domain add db
port bind web0 web
port bind web1 web
port bind db0 db
port bind db1 db
END

expect web0 web1 udp : web1=pass
expect web1 web0 raw : web0=pass
expect db0 db1 udp : db1=pass
expect web0 db0 udp : db0=default-deny
json '[.. | objects | select(.src? == "web" and .dst? == "web")] | length' \
	policy cells
is "cells web:web in the dump" "$R" 1
lab dump cell
like "the implicit cell" "$R" '"action": "allow", .*"flags": 2, .*"src": "web"'

works vsegctl policy deny web web
expect web0 web1 udp : web1=cell-deny
expect db0 db1 udp : db1=pass
works vsegctl policy del web web
expect web0 web1 udp : web1=pass

# What is implicit is as specific as a cell can be.
works vsegctl policy deny web any
works vsegctl policy deny any web
works vsegctl policy deny any any
expect web0 web1 udp : web1=pass
expect web0 db0 udp : db0=cell-deny
expect db0 db1 udp : db1=pass

# There is nothing to delete before something was said.
refused 'cell' vsegctl policy del db db
sums
