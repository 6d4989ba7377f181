// SPDX-License-Identifier: GPL-2.0
/*
 * The VLAN of a copy on its way, and the labels that it gives at a trunk port.
 */
#include <linux/if_bridge.h>
#include <linux/if_vlan.h>

#include "vlan.h"
#include "way_private.h"

/*
 * The VLAN that a tag tells; %VSEG_VID_NONE without one.  What comes to the host
 * before the bridge puts it into a VLAN (link-local frames, which the port keeps)
 * is of the VLAN that it would be put into, 0 if there is none.
 */
static u16 vseg_way_tagged(const struct vseg_way *way)
{
	const struct net_device *bridge = way->src->port->bridge->dev;
	u16 vid = vseg_skb_vid(way->skb, bridge);

	if (vid != VSEG_VID_NONE || way->hook != VSEG_HOOK_LOCAL_IN ||
	    way->skb->dev == bridge)
		return vid;
	return br_vlan_get_pvid_rcu(way->state->in, &vid) ? 0 : vid;
}

/**
 * vseg_port_vid - the VLAN of a copy, for who wants to hear of it
 * @out: port that it leaves by
 * @vid: VLAN that its tag tells; %VSEG_VID_NONE without one
 *
 * Off the path of the decision, so a guess will do where the tag is off: the
 * VLAN in which untagged frames enter at the port that this one leaves by.
 *
 * Return: VLAN id; 0 without one.
 */
u16 vseg_port_vid(const struct vseg_port *out, u16 vid)
{
	if (vid != VSEG_VID_NONE)
		return vid;
	vid = READ_ONCE(out->untagged);
	if (vid < VSEG_VIDS || !br_vlan_get_pvid_rcu(out->dev, &vid))
		return vid;
	return 0;
}

/**
 * vseg_way_vid - likewise, of a copy on its way
 * @way: copy
 *
 * Return: VLAN id; 0 without one.
 */
u16 vseg_way_vid(const struct vseg_way *way)
{
	return vseg_port_vid(way->dst->port, vseg_way_tagged(way));
}

/**
 * vseg_way_vlan - the VLAN that rules are asked about
 * @way: copy
 *
 * Unlike vseg_way_vid() no guess.
 *
 * Return: VLAN id, or %VSEG_VID_NONE where it can't be told.
 */
u16 vseg_way_vlan(const struct vseg_way *way)
{
	const struct net_device *bridge = way->dst->port->bridge->dev;
	const struct net_device *in = way->state->in;
	u16 vid;

	/* A device upon the bridge took the tag off. */
	if (vseg_way_handed_over(way) && in != bridge)
		return is_vlan_dev(in) &&
		       dev_get_iflink(in) == bridge->ifindex ?
		       vlan_dev_vlan_id(in) : VSEG_VID_NONE;
	vid = vseg_way_tagged(way);
	return vid == VSEG_VID_NONE ? vseg_vlan_untagged(way->dst->port) : vid;
}

/**
 * vseg_trunk_labels - take the labels that its VLAN gives a copy
 * @way: copy; a trunk port is at one end
 *
 * Return: false when they can't be told.
 */
bool vseg_trunk_labels(struct vseg_way *way)
{
	const struct vseg_port *in = way->src->port, *out = way->dst->port;
	u16 vid = vseg_way_tagged(way);
	struct vseg_label *label;

	if (way->src->vlan) {
		label = vseg_vlan_label(way->src, in, out, vid);
		if (!label)
			return false;
		way->src_label = label;
		way->from = label->domain;
	}
	if (way->dst->vlan) {
		/* Untagged for the bridge, tagged for who comes behind. */
		if ((vid == VSEG_VID_NONE || !vid) &&
		    vseg_skb_tag_follows(way->skb, in->bridge->dev))
			return false;
		label = vseg_vlan_label(way->dst, in, out, vid);
		if (!label)
			return false;
		way->dst_label = label;
		way->to = label->domain;
	}
	return true;
}
