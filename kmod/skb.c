// SPDX-License-Identifier: GPL-2.0
/*
 * What a frame is to the bridge that it crosses.
 *
 * None of this runs for a frame between guest ports that a plain cell allows.
 */
#include <linux/etherdevice.h>
#include <linux/if_bridge.h>
#include <linux/if_vlan.h>

#include "class.h"
#include "frame.h"
#include "port.h"
#include "skb.h"

/* The outer tag of a frame, beside it or in it; 0 without one. */
static u16 vseg_skb_tag(const struct sk_buff *skb)
{
	const struct vlan_ethhdr *veth;
	struct vlan_ethhdr buf;

	if (skb_vlan_tag_present(skb))
		return skb_vlan_tag_get_id(skb);
	if (!eth_type_vlan(eth_hdr(skb)->h_proto))
		return 0;
	veth = skb_header_pointer(skb, skb_mac_offset(skb), sizeof(buf), &buf);
	return veth ? ntohs(veth->h_vlan_TCI) & VLAN_VID_MASK : 0;
}

/* All protocols that some switch takes for a tag. */
static bool vseg_is_tag(__be16 proto)
{
	switch (proto) {
	case htons(ETH_P_8021Q):
	case htons(ETH_P_8021AD):
	case htons(ETH_P_QINQ1):
	case htons(ETH_P_QINQ2):
	case htons(ETH_P_QINQ3):
		return true;
	}
	return false;
}

/**
 * vseg_skb_tag_follows - is there a tag in what the bridge takes for untagged?
 * @skb: frame
 * @bridge: bridge that it crosses
 *
 * A switch behind the port would look at it.  A socket of the host may lie in
 * skb->protocol, so the bytes are asked as well.
 *
 * Return: whether there is, or may be.
 */
bool vseg_skb_tag_follows(const struct sk_buff *skb,
			  const struct net_device *bridge)
{
	__be16 proto = eth_hdr(skb)->h_proto;
	const struct vlan_ethhdr *veth;
	struct vlan_ethhdr buf;

	if (!vseg_is_tag(proto))
		return vseg_is_tag(skb->protocol);
	if (br_vlan_enabled(bridge) || skb_vlan_tag_present(skb) ||
	    !eth_type_vlan(proto))
		return true;
	/* A priority tag in the frame is no tag; one behind it is. */
	veth = skb_header_pointer(skb, skb_mac_offset(skb), sizeof(buf), &buf);
	return !veth || vseg_is_tag(veth->h_vlan_encapsulated_proto);
}

/**
 * vseg_skb_vid - the VLAN of a frame, which is the bridge's VLAN
 * @skb: frame
 * @bridge: bridge that it crosses
 *
 * On a filtering bridge that is the tag of the bridge's protocol; elsewhere it
 * is the frame's own tag, and 0 without one.
 *
 * Return: VLAN id; %VSEG_VID_NONE on a filtering bridge without such a tag,
 * where vseg_vlan_label() knows more.
 */
u16 vseg_skb_vid(const struct sk_buff *skb, const struct net_device *bridge)
{
	u16 proto;

	if (!br_vlan_enabled(bridge))
		return vseg_skb_tag(skb);
	/* The bridge has moved its own tags beside the frame. */
	if (!skb_vlan_tag_present(skb) || br_vlan_get_proto(bridge, &proto) ||
	    skb->vlan_proto != htons(proto) || !skb_vlan_tag_get_id(skb))
		return VSEG_VID_NONE;
	return skb_vlan_tag_get_id(skb);
}

/**
 * vseg_skb_port - the port by which a bridge reaches a station
 * @mac: its address
 * @bridge: bridge
 * @vid: its VLAN; 0 where it has none
 *
 * Context: RCU read-side section.
 * Return: the port that the forwarding table has; NULL without one.
 */
const struct net_device *vseg_skb_port(const u8 *mac,
				       const struct net_device *bridge, u16 vid)
{
	struct net_device_path_ctx ctx = { .dev = bridge };
	struct net_device_path path = {};
	u16 proto;

	if (!bridge->netdev_ops->ndo_fill_forward_path)
		return NULL;
	ether_addr_copy(ctx.daddr, mac);
	if (vid && !br_vlan_get_proto(bridge, &proto)) {
		ctx.vlan[0].id = vid;
		ctx.vlan[0].proto = htons(proto);
		ctx.num_vlans = 1;
	}
	if (bridge->netdev_ops->ndo_fill_forward_path(&ctx, &path))
		return NULL;
	return ctx.dev;
}

