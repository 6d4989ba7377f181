# shellcheck shell=bash
# JSON and YAML is well-formed, and no key stands twice in a mapping.
mapfile -t files < <(tests/static/files data)
exec python3 - "${files[@]}" <<'END'
import json, sys, yaml

def once(pairs):
    seen = {}
    for key, value in pairs:
        if key in seen:
            raise ValueError("%s stands twice" % key)
        seen[key] = value
    return seen

class Loader(yaml.CSafeLoader):
    def construct_mapping(self, node, deep=False):
        return once((self.construct_object(key, deep), self.construct_object(value, deep))
                    for key, value in node.value)

status = 0
for name in sys.argv[1:]:
    try:
        with open(name) as file:
            if name.endswith(".json"):
                json.load(file, object_pairs_hook=once)
            else:
                list(yaml.load_all(file, Loader))
    except ValueError as error:
        print("%s: %s" % (name, error))
        status = 1
    except yaml.YAMLError as error:
        print("%s: %s" % (name, error))
        status = 1
sys.exit(status)
END
