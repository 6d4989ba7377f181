# shellcheck shell=bash disable=SC2034  # $state is for those who source this
# What the parts of the matrix have in common: a step is a function that ends at
# its first failed command, and becomes one line of KTAP.

state=/var/lib/vseg-matrix   # what one step leaves for the next, in the root

# step NAME FUNCTION ARGS...: lines "detail: ..." of its output are told even
# when it works.
step() {
	local name=$1 out start=$EPOCHREALTIME took status
	shift
	out=$(mktemp /tmp/step.XXXXXX)
	(set -e; "$@") >"$out" 2>&1 </dev/null
	status=$?
	took=$(((${EPOCHREALTIME/./} - ${start/./}) / 100000))
	took="$((took / 10)).$((took % 10)) s"
	sed -n 's/^detail: /# /p' "$out"
	if [[ $status -eq 0 ]]; then
		echo "ok - $name # $took"
	else
		tail -n 100 "$out" | sed 's/^/# /'
		echo "not ok - $name # status $status, $took"
	fi
	rm -f "$out"
	return "$status"
}

detail() {
	echo "detail: $*"
}

# fail TEXT: inside a step.
fail() {
	echo "FAIL $*"
	exit 1
}

# installed_for KERNEL VERSION: as DKMS, depmod and modprobe see it.
installed_for() {
	local kernel=$1 version=$2 file
	dkms status -m vseg -k "$kernel"
	dkms status -m vseg -k "$kernel" | grep -q "^vseg[/,] *$version,.*installed" ||
		fail "dkms doesn't know vseg $version for $kernel"
	file=$(modinfo -k "$kernel" -n vseg)
	[[ $file == /lib/modules/$kernel/updates/dkms/vseg.ko* ]] ||
		fail "for $kernel, vseg is $file"
	[[ $(modinfo -F version "$file") == "$version" ]] ||
		fail "$file is of version $(modinfo -F version "$file")"
	[[ $(modinfo -F vermagic "$file") == "$kernel "* ]] ||
		fail "$file is for $(modinfo -F vermagic "$file")"
	modprobe -S "$kernel" --show-depends vseg | grep -q '/bridge\.ko' ||
		fail "$kernel: modprobe doesn't load bridge first"
}

kernels() {
	ls -v /lib/modules
}
