// SPDX-License-Identifier: GPL-2.0
/*
 * The way of a frame that the fast path leaves: decided by a wildcard, or with
 * a trunk port at one end, or by rules, or denied.
 *
 * Its entries are at the end.  Whatever it is, vseg_ask() asks its cell.  Where
 * that leads elsewhere: to flows (way_flow.c), to fragments (way_fragment.c), to
 * what passes without a cell (way_pass.c), to a drop (way_drop.c).  What the
 * host routes comes by way_route.c.
 */
#include <linux/etherdevice.h>

#include "ingress.h"
#include "trace.h"
#include "usual.h"
#include "way_private.h"

/**
 * vseg_allow - let a copy pass that its cell allows
 * @way: copy
 * @cell: the cell
 *
 * Return: a netfilter verdict.
 */
unsigned int vseg_allow(struct vseg_way *way, const struct vseg_cell *cell)
{
	if (way->foreign)
		return vseg_deny_foreign(way);
	vseg_cell_count(cell->stats, way->len);
	vseg_count_passed(way);
	if (cell->flags & VSEG_CELL_FLAGS_LOG)
		vseg_log_passed(way, cell->stats);
	return NF_ACCEPT;
}

/**
 * vseg_rule_allows - let a copy pass that a rule allows
 * @way: copy
 * @cell: cell of the rule
 * @rule: the rule
 *
 * Return: a netfilter verdict.
 */
unsigned int vseg_rule_allows(struct vseg_way *way,
			      const struct vseg_cell *cell,
			      const struct vseg_rule *rule)
{
	if (way->foreign)
		return vseg_deny_foreign(way);
	vseg_cell_count(rule->stats, way->len);
	if (rule->flags & VSEG_RULE_FLAGS_LOG)
		vseg_log_passed(way, rule->stats);
	return vseg_allow(way, cell);
}

/* The cell has rules: what they deny a built-in pass may let through. */
static unsigned int vseg_ask_rules(struct vseg_way *way,
				   const struct vseg_cell *cell)
{
	struct vseg_verdict verdict;
	struct vseg_fields fields;

	vseg_skb_describe(way->skb,
			  cell->rules->used & VSEG_FIELD(VLAN) ?
			  vseg_way_vlan(way) : VSEG_VID_NONE, &fields);
	if (likely(fields.fragment == VSEG_FRAGMENT_WHOLE))
		vseg_policy_ask_rules(cell, &fields, &verdict);
	else if (!vseg_ask_fragment(way, cell, &fields, &verdict))
		return NF_STOLEN;
	if (verdict.reason == VSEG_REASON_NONE)
		return vseg_rule_allows(way, cell, verdict.rule);
	return vseg_not_allowed(way, &verdict);
}

/* Of those that the fast path knows comes here who isn't to talk to his like. */
static unsigned int vseg_ask_allow(struct vseg_way *way,
				   const struct vseg_cell *cell)
{
	const struct vseg_frame frame = vseg_way_frame(way);
	struct vseg_verdict verdict;

	vseg_policy_ask_cell(cell, &frame, &verdict);
	return verdict.reason == VSEG_REASON_NONE ?
	       vseg_allow(way, cell) : vseg_not_allowed(way, &verdict);
}

static unsigned int vseg_ask_deny(struct vseg_way *way,
				  const struct vseg_cell *cell)
{
	struct vseg_verdict verdict = {
		.reason = vseg_policy_deny_reason(cell,
						  way->from->slot,
						  way->to->slot),
		.cell = cell,
	};

	return vseg_not_allowed(way, &verdict);
}

/**
 * vseg_ask - decide a copy by the cell of its domains
 * @way: copy
 * @cell: the cell, or vseg_not_listed
 *
 * Return: a netfilter verdict.
 */
unsigned int vseg_ask(struct vseg_way *way, const struct vseg_cell *cell)
{
	/* What isn't for the guest that would get it is no part of a flow. */
	if (vseg_state_wanted(vseg_way_net(way), way->policy, cell,
			      way->from->slot, way->to->slot) && !way->foreign)
		return vseg_ask_state(way, cell);
	switch (cell->action) {
	case VSEG_ACTION_ALLOW:
		return vseg_ask_allow(way, cell);
	case VSEG_ACTION_RULES:
		return vseg_ask_rules(way, cell);
	}
	return vseg_ask_deny(way, cell);
}

/* A trunk port is at one end: labels come from the frame's VLAN. */
static unsigned int vseg_decide_trunk(struct vseg_way *way)
{
	struct vseg_verdict verdict = { .reason = VSEG_REASON_VLAN_AMBIGUOUS };

	if (!vseg_trunk_labels(way))
		return vseg_own_passes(way) ? NF_ACCEPT :
					      vseg_deny(way, &verdict);

	return vseg_ask(way, vseg_policy_cell(way->policy, way->from->slot,
					      way->to->slot));
}

