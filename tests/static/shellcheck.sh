# shellcheck shell=bash
# All shell scripts.
mapfile -t files < <(tests/static/files shell)
[[ ${#files[@]} -gt 10 ]] || { echo "found too few scripts"; exit 1; }
exec shellcheck -x "${files[@]}"
