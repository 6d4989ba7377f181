// SPDX-License-Identifier: GPL-2.0
/*
 * The host's routing, where the policy has a mark mask.
 *
 * What a managed bridge hands to the host carries the label of its source in
 * bits of skb->mark (vseg_take_in()), and is decided where routing and address
 * translation have found where it goes: for the host at LOCAL_IN, for a device
 * that is no managed bridge at FORWARD, for a managed bridge at that bridge's
 * own LOCAL_OUT.  What other devices receive is labelled routed at
 * PRE_ROUTING, whatever mark it brings, so that a received frame without a
 * label has lost it.
 *
 * Rules between these hooks may write the mark.  So the first hook of a chain
 * notes the label and the last one puts it back; the decisions at LOCAL_IN and
 * FORWARD are taken by the first.  A frame that userspace hands back (NFQUEUE)
 * comes to the last hook with no note: it has the label that its mark says.
 */
#include <linux/if_vlan.h>
#include <linux/ipv6.h>
#include <linux/random.h>
#include <net/ip.h>

#include "route.h"

/**
 * struct vseg_note - the label of the frame that goes through a chain
 * @skb: the frame; compared, never looked at
 * @bits: its label
 */
struct vseg_note {
	const struct sk_buff *skb;
	u32 bits;
};

/* A chain runs to its end on one CPU, with bottom halves off; another chain may
 * run within it, the same only where a rule copies the frame.
 */
struct vseg_notes {
	struct vseg_note chain[NF_INET_NUMHOOKS];
};

static DEFINE_PER_CPU(struct vseg_notes, vseg_notes);

/* The same until the module goes: frames wait for their neighbour. */
static u32 vseg_route_key __read_mostly;

/*
 * Labels.
 */

/* The domain that a frame carries; NULL when it carries none.  The host's own
 * frames carry none.
 */
static struct vseg_domain *vseg_route_from(const struct vseg_net *vn,
					   const struct vseg_policy *policy,
					   const struct sk_buff *skb)
{
	u16 slot = vseg_mark_read(&policy->mark, skb->mark);
	const struct vseg_slots *slots = policy->tables->slots;

	if (slot == VSEG_SLOT_UNLABELLED || slot == VSEG_SLOT_ROUTED)
		return vn->builtin[slot];
	return slots && slot < slots->n ? slots->domain[slot] : NULL;
}

/* A frame without a label was decided before the mask came to go. */
static bool vseg_route_decided(const struct vseg_policy *policy,
			       const struct sk_buff *skb)
{
	return policy->mark_leaving && !(skb->mark & policy->mark.mask);
}

static void vseg_route_strip(const struct vseg_policy *policy,
			     struct sk_buff *skb)
{
	if (skb->mark & policy->mark.mask)
		skb->mark &= ~policy->mark.mask;
}

static void vseg_note(const struct vseg_policy *policy,
		      const struct sk_buff *skb,
		      const struct nf_hook_state *state)
{
	struct vseg_note *note;

	if (!in_softirq())
		return;
	note = this_cpu_ptr(&vseg_notes.chain[state->hook]);
	note->skb = skb;
	note->bits = skb->mark & policy->mark.mask;
}

/*
 * Devices.
 */

struct vseg_route_search {
	const struct vseg_net *vn;
	const struct vseg_policy *policy;
	struct vseg_binding *found;
};

static int vseg_route_lower(struct net_device *dev,
			    struct netdev_nested_priv *priv)
{
	struct vseg_route_search *search = priv->data;
	struct vseg_binding *b;

	b = vseg_binding_find(search->vn, dev, search->policy);
	if (!b || b->kind != VSEG_PORT_KIND_HOST)
		return 0;
	search->found = b;
	return 1;
}

/* The managed bridge that a device of the host stands upon.  What stands on a
 * port, as a VLAN of an uplink does, gets frames that the bridge never sees.
 */
static struct vseg_binding *vseg_route_above(const struct vseg_net *vn,
					     struct net_device *dev,
					     const struct vseg_policy *policy)
{
	struct vseg_route_search search = { .vn = vn, .policy = policy };
	struct netdev_nested_priv priv = { .data = &search };

	if (!netif_is_bridge_master(dev))
		netdev_walk_all_lower_dev_rcu(dev, vseg_route_lower, &priv);
	return search.found;
}

