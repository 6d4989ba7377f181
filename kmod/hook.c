// SPDX-License-Identifier: GPL-2.0
/*
 * The way of a frame.
 *
 * Three hooks of the bridge family decide each copy of each frame alone:
 * FORWARD from port to port, LOCAL_IN from a port to the host, LOCAL_OUT from
 * the host to a port.  They run in softirq or with bottom halves off, and in
 * an RCU read-side section, which netfilter holds.
 *
 * An allowed frame goes straight through vseg_decide(): two bindings, one
 * cell, three per-CPU counters.  So does a copy of a broadcast between domains
 * that no cell lets talk, since there is one for each port of the bridge.  All
 * the rest is in way.c.
 */
#include <linux/if_ether.h>
#include <linux/netfilter_bridge.h>

#include "event.h"
#include "hook.h"
#include "lockdown.h"
#include "port.h"
#include "route.h"
#include "skb.h"
#include "trace.h"
#include "way.h"

/* No cell lists the pair, and no pass knows the frame. */
static __always_inline unsigned int
vseg_drop_flooded(const struct sk_buff *skb, const struct vseg_binding *src,
		  const struct vseg_binding *dst)
{
	vseg_count_drop(src->label, dst->pcpu, VSEG_REASON_FLOOD,
			vseg_skb_len(skb));
	return NF_DROP;
}

/* What carries IP back lets address resolution pass both ways. */
static noinline unsigned int
vseg_decide_flooded(struct sk_buff *skb, const struct vseg_policy *policy,
		    struct vseg_binding *src, struct vseg_binding *dst,
		    const struct nf_hook_state *state)
{
	if (vseg_cell_find(policy->cells, policy->cell_bits,
			   vseg_key(dst->slot, src->slot)))
		return vseg_decide_slowly(skb, policy, src, dst, state, NULL);
	return vseg_drop_flooded(skb, src, dst);
}

/* No cell lists the pair.  Is that all there is to say?  Not where a wildcard, a
 * service, or a built-in pass could let the copy through, nor in monitor mode,
 * nor where somebody looks on.
 */
static __always_inline bool vseg_unlisted(const struct vseg_policy *policy,
					  const struct vseg_binding *src,
					  const struct nf_hook_state *state)
{
	return policy->plain && src->kind == VSEG_PORT_KIND_GUEST &&
	       state->in && src->port->bridge->mode[policy->cursor] ==
	       VSEG_BRIDGE_MODE_ENFORCE && !trace_vseg_drop_enabled();
}

/* Likewise of what isn't flooded, which events tell, and answers may be. */
static __always_inline bool vseg_unheard(const struct vseg_policy *policy,
					 const struct vseg_net *vn,
					 const struct ethhdr *eth)
{
	return !policy->stateful && vseg_events_unheard(vn) && in_softirq() &&
	       (eth->h_proto == htons(ETH_P_IP) ||
		!policy->settings.address_resolution);
}

/* Kept out of the fast path, for which the compiler would save registers. */
static noinline unsigned int
vseg_decide_unlisted(struct sk_buff *skb, const struct vseg_policy *policy,
		     struct vseg_binding *src, struct vseg_binding *dst,
		     const struct nf_hook_state *state)
{
	const struct ethhdr *eth = eth_hdr(skb);

	if (!vseg_unlisted(policy, src, state))
		return vseg_decide_slowly(skb, policy, src, dst, state, NULL);
	if (!is_multicast_ether_addr(eth->h_dest))
		return vseg_unheard(policy, src->port->bridge->vn, eth) ?
		       vseg_refuse(skb, src, dst, state, &vseg_not_listed) :
		       vseg_decide_slowly(skb, policy, src, dst, state, NULL);
	if (eth->h_proto != htons(ETH_P_IP))
		return vseg_decide_flooded(skb, policy, src, dst, state);
	return vseg_drop_flooded(skb, src, dst);
}

/* The fast path.  It calls nothing but what it leaves, and that as its last
 * act, so it needs no stack and saves few registers: what is asked of a pair
 * that isn't listed would need more.
 */
