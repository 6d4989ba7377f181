// SPDX-License-Identifier: GPL-2.0
/*
 * Frames that the host routes: what the bridge hands over, and what comes back.
 */
#include <linux/etherdevice.h>
#include <linux/if_bridge.h>
#include <linux/if_vlan.h>

#include "known.h"
#include "way_private.h"

/**
 * vseg_way_origin - where the drop of a routed frame counts as entered
 * @way: frame in the host's routing
 *
 * Which port it came by isn't known any more, so the drop counts where the bridge
 * would send the answer, if that is a port of the same domain, and else as the
 * host's.  Nothing is decided by that.
 */
void vseg_way_origin(struct vseg_way *way)
{
	struct net_device *bridge = way->src->port->bridge->dev;
	u16 vid = br_vlan_enabled(bridge) ? vseg_way_vid(way) : 0;
	const struct net_device *dev;
	struct vseg_binding *b;
	struct vseg_label *label;

	dev = vseg_known_port(eth_hdr(way->skb)->h_source, bridge, vid);
	b = dev ? vseg_binding_find(vseg_way_net(way), dev, way->policy) : NULL;
	if (!b)
		return;
	label = b->vlan ? vseg_binding_label(b, vid & VLAN_VID_MASK) : b->label;
	if (label->domain == way->from)
		way->src_label = label;
}

/* Does routing tell where the frame goes?  Not where the bridge hands it to
 * somebody else: link-local frames stay with the port, what isn't for the host
 * only taps and macvlan see, and whoever takes all of the bridge's frames
 * takes them before routing does.
 */
static bool vseg_way_routable(const struct vseg_way *way)
{
	const struct net_device *bridge = way->src->port->bridge->dev;
	const struct sk_buff *skb = way->skb;

	return (skb->protocol == htons(ETH_P_IP) ||
		skb->protocol == htons(ETH_P_IPV6)) &&
	       skb->pkt_type != PACKET_OTHERHOST && skb->dev == bridge &&
	       !rcu_access_pointer(bridge->rx_handler) &&
	       way->from->slot != VSEG_SLOT_UNLABELLED;
}

/**
 * vseg_take_in - label what a bridge hands to the host
 * @skb: the copy
 * @policy: policy that decides it, with a mark mask
 * @src: binding that it enters by
 * @dst: binding of the bridge device
 * @state: of the hook
 *
 * IP is decided when it has been routed, all else at once.
 *
 * Context: netfilter hook.
 * Return: a netfilter verdict.
 */
unsigned int vseg_take_in(struct sk_buff *skb, const struct vseg_policy *policy,
			  struct vseg_binding *src, struct vseg_binding *dst,
			  const struct nf_hook_state *state)
{
	const struct vseg_verdict ambiguous = {
		.reason = VSEG_REASON_VLAN_AMBIGUOUS,
	};
	struct vseg_way way = vseg_way_between(skb, policy, src, dst, state);

	skb->mark &= ~policy->mark.mask;
	if (src->vlan && !vseg_trunk_labels(&way))
		return vseg_deny(&way, &ambiguous);
	skb->mark = vseg_mark_write(&policy->mark, skb->mark, way.from->slot);
	if (!vseg_way_routable(&way))
		return vseg_ask(&way, vseg_policy_cell(policy, way.from->slot,
						       way.to->slot));
	vseg_count_passed(&way);
	return NF_ACCEPT;
}

/**
 * vseg_decide_routed - decide a frame that the host routes
 * @routed: the frame, and what is known of it
 *
 * Context: netfilter hook.
 * Return: a netfilter verdict.
 */
unsigned int vseg_decide_routed(const struct vseg_routed *routed)
{
	struct vseg_verdict verdict = { .reason = VSEG_REASON_LABEL_LOST };
	struct vseg_binding *dst = routed->dst;
	const u8 *mac = eth_hdr(routed->skb)->h_dest;
	struct vseg_way way = vseg_way_between(routed->skb, routed->policy,
					       routed->src, dst, routed->state);

	way.from = routed->from ?: routed->vn->builtin[VSEG_SLOT_UNLABELLED];
	way.to = routed->to ?: way.to;
	way.hook = routed->hook;
	way.marked = true;
	way.foreign = !routed->to && vseg_binding_foreign(dst, mac) &&
		      vseg_foreign(routed->policy, dst, mac);
	if (dst->vlan && !vseg_trunk_labels(&way))
		verdict.reason = VSEG_REASON_VLAN_AMBIGUOUS;
	else if (routed->from)
		return vseg_ask(&way, vseg_policy_cell(routed->policy,
						       way.from->slot,
						       way.to->slot));
	return vseg_deny(&way, &verdict);
}
