// SPDX-License-Identifier: GPL-2.0
/*
 * Built-in passes and services: what they let through that no cell allows.
 */
#include "policy.h"
#include "way_private.h"

static bool vseg_could_pass(const struct vseg_way *way,
			    const struct vseg_cell *cell)
{
	struct vseg_frame frame;

	if (vseg_hopeless(way->skb, way->policy, way->src, way->state))
		return false;
	frame = vseg_way_frame(way);
	/* Of IPv4 only a service or a query could, and the latter not from a
	 * guest.
	 */
	return eth_hdr(way->skb)->h_proto == htons(ETH_P_IP) && !frame.own &&
	       !frame.trunk ?
	       vseg_policy_wants_service(way->policy, cell, &frame) :
	       vseg_policy_wants_class(way->policy, cell, &frame);
}

/* A pass may let it through: what is it? */
static noinline_for_stack unsigned int
vseg_ask_passes(struct vseg_way *way, struct vseg_verdict *verdict)
{
	struct vseg_frame frame = vseg_way_frame(way);

	frame.class = vseg_skb_class(way->skb);
	vseg_policy_ask_passes(way->policy, &frame, verdict);
	if (verdict->reason != VSEG_REASON_NONE)
		return vseg_deny(way, verdict);
	if (way->foreign)
		return vseg_deny_foreign(way);

	vseg_count_passed(way);
	vseg_count_pass(way, verdict->pass);
	return NF_ACCEPT;
}

/**
 * vseg_not_allowed - decide a copy that a cell denies
 * @way: copy
 * @verdict: what the cell says
 *
 * A built-in pass may let it through, monitor mode may.
 *
 * Return: a netfilter verdict.
 */
unsigned int vseg_not_allowed(struct vseg_way *way,
			      struct vseg_verdict *verdict)
{
	return vseg_could_pass(way, verdict->cell) ?
	       vseg_ask_passes(way, verdict) : vseg_deny(way, verdict);
}

/**
 * vseg_own_passes - does the bridge have to send this whatever VLAN it is of?
 * @way: copy whose VLAN can't be told
 *
 * Then no cell can be asked, but without its BPDUs and queries the bridge makes
 * loops and goes deaf.
 *
 * Return: whether it passes; it is counted then.
 */
bool vseg_own_passes(struct vseg_way *way)
{
	struct vseg_frame frame = {
		.src = VSEG_SLOT_HOST,
		.dst = VSEG_SLOT_HOST,
		.own = vseg_skb_own(way->state),
	};
	const struct vseg_cell *none;
	struct vseg_verdict verdict;

	if (!frame.own)
		return false;
	none = vseg_policy_cell(way->policy, VSEG_SLOT_UNLABELLED,
				VSEG_SLOT_UNLABELLED);
	frame.class = vseg_skb_class(way->skb);
	vseg_policy_decide(way->policy, none, &frame, &verdict);
	if (verdict.pass != VSEG_PASS_BRIDGE_CONTROL)
		return false;

	vseg_count_passed(way);
	vseg_count_pass(way, verdict.pass);
	return true;
}
