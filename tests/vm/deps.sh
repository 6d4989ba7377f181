# shellcheck shell=bash disable=SC2034,SC2154  # names shared with the other parts
# What the host itself needs. Compilers, QEMU and test tools live in the roots.

# command → package
declare -A host_tools=(
	[mmdebstrap]=mmdebstrap
	[gpgv]=gpgv
	[make]=make
	[git]=git
	[tar]=tar
	[xz]=xz-utils
	[unshare]=util-linux
	[setpriv]=util-linux
	[mount]=mount
)

missing_packages() {
	local tool
	{
		for tool in "${!host_tools[@]}"; do
			command -v "$tool" >/dev/null || echo "${host_tools[$tool]}"
		done
		[[ -e $keyring ]] || echo debian-archive-keyring
	} | sort -u
}

need_deps() {
	[[ -z $(missing_packages) ]] || die "this host lacks $(missing_packages | paste -sd' '): run 'tests/vm/vm deps'"
}

vm_deps() {
	local missing
	mapfile -t missing < <(missing_packages)
	[[ ${#missing[@]} -gt 0 ]] || return 0
	need_root deps
	say "installing ${missing[*]}"
	apt-get update -q >&2
	DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}" >&2
}
