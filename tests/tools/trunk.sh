# shellcheck shell=bash
# What the tests of VLANs that change have in common: a trunk port up0 with two
# VLANs of two domains, and a guest g0 that the one of VLAN 10 may reach.

# trunk_host [PORT...]: and these.
trunk_host() {
	lab_up vlan_filtering 1 vlan_default_pvid 0
	taps up0 g0 "$@"
	bridge -batch - <<-'END'
		vlan add dev up0 vid 10
		vlan add dev up0 vid 20
		vlan add dev g0 vid 10 pvid untagged
	END
	lab fdb g0 10
	policy <<-'END'
		bridge add br0
		domain add good
		domain add bad
		domain add guest
		port bind g0 guest
		port bind up0 trunk vlan 10 good vlan 20 bad
		policy allow good guest
	END
	soon 5 vlan_is 10
	expect up0 g0 udp vlan=10 : g0=pass@0
}

# vlan_is VID: vseg knows it as the one that leaves g0 untagged.
vlan_is() {
	lab dump port
	[[ $R == *'"ifname": "g0"'*"\"untagged-vlan\": $1"* ]]
}