/* The device that a frame came by, where a VRF took it over. */
static struct net_device *vseg_route_in_dev(const struct vseg_net *vn,
					    const struct sk_buff *skb,
					    const struct nf_hook_state *state)
{
	if (!netif_is_l3_master(state->in))
		return state->in;
	return dev_get_by_index_rcu(vn->net, state->pf == NFPROTO_IPV6 ?
				    IP6CB(skb)->iif : IPCB(skb)->iif);
}

/* The managed bridge that a frame came by; NULL when it came by none. */
static struct vseg_binding *vseg_route_in(const struct vseg_net *vn,
					  const struct vseg_policy *policy,
					  const struct sk_buff *skb,
					  const struct nf_hook_state *state)
{
	struct net_device *dev = vseg_route_in_dev(vn, skb, state);
	struct vseg_binding *b;

	if (!dev)
		return NULL;
	b = vseg_binding_find(vn, dev, policy);
	if (b && b->kind != VSEG_PORT_KIND_HOST)
		return vseg_binding_find(vn, b->port->bridge->dev, policy);
	return b ?: vseg_route_above(vn, dev, policy);
}

/* Is what leaves by a device decided at the LOCAL_OUT of a managed bridge? */
static bool vseg_route_leads_back(const struct vseg_net *vn,
				  struct net_device *dev,
				  const struct vseg_policy *policy)
{
	struct vseg_binding *b;

	while (is_vlan_dev(dev))
		dev = vlan_dev_real_dev(dev);
	b = vseg_binding_find(vn, dev, policy);
	return b && b->kind == VSEG_PORT_KIND_HOST;
}

/*
 * Hooks.
 */

static const struct vseg_policy *vseg_route_policy(const struct vseg_net *vn)
{
	const struct vseg_policy *policy = vseg_policy_acquire(vn);

	return policy && policy->mark.mask ? policy : NULL;
}

/* Frames that a port keeps, as link-local ones, have the port's label; what a
 * VRF hands on came by here before.
 */
static void vseg_route_enter(const struct vseg_net *vn,
			     const struct vseg_policy *policy,
			     struct sk_buff *skb,
			     const struct nf_hook_state *state)
{
	const struct vseg_binding *b;
	u16 slot = VSEG_SLOT_ROUTED;

	b = vseg_binding_find(vn, state->in, policy);
	if (!b && (netif_is_l3_master(state->in) ||
		   vseg_route_above(vn, state->in, policy)))
		return;
	if (b) {
		if (b->kind == VSEG_PORT_KIND_HOST)
			return;
		slot = b->vlan ? VSEG_SLOT_UNLABELLED : b->slot;
	}
	skb->mark = vseg_mark_write(&policy->mark, skb->mark, slot);
}

static unsigned int vseg_route_pre_routing(void *priv, struct sk_buff *skb,
					   const struct nf_hook_state *state)
{
	const struct vseg_policy *policy = vseg_route_policy(priv);

	if (!policy)
		return NF_ACCEPT;
	if (!policy->mark_leaving)
		vseg_route_enter(priv, policy, skb, state);
	vseg_note(policy, skb, state);
	return NF_ACCEPT;
}

/* To the domain of the host itself, or to that of its other devices. */
static unsigned int vseg_route_decide(struct vseg_net *vn,
				      const struct vseg_policy *policy,
				      struct sk_buff *skb,
				      const struct nf_hook_state *state,
				      struct vseg_domain *from)
{
	bool in = state->hook == NF_INET_LOCAL_IN;
	struct vseg_routed routed = {
		.vn = vn,
		.skb = skb,
		.policy = policy,
		.src = vseg_route_in(vn, policy, skb, state),
		.state = state,
		.from = from,
		.to = vn->builtin[in ? VSEG_SLOT_HOST : VSEG_SLOT_ROUTED],
		.hook = in ? VSEG_HOOK_ROUTE_IN : VSEG_HOOK_ROUTE_FORWARD,
	};
	unsigned int verdict = NF_ACCEPT;

	routed.dst = routed.src;
	if (routed.src && !vseg_route_decided(policy, skb))
		verdict = vseg_decide_routed(&routed);
	if (verdict == NF_ACCEPT)
		vseg_route_strip(policy, skb);
	return verdict;
}

