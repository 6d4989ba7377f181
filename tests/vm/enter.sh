# shellcheck shell=bash disable=SC2034,SC2154  # names shared with the other parts
# Running something inside a suite's root without leaving a trace on the host:
# private mount and pid namespaces, and a root whose changes live in memory.
# When the first process inside ends, or this script dies of whatever signal,
# the kernel kills all the others and drops the mounts.

# enter ROOT [SOURCE:TARGET[:ro]]… -- CMD ARGS…
# With a + before ROOT, changes stay in it.
enter() {
	mkdir -p "$cache/root/mnt"
	# setpriv: unshare dies with this shell; --kill-child: all the rest with unshare.
	setpriv --pdeathsig KILL \
		unshare --mount --pid --fork --kill-child -- \
		bash -euc "$(declare -f enter_inner); enter_inner \"\$@\"" enter "$cache/root/mnt" "$@"
}

# The same in the background; $entered is the process to wait for and to kill.
# (In a plain "enter … &" a subshell would stand between, and outlive us.)
enter_background() {
	mkdir -p "$cache/root/mnt"
	setpriv --pdeathsig KILL \
		unshare --mount --pid --fork --kill-child -- \
		bash -euc "$(declare -f enter_inner); enter_inner \"\$@\"" enter "$cache/root/mnt" "$@" &
	entered=$!
}

enter_inner() {
	local scratch=$1 lower=$2 root=$1/root source target flag
	shift 2

	mount -t tmpfs -o mode=0755 tmpfs "$scratch"
	mkdir "$scratch/upper" "$scratch/work" "$root"
	if [[ $lower == +* ]]; then
		mount --bind "${lower#+}" "$root"
	else
		mount -t overlay -o "lowerdir=$lower,upperdir=$scratch/upper,workdir=$scratch/work" overlay "$root"
	fi
	mount -t proc proc "$root/proc"
	mount --rbind /dev "$root/dev"
	mount -t tmpfs tmpfs "$root/tmp"
	mount -t tmpfs tmpfs "$root/run"
	cp -L /etc/resolv.conf "$root/etc/resolv.conf" 2>/dev/null || :

	while [[ $1 != -- ]]; do
		IFS=: read -r source target flag <<<"$1"
		mkdir -p "$root$target"
		mount --bind "$source" "$root$target"
		[[ $flag != ro ]] || mount -o remount,bind,ro "$root$target"
		shift
	done
	shift

	exec chroot "$root" env -i HOME=/root LANG=C.UTF-8 TERM="${TERM:-dumb}" \
		PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
		http_proxy="${http_proxy:-}" https_proxy="${https_proxy:-}" "$@"
}

# vm chroot: the root's compiler, dkms and tools, for what needs no boot.
vm_chroot() {
	local suite=$DEFAULT_SUITE root='' args=("$@")
	while [[ $# -gt 0 ]]; do
		case $1 in
		--suite) suite=${2:?}; shift ;;
		--root) root=$(readlink -e "${2:?}") || die "chroot: no directory $2"; shift ;;
		--) shift; break ;;
		*) break ;;
		esac
		shift
	done
	[[ $# -gt 0 ]] || die "usage: vm chroot [--suite S | --root DIR] -- CMD ARGS…"
	need_suite "$suite"
	need_root chroot "${args[@]}"
	if [[ $root ]]; then
		root=+$root
	else
		root_hold "$suite"
		root=$held_root
	fi
	tree_prepare "$suite"
	mapfile -t binds < <(ynl_bind /ynl)
	enter "$root" "$(tree_of "$suite"):/vseg:ro" "${binds[@]}" -- \
		bash -c 'cd /vseg && exec "$@"' chroot "$@"
}
