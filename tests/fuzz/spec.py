# SPDX-License-Identifier: GPL-2.0
"""The netlink specification as the fuzzers need it, with its numbers."""

import os

import yaml

FILE = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                    "../../Documentation/netlink/specs/vseg.yaml")


class Spec:
    """Attribute sets and operations by name, each with its number."""

    def __init__(self, path=FILE):
        with open(path, encoding="utf-8") as file:
            self.yaml = yaml.safe_load(file)
        self.consts, self.enums = {}, {}
        for one in self.yaml["definitions"]:
            if one["type"] == "const":
                self.consts[one["name"]] = one["value"]
            else:
                self.enums[one["name"]] = one
        self.sets = {}
        for one in self.yaml["attribute-sets"]:
            attrs = {attr["name"]: dict(attr, number=number)
                     for number, attr in enumerate(one["attributes"], 1)}
            self.sets[one["name"]] = attrs
        self.ops = {op["name"]: dict(op, number=number) for number, op in
                    enumerate(self.yaml["operations"]["list"], 1)}

    def const(self, value):
        """A number, or the constant of that name."""
        return self.consts.get(value, value)

    def top(self, attr):
        """The largest value that an attribute's enum or check allows; of
        flags, all of them.  None without either."""
        if "enum" in attr:
            enum = self.enums[attr["enum"]]
            count = len(enum["entries"])
            return (1 << count) - 1 if enum["type"] == "flags" else count - 1
        return self.const(attr.get("checks", {}).get("max"))

    def reply(self, op, mode="do"):
        """Names of the attributes of an operation's answer, [] for none."""
        if "event" in op:
            return op["event"]["attributes"]
        return op.get(mode, {}).get("reply", {}).get("attributes", [])