static unsigned int vseg_route_local_in(void *priv, struct sk_buff *skb,
					const struct nf_hook_state *state)
{
	struct vseg_net *vn = priv;
	const struct vseg_policy *policy = vseg_route_policy(vn);
	struct vseg_domain *from;

	if (!policy)
		return NF_ACCEPT;
	from = vseg_route_from(vn, policy, skb);
	if (from != vn->builtin[VSEG_SLOT_ROUTED])
		return vseg_route_decide(vn, policy, skb, state, from);
	vseg_route_strip(policy, skb);
	return NF_ACCEPT;
}

static unsigned int vseg_route_forward(void *priv, struct sk_buff *skb,
				       const struct nf_hook_state *state)
{
	struct vseg_net *vn = priv;
	const struct vseg_policy *policy = vseg_route_policy(vn);
	unsigned int verdict = NF_ACCEPT;
	struct vseg_domain *from;

	if (!policy)
		return NF_ACCEPT;
	if (!vseg_route_leads_back(vn, state->out, policy)) {
		from = vseg_route_from(vn, policy, skb);
		if (from == vn->builtin[VSEG_SLOT_ROUTED])
			vseg_route_strip(policy, skb);
		else
			verdict = vseg_route_decide(vn, policy, skb, state,
						    from);
	}
	vseg_note(policy, skb, state);
	return verdict;
}

static unsigned int vseg_route_post_routing(void *priv, struct sk_buff *skb,
					    const struct nf_hook_state *state)
{
	const struct vseg_policy *policy = vseg_route_policy(priv);

	if (policy && skb->skb_iif)
		vseg_note(policy, skb, state);
	return NF_ACCEPT;
}

/* Whatever rules wrote into the mask since the first hook of the chain. */
static unsigned int vseg_route_restore(void *priv, struct sk_buff *skb,
				       const struct nf_hook_state *state)
{
	const struct vseg_policy *policy = vseg_route_policy(priv);
	struct vseg_note *note;
	u32 mask;

	if (!policy || !skb->skb_iif || !in_softirq())
		return NF_ACCEPT;
	note = this_cpu_ptr(&vseg_notes.chain[state->hook]);
	if (note->skb != skb)
		return NF_ACCEPT;
	mask = policy->mark.mask;
	skb->mark = (skb->mark & ~mask) | (note->bits & mask);
	note->skb = NULL;
	return NF_ACCEPT;
}

/* A process may have set a mark.  What the host only received, and IPsec or a
 * virtual server sends on, keeps its label.
 */
static unsigned int vseg_route_local_out(void *priv, struct sk_buff *skb,
					 const struct nf_hook_state *state)
{
	const struct vseg_policy *policy = vseg_route_policy(priv);

	if (policy && !policy->mark_leaving && !skb->skb_iif)
		vseg_route_strip(policy, skb);
	return NF_ACCEPT;
}

/**
 * vseg_route_out - decide what the host forwards to a managed bridge
 * @vn: namespace
 * @skb: the copy
 * @policy: policy that decides it, with a mark
 * @src: binding of the bridge device
 * @dst: binding that it leaves by
 * @state: of the hook
 *
 * Context: netfilter hook of the bridge family.
 * Return: a netfilter verdict.
 */
unsigned int vseg_route_out(struct vseg_net *vn, struct sk_buff *skb,
			    const struct vseg_policy *policy,
			    struct vseg_binding *src, struct vseg_binding *dst,
			    const struct nf_hook_state *state)
{
	struct vseg_routed routed = {
		.vn = vn,
		.skb = skb,
		.policy = policy,
		.src = src,
		.dst = dst,
		.state = state,
		.from = vseg_route_from(vn, policy, skb),
		.hook = VSEG_HOOK_LOCAL_OUT,
	};
	unsigned int verdict;

	if (vseg_route_decided(policy, skb) ||
	    (policy->mark_leaving && !READ_ONCE(vn->routes)))
		routed.from = src->label->domain;
	verdict = vseg_decide_routed(&routed);
	if (verdict == NF_ACCEPT && !policy->mark_leaving)
		vseg_route_strip(policy, skb);
	return verdict;
}

/*
 * Having the hooks.
 */

#define VSEG_ROUTE_HOOK(_hook, _at, _priority) {			\
	.hook = vseg_route_##_hook,					\
	.pf = NFPROTO_INET,						\
	.hooknum = NF_INET_##_at,					\
	.priority = _priority,						\
}

