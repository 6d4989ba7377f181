# shellcheck shell=bash disable=SC2034,SC2154  # names shared with the other parts
# The Debian archive that this host already uses. Its other suites stand beside
# the host's own, so that one address serves them all.

# Third-party sources are told from Debian's by what their signed Release file
# says; security and debports archives carry other labels.
apt_site() {
	# shellcheck disable=SC2016  # apt's own variables
	apt-get indextargets --format '$(ORIGIN)|$(LABEL)|$(COMPONENT)|$(SITE)' \
		'Identifier: Packages' 2>/dev/null |
		awk -F'|' '$1 == "Debian" && $2 == "Debian" && $3 == "main" && $4 !~ /^cdrom:/ { print $4; exit }'
}

mirror() {
	local site=${VSEG_MIRROR:-}
	[[ $site ]] || site=$(apt_site)
	if [[ -z $site ]]; then   # a fresh host has no package lists yet
		say "asking apt for its package lists"
		apt-get update >&2 || die "apt-get update failed"
		site=$(apt_site)
	fi
	[[ $site ]] || die "apt knows no Debian archive; name one in VSEG_MIRROR"
	# Cloud images name a list of mirrors instead of one.
	if [[ $site == mirror+file:* ]]; then
		site=$(awk '!/^#/ && NF { print $1; exit }' "${site#mirror+file:}")
		[[ $site ]] || die "apt's list of mirrors is empty"
	fi
	printf '%s\n' "${site%/}"
}

# Any recent keyring verifies all three suites. The name must hold inside the
# root too, for apt there: bookworm's and trixie's packages both have it.
readonly keyring=/usr/share/keyrings/debian-archive-keyring.gpg

# debstrap SUITE DIR ARGS…: mmdebstrap as every caller here wants it.
debstrap() {
	local suite=$1 dir=$2 site proxy http_proxy_apt=
	shift 2
	site=$(mirror)
	# mmdebstrap leaves the host's apt configuration out, proxy included.
	eval "$(apt-config shell http_proxy_apt Acquire::http::Proxy)"
	proxy=${http_proxy_apt:+Acquire::http::Proxy \"$http_proxy_apt\"}
	# A sandbox may be built from a mirror that has stood still for a while.
	mmdebstrap --mode=root \
		--aptopt='Acquire::Check-Valid-Until "false"' \
		--aptopt='Acquire::Retries "3"' \
		${proxy:+--aptopt="$proxy"} \
		"$@" "$suite" "$dir" "deb [signed-by=$keyring] $site $suite main"
}
