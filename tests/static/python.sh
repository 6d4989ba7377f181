# shellcheck shell=bash
# Python compiles without a warning and has no name that means nothing.
mapfile -t files < <(tests/static/files python)
status=0
PYTHONPYCACHEPREFIX=$SCRATCH python3 -W error -m py_compile "${files[@]}" || status=1
pyflakes3 "${files[@]}" || status=1
exit $status
