/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Stateful rules: the flows that they allow, by the kernel's connection
 * tracking.
 */
#ifndef VSEG_STATE_H
#define VSEG_STATE_H

#include "flow.h"
#include "zone.h"

/**
 * struct vseg_state - connection tracking in one namespace
 * @vn: the namespace
 * @template: of each CPU, what tells connection tracking the zone
 * @zones: zones in use
 * @flows: flows that are counted
 * @work: ends what nobody needs any more
 * @labels: the namespace's entries have labels; under vseg_net.commit_lock
 *
 * Made before the first policy with stateful rules, and there until the
 * namespace goes.
 */
struct vseg_state {
	struct vseg_net *vn;
	struct nf_conn * __percpu *template;
	struct vseg_zones zones;
	struct vseg_flows flows;
	struct delayed_work work;
	bool labels;
};

/**
 * enum vseg_tracked - what connection tracking says of a frame
 * @VSEG_TRACKED_NONE: nothing: the frame may begin a flow, or is none
 * @VSEG_TRACKED_FLOW: it is part of a flow, in the direction that began it
 * @VSEG_TRACKED_BACK: it is part of a flow, but counts for no rule: an answer,
 *	a related error, or of a flow that outlived its rule
 */
enum vseg_tracked {
	VSEG_TRACKED_NONE,
	VSEG_TRACKED_FLOW,
	VSEG_TRACKED_BACK,
};

/**
 * struct vseg_track - a frame for connection tracking
 * @state: of the namespace
 * @policy: policy that decides it
 * @skb: the frame
 * @bridge: bridge that it crosses
 * @src: domain that it comes from
 * @dst: domain that it goes to
 * @cell: the cell of the two
 * @vid: VLAN of the bridge, or %VSEG_VID_NONE
 * @fields: what it says, once @described
 * @described: see @fields
 * @fits: connection tracking can be asked of it
 * @full: it could not be asked for want of memory or room
 * @first: it is the first fragment of a datagram
 * @pf: NFPROTO_IPV4 or NFPROTO_IPV6
 * @info: enum ip_conntrack_info, with @ct
 * @mismatch: @ct belongs to another ordered pair of domains
 * @end: bytes of the IP packet
 * @rule: place of the rule that allowed the flow, with %VSEG_TRACKED_FLOW
 * @zone: its zone, or NULL
 * @ct: its entry, or NULL; a reference
 */
struct vseg_track {
	struct vseg_state *state;
	const struct vseg_policy *policy;
	struct sk_buff *skb;
	struct vseg_bridge *bridge;
	struct vseg_domain *src;
	struct vseg_domain *dst;
	const struct vseg_cell *cell;
	u16 vid;
	struct vseg_fields *fields;
	bool described;
	bool fits;
	bool full;
	bool first;
	u8 pf;
	u8 info;
	bool mismatch;
	u32 end;
	u32 rule;
	struct vseg_zone *zone;
	struct nf_conn *ct;
};

/**
 * vseg_state_wanted - may a frame be part of a flow, or begin one?
 * @vn: namespace
 * @policy: policy that decides it
 * @cell: cell of its domains
 * @src: slot of its source domain
 * @dst: slot of its destination domain
 *
 * Context: RCU read-side section.
 * Return: whether connection tracking has to be asked.
 */
static inline bool vseg_state_wanted(const struct vseg_net *vn,
				     const struct vseg_policy *policy,
				     const struct vseg_cell *cell,
				     u16 src, u16 dst)
{
	if (likely(!policy->stateful))
		return false;
	/* The table says of each cell that is listed. */
	if (cell->stats)
		return cell->state;
	return vseg_policy_back_stateful(policy, src, dst) ||
	       READ_ONCE(vn->state->zones.nkeep);
}

u8 vseg_track_find(struct vseg_track *track);
void vseg_track_describe(struct vseg_track *track);
u8 vseg_track_begin(struct vseg_track *track, u32 rule);
u8 vseg_track_denied(struct vseg_track *track, u8 reason);
void vseg_track_end(struct vseg_track *track);
bool vseg_state_asleep(const struct nf_conn *ct);

int vseg_state_prepare(struct vseg_net *vn, const struct vseg_tables *t);
void vseg_state_kick(struct vseg_net *vn);
void vseg_state_clear(struct vseg_net *vn);
void vseg_state_net_exit(struct vseg_net *vn);
void vseg_state_free(struct vseg_net *vn);

#endif /* VSEG_STATE_H */
