#!/bin/bash
# The hooks of routing are there while a policy has a mark mask, and go with it under traffic; a bad mask is refused.
# kernels: one
# shellcheck source=lib.sh
. "${0%/*}/../lib.sh"

lab_up
taps web0
ip address add 10.0.0.254/24 dev br0
standard <<'END'
policy set guard off
port bind web0 web
END

# ours: how many functions of ours the IP families have.
ours() {
	local family n=0
	for family in ip ip6; do
		n=$((n + $(nft list hooks "$family" | grep -c 'vseg_route' || :)))
	done
	echo "$n"
}
is "hooks without a mask" "$(ours)" 0

# What is no mask, and too small a one: nothing changes.
lab state save before
fails vsegctl policy set mark-mask 0xff00ff
script <<'END'
import check
import vsegnl

genl = vsegnl.Genl()
for mask in 0xff00ff, 0x80000001, 0x5:
    check.refused(genl, "EINVAL", "settings-set", "must be in one piece",
                  "mark-mask", mark_mask=mask)
check.done()
END
refused 'too few bits' vsegctl policy set mark-mask 0x3
# Slots 0 to 5 take six values, and 0 is none.
refused 'too few bits' vsegctl policy set mark-mask 0x4
untouched before
is "hooks of refused masks" "$(ours)" 0
works vsegctl policy set mark-mask 0x70000000
is "hooks with a mask" "$(ours)" 16
counts $((0x70000000)) settings mark-mask
refused 'too few bits' vsegctl -b - <<'END'
domain add one
domain add two
END
works vsegctl policy set mark-mask 0xffffffff
is "hooks with another mask" "$(ours)" 16
works vsegctl policy set mark-mask 0
is "hooks without the mask again" "$(ours)" 0

# Coming and going under traffic: nothing is answered that isn't allowed.
lab flow ask web0 host udp gap=200
for ((turn = 0; turn < 10; turn++)); do
	printf -v mask '0x%x' $((0xff << turn))
	works vsegctl policy set mark-mask "$mask"
	works vsegctl policy set mark-mask 0
done
works vsegctl policy set mark-mask 0xff
lab progress ask 100
works vsegctl off
is "hooks when it is off" "$(ours)" 0
lab progress ask 50
lab stop
soon 20 file_is /sys/module/vseg/refcnt 0
works rmmod vseg
module_load

# A namespace that dies takes them along.
for ((turn = 0; turn < 3; turn++)); do
	ip netns add hv2
	ip -n hv2 link add br0 type bridge
	vsegctl -n hv2 -b - <<-'END'
		bridge add br0
		domain add web
		policy set mark-mask 0xff0
	END
	ip netns del hv2
	soon 20 file_is /sys/module/vseg/refcnt 0
done