/**
 * vseg_skb_known - does the forwarding table send a frame to one port alone?
 * @skb: unicast frame
 * @bridge: bridge that it crosses
 * @out: the port
 * @vid: its VLAN; 0 where it has none
 *
 * Context: RCU read-side section.
 * Return: whether it does; else the copy for this port is one of a flood.
 */
bool vseg_skb_known(const struct sk_buff *skb, const struct net_device *bridge,
		    const struct net_device *out, u16 vid)
{
	if (!bridge->netdev_ops->ndo_fill_forward_path)
		return true;
	return vseg_skb_port(eth_hdr(skb)->h_dest, bridge, vid) == out;
}

/**
 * vseg_skb_bytes - the first bytes of a frame, from its Ethernet header on
 * @skb: frame
 * @buf: room for those that don't lie in one piece
 * @size: bytes of @buf
 * @avail: result: bytes readable, @size or more of a longer frame
 *
 * Return: where they are; NULL if that can't be told.
 */
const u8 *vseg_skb_bytes(const struct sk_buff *skb, u8 *buf, unsigned int size,
			 unsigned int *avail)
{
	unsigned int len = vseg_skb_len(skb);
	unsigned int linear = len - skb->data_len;

	/* All that is linear, or what fits into the buffer. */
	*avail = min(len, max(linear, size));
	if (likely(*avail <= linear))
		return skb_mac_header(skb);
	return skb_header_pointer(skb, skb_mac_offset(skb), *avail, buf);
}

/* Messages of services are longer than what a stack has room for. */
struct vseg_skb_room {
	u8 bytes[VSEG_CLASS_BYTES_MAX];
};

static DEFINE_PER_CPU(struct vseg_skb_room, vseg_skb_room);

/* All of a frame that doesn't lie in one piece.  The room is this CPU's until
 * bottom halves may run, which is where all other frames come from.
 */
static u8 vseg_skb_class_all(const struct sk_buff *skb, unsigned int len)
{
	u8 class = VSEG_CLASS_OTHER, *bytes;

	local_bh_disable();
	bytes = this_cpu_ptr(&vseg_skb_room)->bytes;
	if (!skb_copy_bits(skb, skb_mac_offset(skb), bytes, len))
		class = vseg_class_of(bytes, len, len);
	local_bh_enable();
	return class;
}

/**
 * vseg_skb_class - which built-in pass or service could know a frame
 * @skb: frame
 *
 * Return: enum vseg_class.
 */
u8 vseg_skb_class(const struct sk_buff *skb)
{
	u8 buf[VSEG_CLASS_BYTES];
	unsigned int len = vseg_skb_len(skb), avail;
	const u8 *data = vseg_skb_bytes(skb, buf, sizeof(buf), &avail);

	if (!data || len > VSEG_CLASS_BYTES_MAX)
		return VSEG_CLASS_OTHER;
	if (avail < len && vseg_class_wants(data, avail))
		return vseg_skb_class_all(skb, len);
	return vseg_class_of(data, avail, len);
}

/**
 * vseg_skb_describe - what a frame says of itself
 * @skb: frame
 * @vid: VLAN of the bridge; %VSEG_VID_NONE when it can't be told
 * @fields: what it says
 */
void vseg_skb_describe(const struct sk_buff *skb, u16 vid,
		       struct vseg_fields *fields)
{
	u8 buf[VSEG_FRAME_BYTES];
	unsigned int avail;
	const u8 *data = vseg_skb_bytes(skb, buf, sizeof(buf), &avail);

	/* Without bytes nothing is known. */
	vseg_frame_describe(data, data ? avail : 0, vseg_skb_len(skb), vid,
			    fields);
	if (vid == VSEG_VID_NONE) {
		fields->known &= ~VSEG_FIELD(VLAN);
		fields->unknown |= VSEG_FIELD(VLAN);
	}
}
