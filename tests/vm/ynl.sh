# shellcheck shell=bash disable=SC2034,SC2154  # names shared with the other parts
ynl_link() { echo "$cache/ynl/current"; }
