#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Does a JSON schema take the YAML on standard input?

usage: schema.py SCHEMA
"""

import json
import sys

import jsonschema
import yaml


def keys_as_text(node):
    """JSON has no other keys."""
    if isinstance(node, dict):
        return {str(key): keys_as_text(node[key]) for key in node}
    if isinstance(node, list):
        return [keys_as_text(item) for item in node]
    return node


def main():
    """Ends with 1, and what the schema says, when it doesn't."""
    with open(sys.argv[1], encoding="utf-8") as file:
        schema = json.load(file)
    jsonschema.Draft7Validator.check_schema(schema)
    try:
        jsonschema.validate(keys_as_text(yaml.safe_load(sys.stdin)), schema)
    except jsonschema.ValidationError as error:
        print(error.message)
        sys.exit(1)


main()
