// SPDX-License-Identifier: GPL-2.0
/*
 * Fragments on their way: what the first one of a datagram says decides later
 * ones, too.
 */
#include "hold.h"
#include "way_private.h"

static struct vseg_datagram vseg_way_datagram(const struct vseg_way *way)
{
	return (struct vseg_datagram) {
		.in = way->src->dev->ifindex,
		.out = way->dst->dev->ifindex,
		.vlan = vseg_way_vlan(way),
		.src_slot = way->from->slot,
		.dst_slot = way->to->slot,
	};
}

/**
 * vseg_note_first - what a first fragment says serves the later ones, too
 * @way: the first fragment
 * @fields: what it says
 * @verdict: on it; denied where there is no room
 * @flow: it is part of a flow, and so are they for as long as the policy is in
 *	force that said so
 */
void vseg_note_first(struct vseg_way *way, const struct vseg_fields *fields,
		     struct vseg_verdict *verdict, bool flow)
{
	struct vseg_datagram datagram = vseg_way_datagram(way);

	if (vseg_hold_first(vseg_way_net(way), way->skb, fields, &datagram,
			    flow ? way->policy->generation : 0) ||
	    verdict->reason != VSEG_REASON_NONE)
		return;
	verdict->reason = VSEG_REASON_FRAGMENT;
	verdict->rule = NULL;
}

/* What the host routes can't wait: its label isn't that of a binding, and behind
 * the bridge there is no bridge's hook to go on from.
 */
static enum vseg_fragment_answer
vseg_way_first(struct vseg_way *way, const struct vseg_fields *fields,
	       struct vseg_first *first)
{
	struct vseg_datagram datagram;

	if (!way->held) {
		datagram = vseg_way_datagram(way);
		return vseg_hold_later(vseg_way_net(way), way->skb,
				       way->marked ? NULL :
				       way->src->port->bridge->dev, way->state,
				       fields, &datagram, first);
	}
	if (!way->first)
		return VSEG_FRAGMENT_DROP;
	*first = *way->first;
	return VSEG_FRAGMENT_DECIDE;
}

/* Is a fragment part of a flow, as the first one of its datagram was? */
static bool vseg_first_in_flow(const struct vseg_way *way,
			       const struct vseg_first *first)
{
	return first->generation &&
	       first->generation == way->policy->generation;
}

/* It passes, and counts for the rule that allows the flow; in the other direction
 * there is none.
 */
static bool vseg_later_in_flow(struct vseg_verdict *verdict)
{
	if (verdict->reason == VSEG_REASON_NONE)
		return true;
	verdict->reason = VSEG_REASON_NONE;
	verdict->pass = VSEG_PASS_STATE;
	return true;
}

/* A later fragment: rules are asked as if it said what the first one said; those
 * that let flows begin had their say with the first one.
 */
static bool vseg_ask_later(struct vseg_way *way, const struct vseg_cell *cell,
			   struct vseg_fields *fields,
			   struct vseg_verdict *verdict)
{
	struct vseg_frame frame = { .fields = fields };
	enum vseg_fragment_answer answer;
	struct vseg_first first;

	answer = vseg_way_first(way, fields, &first);
	if (answer == VSEG_FRAGMENT_HELD)
		return false;
	if (answer == VSEG_FRAGMENT_DECIDE) {
		vseg_fragment_give(&first, fields);
		vseg_policy_ask_cell(cell, &frame, verdict);
		if (vseg_first_in_flow(way, &first))
			return vseg_later_in_flow(verdict);
		if (verdict->reason == VSEG_REASON_NONE &&
		    !vseg_verdict_begins(verdict))
			return true;
		/* A rule that allows didn't decide then. */
		if (verdict->reason == VSEG_REASON_NONE)
			verdict->rule = NULL;
	}
	verdict->reason = VSEG_REASON_FRAGMENT;
	return true;
}

/**
 * vseg_ask_fragment - ask the rules of a cell of a fragment
 * @way: fragment
 * @cell: cell with rules
 * @fields: what it says
 * @verdict: result
 *
 * Rules may ask for what only the first fragment of a datagram has.
 *
 * Return: false if the frame was taken to wait for that.
 */
bool vseg_ask_fragment(struct vseg_way *way, const struct vseg_cell *cell,
		       struct vseg_fields *fields, struct vseg_verdict *verdict)
{
	if (fields->fragment == VSEG_FRAGMENT_LATER)
		vseg_fragment_hide(fields);
	vseg_policy_ask_rules(cell, fields, verdict);
	if (!(cell->rules->used & vseg_fields_of_first(fields->version)) ||
	    way->foreign)
		return true;
	if (fields->fragment == VSEG_FRAGMENT_LATER)
		return verdict->reason != VSEG_REASON_UNPARSED ||
		       vseg_ask_later(way, cell, fields, verdict);
	vseg_note_first(way, fields, verdict, false);
	return true;
}

/**
 * vseg_ask_part - likewise, where connection tracking was asked
 * @way: fragment
 * @track: what connection tracking said; it isn't asked of later ones
 * @verdict: what the cell says; result
 *
 * Return: false if the frame was taken to wait for the first one.
 */
bool vseg_ask_part(struct vseg_way *way, struct vseg_track *track,
		   struct vseg_verdict *verdict)
{
	if (track->fields->fragment == VSEG_FRAGMENT_LATER)
		return (verdict->reason == VSEG_REASON_NONE &&
			!vseg_verdict_begins(verdict)) ||
		       vseg_ask_later(way, track->cell, track->fields, verdict);
	vseg_note_first(way, track->fields, verdict,
			verdict->reason == VSEG_REASON_NONE &&
			vseg_verdict_begins(verdict));
	return true;
}