/**
 * vseg_foreign - is it for another station than the guest that would get it?
 * @policy: policy that decides
 * @dst: binding that it leaves by, which doesn't have the address as its own
 * @mac: destination address
 *
 * Return: whether it is.
 */
noinline bool vseg_foreign(const struct vseg_policy *policy,
			   const struct vseg_binding *dst, const u8 *mac)
{
	const struct vseg_guest guest = vseg_binding_guest(dst);

	return policy->settings.guard && !vseg_guest_has_mac(&guest, mac) &&
	       !(vseg_guest_permit(policy, dst) & VSEG_GUARD_PERMIT_ALL);
}

/* Its cell denies it.  Is that to be counted, and no more?  Not where a pass
 * could let it through, nor in monitor mode, nor where somebody looks on.
 */
static __always_inline bool vseg_refusable(const struct sk_buff *skb,
					   const struct vseg_policy *policy,
					   const struct vseg_binding *src,
					   const struct vseg_binding *dst,
					   const struct nf_hook_state *state,
					   const struct vseg_cell *cell)
{
	const struct vseg_bridge *br = src->port->bridge;

	return !(cell->flags & VSEG_CELL_FLAGS_MONITOR) &&
	       !vseg_state_wanted(br->vn, policy, cell, src->slot, dst->slot) &&
	       vseg_hopeless(skb, policy, src, state) &&
	       br->mode[policy->cursor] == VSEG_BRIDGE_MODE_ENFORCE &&
	       !policy->settings.flood_events &&
	       vseg_events_unheard(br->vn) && !trace_vseg_drop_enabled() &&
	       in_softirq();
}

/* Whatever it is. */
static noinline unsigned int vseg_decide_any(struct sk_buff *skb,
					     const struct vseg_policy *policy,
					     struct vseg_binding *src,
					     struct vseg_binding *dst,
					     const struct nf_hook_state *state,
					     const struct vseg_cell *cell)
{
	const u8 *mac = eth_hdr(skb)->h_dest;
	struct vseg_way way = vseg_way_between(skb, policy, src, dst, state);

	way.foreign = unlikely(vseg_binding_foreign(dst, mac)) &&
		      vseg_foreign(policy, dst, mac);
	if (src->vlan || dst->vlan)
		return vseg_decide_trunk(&way);
	if (!cell)
		cell = vseg_policy_wildcard(policy, src->slot, dst->slot);
	if (cell->quick && !way.foreign) {
		vseg_cell_count(cell->stats, way.len);
		vseg_count_passed(&way);
		return NF_ACCEPT;
	}
	return vseg_ask(&way, cell);
}

/* Apart, for the registers that it needs. */
static noinline unsigned int
vseg_decide_denied(struct sk_buff *skb, const struct vseg_policy *policy,
		   struct vseg_binding *src, struct vseg_binding *dst,
		   const struct nf_hook_state *state,
		   const struct vseg_cell *cell)
{
	return vseg_refusable(skb, policy, src, dst, state, cell) ?
	       vseg_refuse(skb, src, dst, state, cell) :
	       vseg_decide_any(skb, policy, src, dst, state, cell);
}

/**
 * vseg_decide_slowly - decide what the fast path leaves
 * @skb: the copy
 * @policy: policy that decides it
 * @src: binding that it enters by
 * @dst: binding that it leaves by
 * @state: of the hook
 * @cell: the cell that lists the pair, or NULL without one; NULL as well where
 *	a trunk port is at one end
 *
 * Context: netfilter hook.
 * Return: a netfilter verdict.
 */
unsigned int vseg_decide_slowly(struct sk_buff *skb,
				const struct vseg_policy *policy,
				struct vseg_binding *src,
				struct vseg_binding *dst,
				const struct nf_hook_state *state,
				const struct vseg_cell *cell)
{
	if (!cell && !policy->wild && !src->vlan && !dst->vlan)
		cell = &vseg_not_listed;
	if (cell && cell->action == VSEG_ACTION_DENY)
		return vseg_decide_denied(skb, policy, src, dst, state, cell);
	return vseg_decide_any(skb, policy, src, dst, state, cell);
}

