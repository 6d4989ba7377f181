// SPDX-License-Identifier: GPL-2.0
/*
 * Flows on their way: copies that stateful rules may speak of.
 */
#include "way_private.h"

static unsigned int vseg_flow_passes(struct vseg_way *way)
{
	vseg_count_passed(way);
	vseg_count_pass(way, VSEG_PASS_STATE);
	return NF_ACCEPT;
}

/* The frame may begin a flow, where a stateful rule allows it. */
static void vseg_begin(struct vseg_track *track, struct vseg_verdict *verdict)
{
	if (verdict->reason != VSEG_REASON_NONE) {
		verdict->reason = vseg_track_denied(track, verdict->reason);
		return;
	}
	if (!vseg_verdict_begins(verdict))
		return;
	verdict->reason = vseg_track_begin(track, verdict->index);
	/* It didn't decide then. */
	if (verdict->reason != VSEG_REASON_NONE)
		verdict->rule = NULL;
}

/* The frame isn't part of a flow: its cell decides it alone. */
static unsigned int vseg_ask_begin(struct vseg_way *way,
				   const struct vseg_cell *cell,
				   struct vseg_track *track)
{
	struct vseg_frame frame = vseg_way_frame(way);
	struct vseg_verdict verdict;
	bool later, taken = false;

	if (cell->action == VSEG_ACTION_RULES) {
		vseg_track_describe(track);
		frame.fields = track->fields;
	}
	later = track->described &&
		track->fields->fragment == VSEG_FRAGMENT_LATER;
	if (unlikely(later))
		vseg_fragment_hide(track->fields);
	vseg_policy_ask_cell(cell, &frame, &verdict);
	if (likely(!later))
		vseg_begin(track, &verdict);
	if (unlikely(track->described &&
		     track->fields->fragment != VSEG_FRAGMENT_WHOLE))
		taken = !vseg_ask_part(way, track, &verdict);
	vseg_track_end(track);
	if (unlikely(taken))
		return NF_STOLEN;
	if (verdict.reason != VSEG_REASON_NONE)
		return vseg_not_allowed(way, &verdict);
	if (unlikely(verdict.pass == VSEG_PASS_STATE))
		return vseg_flow_passes(way);
	return verdict.rule ? vseg_rule_allows(way, cell, verdict.rule) :
			      vseg_allow(way, cell);
}

/* The frame is part of a flow. */
static unsigned int vseg_in_flow(struct vseg_way *way, struct vseg_track *track,
				 bool rule)
{
	const struct vseg_cell *cell = track->cell;

	vseg_track_end(track);
	if (unlikely(track->first)) {
		struct vseg_verdict verdict = { .cell = cell };

		vseg_note_first(way, track->fields, &verdict, true);
		if (verdict.reason != VSEG_REASON_NONE)
			return vseg_deny(way, &verdict);
	}
	return rule ? vseg_rule_allows(way, cell,
				       cell->rules->rule[track->rule]) :
		      vseg_flow_passes(way);
}

/**
 * vseg_ask_state - decide a copy that may be part of a flow
 * @way: copy
 * @cell: cell of its domains; it, or that of the other direction, has stateful
 *	rules
 *
 * Return: a netfilter verdict.
 */
unsigned int vseg_ask_state(struct vseg_way *way, const struct vseg_cell *cell)
{
	/* Not looked at before track.described is set. */
	struct vseg_fields fields vseg_unset;
	struct vseg_track track = {
		.state = vseg_way_net(way)->state,
		.policy = way->policy,
		.skb = way->skb,
		.bridge = way->dst->port->bridge,
		.src = way->from,
		.dst = way->to,
		.cell = cell,
		.vid = vseg_way_vlan(way),
		.fields = &fields,
	};
	u8 tracked = vseg_track_find(&track);

	if (tracked == VSEG_TRACKED_NONE)
		return vseg_ask_begin(way, cell, &track);
	return vseg_in_flow(way, &track, tracked == VSEG_TRACKED_FLOW);
}
