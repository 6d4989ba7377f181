/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a frame is to the bridge that it crosses.
 */
#ifndef VSEG_SKB_H
#define VSEG_SKB_H

#include <linux/netfilter.h>
#include <linux/skbuff.h>

#include "frame.h"

/**
 * vseg_skb_len - length of a frame with its Ethernet header
 * @skb: frame
 *
 * The bridge hands most frames on without the header, but its own BPDUs with
 * it.
 *
 * Return: bytes.
 */
static inline unsigned int vseg_skb_len(const struct sk_buff *skb)
{
	return skb->len - skb_mac_offset(skb);
}

/**
 * vseg_skb_own - did the bridge itself make the frame?
 * @state: of the hook that it meets
 *
 * Whatever anybody sends through the bridge device is on its way to
 * br_forward_finish(), the bridge's own BPDUs and queries are not.  Nothing in
 * the frame could tell: a flooded clone has no socket, whoever sent it.
 *
 * Return: whether it did.
 */
static inline bool vseg_skb_own(const struct nf_hook_state *state)
{
	return !state->in && state->okfn != br_forward_finish;
}

const u8 *vseg_skb_bytes(const struct sk_buff *skb, u8 *buf, unsigned int size,
			 unsigned int *avail);
u8 vseg_skb_class(const struct sk_buff *skb);
void vseg_skb_describe(const struct sk_buff *skb, u16 vid,
		       struct vseg_fields *fields);
u16 vseg_skb_vid(const struct sk_buff *skb, const struct net_device *bridge);
bool vseg_skb_tag_follows(const struct sk_buff *skb,
			  const struct net_device *bridge);
const struct net_device *vseg_skb_port(const u8 *mac,
				       const struct net_device *bridge, u16 vid);
bool vseg_skb_known(const struct sk_buff *skb, const struct net_device *bridge,
		    const struct net_device *out, u16 vid);

#endif /* VSEG_SKB_H */