/* Rules have decided, and there is more to do than to count it. */
static noinline unsigned int vseg_ruled(struct sk_buff *skb,
					const struct vseg_policy *policy,
					struct vseg_binding *src,
					struct vseg_binding *dst,
					const struct nf_hook_state *state,
					const struct vseg_cell *cell,
					u8 reason, u32 index)
{
	struct vseg_way way = vseg_way_between(skb, policy, src, dst, state);
	struct vseg_verdict verdict;

	vseg_policy_ruled(cell, reason, index, &verdict);
	return reason == VSEG_REASON_NONE ?
	       vseg_rule_allows(&way, cell, verdict.rule) :
	       vseg_not_allowed(&way, &verdict);
}

static __always_inline bool vseg_rule_silent(const struct vseg_cell *cell,
					     const struct vseg_rule *rule)
{
	return !(cell->flags & VSEG_CELL_FLAGS_LOG) &&
	       !(rule->flags & VSEG_RULE_FLAGS_LOG);
}

/**
 * vseg_decide_rules - decide a frame by the rules of its cell
 * @skb: the copy
 * @policy: policy that decides it
 * @src: binding that it enters by, no trunk's
 * @dst: binding that it leaves by, no trunk's
 * @state: of the hook
 * @cell: the cell that lists the pair, with rules that need no state
 *
 * Most of these are whole packets of TCP or UDP for the guest behind @dst, and
 * a rule allows them.  All others vseg_decide_any() decides, and these alike.
 *
 * Context: netfilter hook.
 * Return: a netfilter verdict.
 */
unsigned int vseg_decide_rules(struct sk_buff *skb,
			       const struct vseg_policy *policy,
			       struct vseg_binding *src,
			       struct vseg_binding *dst,
			       const struct nf_hook_state *state,
			       const struct vseg_cell *cell)
{
	const struct vseg_rules *rules = cell->rules;
	unsigned int len = vseg_skb_len(skb);
	const struct vseg_rule *rule;
	/* vseg_usual() fills it, or it isn't looked at. */
	struct vseg_fields fields vseg_unset;
	u32 index;
	u8 reason;

	if (rules->used & VSEG_FIELD(VLAN) ||
	    vseg_binding_foreign(dst, eth_hdr(skb)->h_dest) ||
	    !vseg_usual(skb_mac_header(skb), len - skb->data_len, len,
			VSEG_VID_NONE, &fields))
		return vseg_decide_any(skb, policy, src, dst, state, cell);

	reason = vseg_rules_decide(rules, &fields, &index);
	if (unlikely(reason != VSEG_REASON_NONE))
		return vseg_ruled(skb, policy, src, dst, state, cell, reason,
				  index);
	rule = rules->rule[index];
	if (unlikely(!vseg_rule_silent(cell, rule)))
		return vseg_ruled(skb, policy, src, dst, state, cell, reason,
				  index);
	vseg_cell_count(rule->stats, len);
	vseg_cell_count(cell->stats, len);
	vseg_count_rx(src->pcpu, len);
	vseg_count_tx(dst->pcpu, len);
	return NF_ACCEPT;
}

/**
 * vseg_decide_held - decide a fragment that has waited for the first one
 * @vn: namespace
 * @skb: the copy
 * @bridge: bridge that it crossed
 * @state: of the hook that it met
 * @first: what the first fragment said; %NULL where it didn't come
 *
 * By the policy that is in force now.  Without one it is dropped: it was held
 * by one that is gone.
 *
 * Context: as that of a netfilter hook: RCU, BH off.
 * Return: a netfilter verdict, not %NF_STOLEN.
 */
unsigned int vseg_decide_held(struct vseg_net *vn, struct sk_buff *skb,
			      const struct net_device *bridge,
			      const struct nf_hook_state *state,
			      const struct vseg_first *first)
{
	const struct vseg_policy *policy = vseg_policy_acquire(vn);
	const u8 *mac = eth_hdr(skb)->h_dest;
	const struct vseg_cell *cell;
	struct vseg_binding *src, *dst;
	struct vseg_way way;

	if (!policy)
		return NF_DROP;
	src = vseg_binding_find(vn, state->in ?: bridge, policy);
	dst = vseg_binding_find(vn, state->out ?: bridge, policy);
	/* A port left, though it may be one of another bridge by now. */
	if (!src || !dst || src->port->bridge->dev != bridge ||
	    dst->port->bridge->dev != bridge)
		return vseg_drop_undecided(vn, skb, state, VSEG_REASON_INTERNAL,
					   &vn->internal_dropped);
	way = vseg_way_between(skb, policy, src, dst, state);
	way.held = true;
	way.first = first;
	way.foreign = vseg_binding_foreign(dst, mac) &&
		      vseg_foreign(policy, dst, mac);
	if (src->vlan || dst->vlan)
		return vseg_decide_trunk(&way);
	cell = vseg_policy_cell(policy, src->slot, dst->slot);
	return vseg_ask(&way, cell);
}
