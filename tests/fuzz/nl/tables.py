#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""The netlink specification as tables in C, on standard output."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                ".."))
import spec  # pylint: disable=wrong-import-position

# What an attribute stands for, where the type doesn't tell: by its name, or
# by the names of its set and its own.
ROLES = {"cookie": "COOKIE", "ifname": "PORT", "ifindex": "PORT_INDEX",
         "in-ifname": "PORT", "out-ifname": "PORT",
         "src": "DOMAIN", "dst": "DOMAIN", "domain": "DOMAIN",
         ("domain", "name"): "DOMAIN", ("bridge", "name"): "BRIDGE",
         ("zone", "bridge"): "BRIDGE", ("zone", "peer"): "DOMAIN"}


def ident(name):
    """A name as C takes it."""
    return name.replace("-", "_")


def attribute(known, which, name, attr):
    """One attribute's initializer."""
    checks = attr.get("checks", {})
    fields = [f'.name = "{name}"', f".kind = KIND_{attr['type'].upper()}"]
    role = ROLES.get((which, name)) or ROLES.get(name)
    if role:
        fields.append(f".role = ROLE_{role}")
    if "nested-attributes" in attr:
        fields.append(f".nest = &set_{ident(attr['nested-attributes'])}")
    if attr.get("multi-attr"):
        fields.append(".multi = true")
    if "enum" in attr:
        fields.append(".is_enum = true")
        if known.enums[attr["enum"]]["type"] == "flags":
            fields.append(".is_flags = true")
    top = known.top(attr)
    if top is not None:
        fields.append(f".has_max = true, .max = {top}u")
    if "min" in checks:
        fields.append(f".min = {known.const(checks['min'])}u")
    if "max-len" in checks:
        fields.append(f".max_len = {known.const(checks['max-len'])}")
    if "exact-len" in checks:
        fields.append(f".exact_len = {known.const(checks['exact-len'])}")
    return f"\t[{attr['number']}] = {{ {', '.join(fields)} }},"


def attribute_set(known, name, attrs):
    """One attribute set's tables."""
    lines = [f"static const struct attr attrs_{ident(name)}[] = {{"]
    lines += [attribute(known, name, *item) for item in attrs.items()]
    lines += ["};", "", f"static const struct set set_{ident(name)} = {{",
              f'\t.name = "{name}",',
              f"\t.n = {len(attrs) + 1},",
              f"\t.attr = attrs_{ident(name)},", "};", ""]
    return lines


def mask(attrs, names):
    """The attributes of these names, a bit each."""
    return f"{sum(1 << attrs[name]['number'] for name in names):#x}ull"


def operation(known, name, op):
    """One operation's initializer."""
    attrs = known.sets[op["attribute-set"]]
    fields = [f'.name = "{name}"', f".cmd = {op['number']}",
              f".set = &set_{ident(op['attribute-set'])}"]
    if "admin-perm" in op.get("flags", []):
        fields.append(".admin = true")
    for mode in ("do", "dump", "event"):
        if mode in op:
            fields.append(f".has_{mode} = true")
    asks = op.get("do", {}).get("request", {}).get("attributes", [])
    fields.append(f".request = {mask(attrs, asks)}")
    fields.append(f".reply = {mask(attrs, known.reply(op))}")
    fields.append(f".dump_reply = {mask(attrs, known.reply(op, 'dump'))}")
    lines = ",\n\t\t".join(fields)
    return f"\t[{op['number']}] = {{\n\t\t{lines},\n\t}},"


def main():
    """Everything, nested sets before those that nest them."""
    known = spec.Spec()
    print("/* SPDX-License-Identifier: GPL-2.0 */")
    print("/* Made by tables.py from the netlink specification. */\n")
    left = dict(known.sets)
    while left:
        for name, attrs in list(left.items()):
            if not any(attr.get("nested-attributes") in left
                       for attr in attrs.values()):
                print("\n".join(attribute_set(known, name, left.pop(name))))
    print("const struct op ops[] = {")
    for item in known.ops.items():
        print(operation(known, *item))
    print("};\n")
    print(f"const unsigned int nops = {len(known.ops) + 1};")


main()
