// SPDX-License-Identifier: GPL-2.0
/*
 * Bindings, and the labels that they give to frames.
 */
#include "binding.h"

/**
 * vseg_vids_untagged - the VLAN of frames that leave a port without a tag
 * @vids: VLANs of the port
 *
 * Return: the VLAN; %VSEG_VID_NONE or %VSEG_VID_SEVERAL when there is not just
 * one.
 */
u16 vseg_vids_untagged(const struct vseg_vids *vids)
{
	u16 first = find_first_bit(vids->untagged, VSEG_VIDS);

	if (first >= VSEG_VIDS)
		return VSEG_VID_NONE;
	if (find_next_bit(vids->untagged, VSEG_VIDS, first + 1) < VSEG_VIDS)
		return VSEG_VID_SEVERAL;
	return first;
}

/**
 * vseg_binding_label_several - the label of a frame that left its tag behind
 * @trunk: binding of the trunk port that it enters or leaves by
 * @in: VLANs of the port that it enters by
 * @out: VLANs of the port that it leaves by, untagged in several
 *
 * Which of the VLANs it was can't be told; that matters only if their labels
 * differ.
 *
 * Return: the label; NULL when they differ, or when no VLAN leads from @in to
 * @out.
 */
struct vseg_label *vseg_binding_label_several(const struct vseg_binding *trunk,
					      const struct vseg_vids *in,
					      const struct vseg_vids *out)
{
	struct vseg_label *label = NULL;
	unsigned int vid;

	for_each_set_bit(vid, out->untagged, VSEG_VIDS) {
		if (!test_bit(vid, in->member))
			continue;
		if (!label)
			label = vseg_binding_label(trunk, vid);
		else if (label != vseg_binding_label(trunk, vid))
			return NULL;
	}
	return label;
}
