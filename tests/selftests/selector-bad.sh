#!/bin/bash
# What no selector can be is refused, in words, and changes nothing.
# kernels: one
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

hv_up
lab_start
policy <<'END'
bridge add br0
domain add web
selector add name a0 web
END
lab state save before
refused 'such a selector already' vsegctl selector add name a0 web
refused 'no domain of this name' vsegctl selector add name b0 db
refused 'reserved domain' vsegctl selector add name b0 host
refused 'name that an interface can have' vsegctl selector add name a/b web
refused 'not a pattern' vsegctl selector add glob 'a\*' web
refused 'not a pattern' vsegctl selector add glob 'a[0-9' web
refused 'not a pattern' vsegctl selector add glob 'a[^0]' web
refused 'empty alias' vsegctl selector add alias '' web
refused 'no such selector' vsegctl selector del name b0
refused 'no such selector' vsegctl selector del glob a0
refused 'selectors name this domain' vsegctl domain del web
refused 'not a pattern' vsegctl bridge add 'br[0'
untouched before

script <<'END'
from vsegnl import *
genl = Genl()
def refused(errno, text, *attrs, command="selector-add"):
    try:
        genl.call(command, list(attrs))
    except Refused as why:
        if why.errno != errno or text not in why.msg:
            raise Failed(f"{why.errno} {why.msg}, expected {errno} {text}")
    else:
        raise Failed(f"taken, expected {text}")
S = SETS["selector"]
name = attr(S["pattern"], "x0")
kind = lambda n: attr(S["type"], u32(ENUMS["selector-type"][n]))
web = attr(S["domain"], "web")
refused(22, "type of the selector missing", name, web)
refused(22, "what the selector looks for is missing", kind("name"), web)
refused(22, "doesn't look at that", kind("mac"), name, web)
refused(22, "doesn't look at that", kind("name"), name, web,
        attr(S["group"], u32(3)))
refused(34, "", kind("group"), attr(S["group"], u32(0)), web)
refused(22, "domain of the guest port missing", kind("name"), name)
refused(22, "only a trunk port has a VLAN map", kind("name"), name, web,
        attr(S["vlan"], [attr(1, u32(1)), attr(3, "web")]))
refused(95, "guest or trunk", kind("name"), name, web,
        attr(S["kind"], u32(ENUMS["port-kind"]["host"])))
refused(22, "given twice", kind("name"), name, name, web)
END
untouched before

# A table that is full refuses the newcomer.
for ((i = 0; i < 4096; i++)); do
	echo "selector add glob g$i* web"
done | vsegctl -b -
refused 'too many patterns' vsegctl selector add glob 'one-more*' web
counts 4097 status selectors
