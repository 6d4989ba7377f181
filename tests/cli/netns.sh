#!/bin/bash
# shellcheck disable=SC2319  # verdict takes the status of the condition before it
# -n NETNS goes there before anything is asked.

# shellcheck source=tests/cli/lib.sh
. "${BASH_SOURCE[0]%/*}/lib.sh"

says 1 '"no-such-netns": No such file' -n no-such-netns status
says 1 '"": No such file' -n '' status
says 1 '/no/such/path": No such file' --netns /no/such/path status
says 1 '/proc/self/status": ' -n /proc/self/status status
says 1 '/proc/self/ns/mnt": Invalid argument' -n /proc/self/ns/mnt status

# Seen from outside: it is the namespace that the path names.
if ! command -v strace >/dev/null || ! strace -qq true 2>/dev/null; then
	skip "setns comes before the socket" "no strace"
elif ! unshare --net true 2>/dev/null; then
	skip "setns comes before the socket" "no network namespaces"
else
	unshare --net sleep 60 &
	trap 'kill $!; finish' EXIT
	limit=$((SECONDS + 10))
	until [[ $(readlink "/proc/$!/ns/net") != $(readlink /proc/self/ns/net) ]]
	do
		[[ $SECONDS -lt $limit ]] || break
		sleep 0.05
	done
	strace -qq -e trace=setns,socket -o "$scratch/trace" \
		"$vsegctl" -n "/proc/$!/ns/net" status >/dev/null 2>&1
	read -r first <"$scratch/trace"
	[[ $first == setns*CLONE_NEWNET*'= 0' ]]
	verdict $? "setns comes before the socket" "$(cat "$scratch/trace")"
fi