static __always_inline unsigned int
vseg_decide(struct sk_buff *skb, const struct vseg_policy *policy,
	    struct vseg_binding *src, struct vseg_binding *dst,
	    const struct nf_hook_state *state)
{
	struct vseg_cell_pcpu __percpu *pcpu;
	const struct vseg_cell *cell = NULL;
	unsigned int len;

	if (unlikely(src->vlan || dst->vlan))
		goto slowly;
	cell = vseg_cell_find(policy->cells, policy->cell_bits,
			      vseg_key(src->slot, dst->slot));
	if (unlikely(!cell))
		return vseg_decide_unlisted(skb, policy, src, dst, state);
	if (unlikely(!cell->quick)) {
		if (cell->action == VSEG_ACTION_RULES && !cell->state)
			return vseg_decide_rules(skb, policy, src, dst, state,
						 cell);
		goto slowly;
	}
	if (unlikely(vseg_binding_foreign(dst, eth_hdr(skb)->h_dest)))
		goto slowly;
	/* See vseg_cell_count(). */
	pcpu = READ_ONCE(cell->stats->pcpu);
	if (unlikely(!pcpu))
		goto slowly;

	len = vseg_skb_len(skb);
	this_cpu_inc(pcpu->packets);
	this_cpu_add(pcpu->bytes, len);
	vseg_count_rx(src->pcpu, len);
	vseg_count_tx(dst->pcpu, len);
	return NF_ACCEPT;

slowly:
	return vseg_decide_slowly(skb, policy, src, dst, state, cell);
}

/*
 * Without a decision: there is no policy, or no label to decide by.
 */

/* One end is a port of a managed bridge and the other isn't: it left while the
 * frame was on its way.
 */
static unsigned int vseg_lost(struct vseg_net *vn, const struct sk_buff *skb,
			      const struct nf_hook_state *state)
{
	return vseg_drop_undecided(vn, skb, state, VSEG_REASON_INTERNAL,
				   &vn->internal_dropped);
}

/* In lockdown nothing is forwarded, and the host is reached through its own
 * interfaces only; the bridge's own BPDUs prevent loops all the same.
 */
static noinline unsigned int vseg_no_policy(struct vseg_net *vn,
					    const struct sk_buff *skb,
					    const struct nf_hook_state *state)
{
	if (!vseg_lockdown(vn))
		return NF_ACCEPT;
	if (!state->in || !state->out) {
		if (vseg_lockdown_mgmt(state->in ?: state->out))
			return NF_ACCEPT;
		if (vseg_skb_own(state) &&
		    vseg_skb_class(skb) == VSEG_CLASS_BPDU)
			return NF_ACCEPT;
	}
	return vseg_drop_undecided(vn, skb, state, VSEG_REASON_LOCKDOWN,
				   &vn->lockdown_dropped);
}

/* No end is a port of a managed bridge.  A bridge forwards only for ports that
 * have it as their master, so without one, or with one that is managed, vseg
 * has lost track as well.
 */
static unsigned int vseg_stray(struct vseg_net *vn, const struct sk_buff *skb,
			       const struct vseg_policy *policy,
			       const struct nf_hook_state *state)
{
	struct net_device *port = state->in ?: state->out;
	struct net_device *bridge = netdev_master_upper_dev_get_rcu(port);

	if (!bridge || vseg_binding_find(vn, bridge, policy))
		return vseg_lost(vn, skb, state);
	if (policy->settings.unmanaged == VSEG_UNMANAGED_DROP)
		return vseg_drop_undecided(vn, skb, state,
					   VSEG_REASON_UNMANAGED,
					   &vn->unmanaged_dropped);
	/* One that says nothing of bridges opens none. */
	if (!policy->tables->nbridges)
		return vseg_no_policy(vn, skb, state);
	return NF_ACCEPT;
}

/* An end of the frame isn't a port of a managed bridge. */
static noinline unsigned int vseg_unbound(struct vseg_net *vn,
					  const struct sk_buff *skb,
					  const struct vseg_policy *policy,
					  const struct nf_hook_state *state)
{
	return vseg_binding_find(vn, state->in, policy) ||
	       vseg_binding_find(vn, state->out, policy) ?
	       vseg_lost(vn, skb, state) : vseg_stray(vn, skb, policy, state);
}

static unsigned int vseg_hook_forward(void *priv, struct sk_buff *skb,
				      const struct nf_hook_state *state)
{
	struct vseg_net *vn = priv;
	const struct vseg_policy *policy = vseg_policy_acquire(vn);
	struct vseg_binding *src, *dst;

	if (unlikely(!policy))
		return vseg_no_policy(vn, skb, state);

	src = vseg_binding_find(vn, state->in, policy);
	if (unlikely(!src))
		return vseg_unbound(vn, skb, policy, state);
	dst = vseg_binding_find(vn, state->out, policy);
	if (unlikely(!dst))
		return vseg_unbound(vn, skb, policy, state);
	return vseg_decide(skb, policy, src, dst, state);
}