/* LOCAL_IN and FORWARD decide before rules of their chains, whatever these
 * will say: a rule can't let pass what vseg drops.  So no denied frame gets as
 * far as connection tracking's confirmation.
 */
static const struct nf_hook_ops vseg_route_ops[] = {
	VSEG_ROUTE_HOOK(pre_routing, PRE_ROUTING, INT_MIN),
	VSEG_ROUTE_HOOK(restore, PRE_ROUTING, INT_MAX),
	VSEG_ROUTE_HOOK(local_in, LOCAL_IN, INT_MIN),
	VSEG_ROUTE_HOOK(forward, FORWARD, INT_MIN),
	VSEG_ROUTE_HOOK(restore, FORWARD, INT_MAX),
	VSEG_ROUTE_HOOK(local_out, LOCAL_OUT, INT_MAX),
	VSEG_ROUTE_HOOK(post_routing, POST_ROUTING, INT_MIN),
	VSEG_ROUTE_HOOK(restore, POST_ROUTING, INT_MAX),
};

static_assert(ARRAY_SIZE(vseg_route_ops) == VSEG_ROUTE_HOOKS);

static bool vseg_route_wanted(const struct vseg_tables *t)
{
	return t && t->settings.mark_mask && t->nbridges;
}

/**
 * vseg_route_prepare - have the hooks where a commit will want them
 * @vn: namespace
 * @t: tables of the commit
 *
 * Context: vseg_net.lock held; may sleep.
 * Return: 0 or a negative errno.
 */
int vseg_route_prepare(struct vseg_net *vn, const struct vseg_tables *t)
{
	int err, i;

	lockdep_assert_held(&vn->lock);

	if (vn->routes || !vseg_route_wanted(t))
		return 0;
	memcpy(vn->route_ops, vseg_route_ops, sizeof(vn->route_ops));
	for (i = 0; i < VSEG_ROUTE_HOOKS; i++)
		vn->route_ops[i].priv = vn;
	err = nf_register_net_hooks(vn->net, vn->route_ops, VSEG_ROUTE_HOOKS);
	if (!err)
		WRITE_ONCE(vn->routes, true);
	return err;
}

/**
 * vseg_route_settle - have the hooks no longer than they are wanted
 * @vn: namespace
 * @t: tables of the policy in force, or NULL without one
 *
 * Frames that are on their way are not waited for.
 *
 * Context: may sleep.
 */
void vseg_route_settle(struct vseg_net *vn, const struct vseg_tables *t)
{
	if (!vn->routes || vseg_route_wanted(t))
		return;
	nf_unregister_net_hooks(vn->net, vn->route_ops, VSEG_ROUTE_HOOKS);
	WRITE_ONCE(vn->routes, false);
}

/**
 * vseg_route_mark - what labels of a policy look like
 * @policy: policy that nobody sees yet
 * @old: policy before it, or NULL
 *
 * One without a mask still knows the labels of the policy before: the bridge
 * may have left the decision to routing.
 */
void vseg_route_mark(struct vseg_policy *policy, const struct vseg_policy *old)
{
	u32 mask = policy->settings.mark_mask;

	if (!mask && old && !old->mark_leaving) {
		mask = old->mark.mask;
		policy->mark_leaving = mask;
	}
	vseg_mark_init(&policy->mark, mask, vseg_route_key);
}

/**
 * vseg_route_seal - make the domains of tables ready for labels
 * @t: tables that nobody edits
 * @extack: told why not
 *
 * Context: process, may sleep.
 * Return: 0, -ENOMEM, or -ERANGE where the mask can't tell them apart.
 */
int vseg_route_seal(struct vseg_tables *t, struct netlink_ext_ack *extack)
{
	if (t->slots)
		return 0;
	t->slots = vseg_slots_alloc(&t->domains);
	if (!t->slots)
		return -ENOMEM;
	if (!t->settings.mark_mask ||
	    vseg_mark_fits(t->settings.mark_mask, t->slots->n))
		return 0;
	NL_SET_ERR_MSG(extack,
		       "the mark mask has too few bits for the domains of this policy");
	return -ERANGE;
}

/**
 * vseg_route_init - draw the number that labels are made with
 */
void vseg_route_init(void)
{
	vseg_route_key = get_random_u32();
}
