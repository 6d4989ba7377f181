# shellcheck shell=bash disable=SC2154  # run's names
# One suite from its packages to its clean root.

suite_known() {
	[[ $1 == bookworm || $1 == trixie || $1 == sid || $1 == backports ]]
}

# suite_steps SUITE: what a whole run tells of.
suite_steps() {
	echo "build the packages"
	sed -n 's/^.*step "\([^"]*\)".*/\1/p' "$here/inside.sh" "$here/guest.sh"
	echo "the kernel's log is clean"
	[[ $1 == backports ]] || echo "make dkms-install, make uninstall"
	[[ $1 != trixie ]] || echo "lintian"
}

# suite_run SUITE: in order; one line a step, also for those not reached.
suite_run() {
	local name=$1 line told=() step selftests_done=0
	exec 8>"$cache/matrix/$name.lock"
	flock 8
	suite_parts "$name" 2>&1 8>&- | tee "$logs/$name.log" | {
		while IFS= read -r line; do
			case $line in
			"ok - "* | "not ok - "*)
				tell "${line%% - *}" "$name: ${line#* - }"
				line=${line#* - }
				told+=("${line%% # *}")
				;;
			"# "*) echo "# $name: ${line#??}" ;;
			"selftest: "*) suite_selftest "${line#*: }" ;;
			esac
		done
		while IFS= read -r step; do
			[[ $'\n'$(printf '%s\n' "${told[@]}")$'\n' == *$'\n'"$step"$'\n'* ]] ||
				tell "not ok" "$name: $step # not reached; $logs/$name.log"
		done < <(suite_steps "$name")
	}
}

# Of the selftests, a word now and then, and what failed.
suite_selftest() {
	case $1 in
	"ok "*)
		selftests_done=$((selftests_done + 1))
		[[ $((selftests_done % 20)) -ne 0 ]] || echo "# $name: $selftests_done selftests"
		;;
	"not ok "* | "# "* | "Bail out"* | *" passed, "*) echo "# $name: $1" ;;
	esac
}

# suite_parts SUITE: the steps as they come, and all that is said beside.
suite_parts() {
	local name=$1 suite=$1 root=$cache/matrix/$1 release=()
	if [[ $name == backports ]]; then
		suite=trixie release=(trixie-backports)
	fi
	# shellcheck source=tests/matrix/step.sh
	. "$here/step.sh"
	[[ $keep ]] || trap 'suite_clean "$root"' EXIT
	suite_clean "$root"

	step "build the packages" suite_packages "$suite" "$root" || return
	suite_inside begin "${release[@]}" || return
	suite_inside install || return
	suite_inside kernel || return
	suite_boot
	suite_inside update || return
	suite_inside remove || return
	[[ $name == backports ]] ||
		step "make dkms-install, make uninstall" \
			"$vm" chroot --suite "$suite" -- tests/install/dkms.sh
	[[ $name != trixie ]] ||
		step "lintian" "$vm" chroot --suite "$suite" -- tests/matrix/lint.sh
}

# suite_packages SUITE ROOT: a root of their own, with the packages in it.
suite_packages() {
	local from
	from=$("$vm" root "$1")
	flock -s "$from/etc/debian_version" cp -a "$from" "$2"
	mkdir -p "$2$state"
	"$vm" deb --suite "$1" "$2$state/debs"
}

suite_inside() {
	"$vm" chroot --root "$root" -- tests/matrix/inside.sh "$@"
}

# suite_boot: the kernel that the upgrade brought, with the module as installed.
suite_boot() {
	local start=$SECONDS status=0
	"$vm" run --quiet --root "$root" --kver "$(cat "$root$state/new")" \
		--smp "$smp" --mem 768 --timeout $((2400 * ${SLOW:-1})) \
		--kmsg "$logs/kernel-$name" -- \
		env SLOW="${SLOW:-1}" tests/matrix/guest.sh "${selftests[@]}" || status=$?
	step "the kernel's log is clean" suite_vm_status "$status"
	echo "# the VM ran for $((SECONDS - start)) s"
}

# A step that failed has said so itself.
suite_vm_status() {
	case $1 in
	124) fail "there is trouble in it" ;;
	125) fail "the VM died" ;;
	[01]) ;;
	*) fail "vm run ended with status $1" ;;
	esac
}

suite_clean() {
	rm -rf --one-file-system "$1" "$1.boot"
}
