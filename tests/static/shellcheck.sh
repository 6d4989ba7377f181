# shellcheck shell=bash
# All shell scripts.
mapfile -t files < <(tests/static/files shell)
[[ ${#files[@]} -gt 10 ]] || { echo "found too few scripts"; exit 1; }
printf '%s\n' "${files[@]}" | xargs -n 8 -P "$(nproc)" shellcheck -x