/* skb->dev is the bridge, but for link-local frames, which the port keeps. */
static unsigned int vseg_hook_local_in(void *priv, struct sk_buff *skb,
				       const struct nf_hook_state *state)
{
	struct vseg_net *vn = priv;
	const struct vseg_policy *policy = vseg_policy_acquire(vn);
	struct vseg_binding *src, *dst;

	if (unlikely(!policy))
		return vseg_no_policy(vn, skb, state);

	src = vseg_binding_find(vn, state->in, policy);
	if (unlikely(!src))
		return vseg_binding_find(vn, skb->dev, policy) ?
		       vseg_lost(vn, skb, state) :
		       vseg_stray(vn, skb, policy, state);
	dst = vseg_binding_find(vn, src->port->bridge->dev, policy);
	if (unlikely(!dst))
		return vseg_lost(vn, skb, state);
	if (unlikely(policy->settings.mark_mask))
		return vseg_take_in(skb, policy, src, dst, state);
	return vseg_decide(skb, policy, src, dst, state);
}

static unsigned int vseg_hook_local_out(void *priv, struct sk_buff *skb,
					const struct nf_hook_state *state)
{
	struct vseg_net *vn = priv;
	const struct vseg_policy *policy = vseg_policy_acquire(vn);
	struct vseg_binding *src, *dst;

	if (unlikely(!policy))
		return vseg_no_policy(vn, skb, state);

	dst = vseg_binding_find(vn, state->out, policy);
	if (unlikely(!dst))
		return vseg_stray(vn, skb, policy, state);
	src = vseg_binding_find(vn, dst->port->bridge->dev, policy);
	if (unlikely(!src))
		return vseg_lost(vn, skb, state);
	if (unlikely(policy->mark.mask) && vseg_route_received(skb, state))
		return vseg_route_out(vn, skb, policy, src, dst, state);
	return vseg_decide(skb, policy, src, dst, state);
}

/* FORWARD and LOCAL_OUT are the last to speak, whatever other hooks said.  In
 * FORWARD that must also be behind br_netfilter, which steals a frame at
 * priority -1 and brings it back behind 0.  LOCAL_IN comes just before
 * br_netfilter's, the last.
 */
static const struct nf_hook_ops vseg_hook_ops[] = {
	{
		.hook = vseg_hook_forward,
		.pf = NFPROTO_BRIDGE,
		.hooknum = NF_BR_FORWARD,
		.priority = NF_BR_PRI_LAST,
	},
	{
		.hook = vseg_hook_local_in,
		.pf = NFPROTO_BRIDGE,
		.hooknum = NF_BR_LOCAL_IN,
		.priority = NF_BR_PRI_LAST - 1,
	},
	{
		.hook = vseg_hook_local_out,
		.pf = NFPROTO_BRIDGE,
		.hooknum = NF_BR_LOCAL_OUT,
		.priority = NF_BR_PRI_LAST,
	},
};

static_assert(ARRAY_SIZE(vseg_hook_ops) == VSEG_HOOKS);

/**
 * vseg_hooks_register - let frames come this way
 * @vn: namespace; everything that a frame uses is there
 *
 * Context: process, may sleep.
 * Return: 0 or a negative errno.
 */
int vseg_hooks_register(struct vseg_net *vn)
{
	int err, i;

	memcpy(vn->ops, vseg_hook_ops, sizeof(vn->ops));
	for (i = 0; i < VSEG_HOOKS; i++)
		vn->ops[i].priv = vn;
	err = nf_register_net_hooks(vn->net, vn->ops, VSEG_HOOKS);
	if (!err)
		vn->hooks = true;
	return err;
}

/**
 * vseg_hooks_unregister - let frames come this way no longer
 * @vn: namespace
 *
 * Frames that are on their way are not waited for.
 *
 * Context: process, may sleep.
 */
void vseg_hooks_unregister(struct vseg_net *vn)
{
	if (!vn->hooks)
		return;
	nf_unregister_net_hooks(vn->net, vn->ops, VSEG_HOOKS);
	vn->hooks = false;
}
