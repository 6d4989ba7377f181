// SPDX-License-Identifier: GPL-2.0
/*
 * What the forwarding table of a bridge knows: whether it sends a frame to one
 * port, or whether the copy for this port is one of a flood.
 *
 * A dropped copy of a unicast frame has to be asked about, and to ask costs as
 * much as all the rest of a drop.  So each CPU keeps the latest answers until
 * the next tick.  They tell two counters apart, never a frame's fate: where an
 * address comes or goes, its drops may be taken for the other kind for as long
 * as that.
 */
#include <linux/if_bridge.h>
#include <linux/if_vlan.h>

#include "known.h"

DEFINE_PER_CPU(struct vseg_answers, vseg_answers);

/**
 * vseg_known_port - the port by which a bridge reaches a station
 * @mac: its address
 * @bridge: bridge
 * @vid: its VLAN; 0 where it has none
 *
 * Context: RCU read-side section.
 * Return: the port that the forwarding table has; NULL without one.
 */
const struct net_device *vseg_known_port(const u8 *mac,
					 const struct net_device *bridge,
					 u16 vid)
{
	struct net_device_path_ctx ctx = { .dev = bridge };
	struct net_device_path path = {};
	u16 proto;

	ether_addr_copy(ctx.daddr, mac);
	if (vid && !br_vlan_get_proto(bridge, &proto)) {
		ctx.vlan[0].id = vid;
		ctx.vlan[0].proto = htons(proto);
		ctx.num_vlans = 1;
	}
	return bridge->netdev_ops->ndo_fill_forward_path(&ctx, &path) ? NULL :
									ctx.dev;
}

/**
 * vseg_known_ask - ask the forwarding table, and keep the answer
 * @a: its place
 * @skb: unicast frame
 * @bridge: bridge that it crosses
 * @vid: its VLAN; 0 where it has none
 * @key: vseg_known_key()
 * @now: jiffies
 *
 * Context: as vseg_known_quick().
 * Return: as vseg_known_port().
 */
const struct net_device *vseg_known_ask(struct vseg_answer *a,
					const struct sk_buff *skb,
					const struct net_device *bridge,
					u16 vid, u64 key, unsigned long now)
{
	a->key = key;
	a->bridge = bridge;
	a->port = vseg_known_port(eth_hdr(skb)->h_dest, bridge, vid);
	a->when = now;
	return a->port;
}

/**
 * vseg_known - does the forwarding table send a frame to one port alone?
 * @skb: unicast frame
 * @bridge: bridge that it crosses
 * @out: the port
 * @vid: its VLAN; 0 where it has none
 *
 * Context: RCU read-side section.
 * Return: whether it does, or did in this tick; else the copy for this port is
 * one of a flood.
 */
bool vseg_known(const struct sk_buff *skb, const struct net_device *bridge,
		const struct net_device *out, u16 vid)
{
	/* What userspace hands back by NFQUEUE comes without BH disabled: the
	 * answers could change under it.
	 */
	if (unlikely(!in_softirq()))
		return vseg_known_port(eth_hdr(skb)->h_dest, bridge, vid) == out;
	return vseg_known_quick(skb, bridge, out, vid);
}
