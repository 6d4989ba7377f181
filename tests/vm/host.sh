# shellcheck shell=bash disable=SC2034,SC2154  # names shared with the other parts
# What every verb needs to know of the host: the cache, how to speak, being root.

readonly EXIT_LOG=124    # the kernel log shows trouble
readonly EXIT_VM=125     # the VM panicked, hung past its time limit, or QEMU died
readonly EXIT_HOST=126   # the sandbox could not be set up; the guest never ran

readonly DEFAULT_SUITE=trixie
readonly QEMU_SUITE=trixie   # bookworm's QEMU 7.2 crashes 6.12 guests under TCG

cache=${VSEG_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/vseg}
quiet=

say() {
	[[ $quiet ]] || printf 'vm: %s\n' "$*" >&2
}

die() {
	printf 'vm: %s\n' "$*" >&2
	exit "$EXIT_HOST"
}

# need_root VERB ARGS…: chroot, mount namespaces and mmdebstrap want root.
# Continue as root by sudo, with the caller's cache and proxies.
need_root() {
	[[ $EUID -ne 0 ]] || return 0
	command -v sudo >/dev/null || die "'vm $1' needs root: run it as root or install sudo"
	say "'vm $1' needs root: continuing through sudo"
	mkdir -p "$cache"   # or root would make, and own, the user's ~/.cache
	exec sudo env VSEG_CACHE="$cache" VSEG_ACCEL="${VSEG_ACCEL:-}" \
		VSEG_MIRROR="${VSEG_MIRROR:-}" \
		http_proxy="${http_proxy:-}" https_proxy="${https_proxy:-}" \
		"$here/vm" "$@"
}

# give_back PATH…: hand files made under sudo to the user who asked for them.
give_back() {
	[[ -z ${SUDO_UID:-} ]] || chown -Rh "$SUDO_UID:${SUDO_GID:-$SUDO_UID}" "$@"
}

is_suite() {
	[[ $1 == bookworm || $1 == trixie || $1 == sid ]]
}

need_suite() {
	is_suite "$1" || die "'$1' is no suite: bookworm, trixie or sid"
}

# scrap_on_exit DIR: nothing half-made stays, however this script ends. One
# list for all: a verb that needs several things makes them one after the other.
scraps=()
scrap_on_exit() {
	scraps+=("$1")
	trap scrap EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM HUP
}

scrap() {
	local dir
	for dir in "${scraps[@]}"; do
		rm -rf --one-file-system "$dir"
	done
}

# locked FILE CMD…: run CMD alone among those who name the same lock file.
locked() {
	local file=$1 fd rc=0
	shift
	mkdir -p "$(dirname "$file")"
	exec {fd}>"$file"
	flock -n "$fd" || { say "waiting for another vm to finish ($file)"; flock "$fd"; }
	"$@" || rc=$?
	exec {fd}>&-
	return "$rc"
}
