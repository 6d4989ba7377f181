#!/bin/bash
# The attribute tables of the command say what the spec says.

# shellcheck source=tests/cli/lib.sh
. "${BASH_SOURCE[0]%/*}/lib.sh"

if ! python3 -c 'import yaml' 2>/dev/null; then
	skip "the spec" "no python3-yaml"
	exit
fi
if [[ ! -x ${NL_TEST-} ]]; then
	skip "the spec" "NL_TEST names no nl-test"
	exit
fi
python3 - "$top/Documentation/netlink/specs/vseg.yaml" >"$scratch/spec" <<'END'
import sys, yaml
spec = yaml.safe_load(open(sys.argv[1]))
kinds = {d["name"]: d for d in spec["definitions"]}
for s in spec["attribute-sets"]:
    for n, a in enumerate(s["attributes"], 1):
        words = [s["name"], str(n), a["name"], a["type"]]
        if a["type"] == "nest":
            words.append(a["nested-attributes"])
        if "enum" in a:
            words.append(",".join(e["name"] for e in kinds[a["enum"]]["entries"]))
        print(*words)
END
"$NL_TEST" --schema | sort >"$scratch/ours"
sort -o "$scratch/spec" "$scratch/spec"
check "there is a spec" test -s "$scratch/spec"
check "names, numbers, types and enums" diff "$scratch/spec" "$scratch/ours"
