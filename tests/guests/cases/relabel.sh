# shellcheck shell=bash disable=SC2154
# A port that gets another domain reaches that domain's guests, and its old ones no more.
reaches web1 "${ip4[db1]}"
misses web1 "${ip4[pay2]}"
vsegctl port bind vnet0 payroll
capture db1
reaches web1 "${ip4[pay2]}"
reaches web1 "${ip4[pay1]}"
reaches web1 "${ip6[pay1]}"
knows web1 db1
reads pair payroll db packets
before=$R
misses web1 "${ip4[db1]}"
captured db1
unseen db1 web1 pay1
reads pair payroll db packets
is "frames that web1 sent as payroll" "$((R - before))" 2
vsegctl port bind vnet0 web
reaches web1 "${ip4[db1]}"
misses web1 "${ip4[pay1]}"
