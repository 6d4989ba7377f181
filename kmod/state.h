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
 * @live: its own: numbers of the zones that flows are in
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
	DECLARE_BITMAP(live, VSEG_ZONE_MAX + 1);
	bool labels;
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

bool vseg_state_asleep(const struct nf_conn *ct);

int vseg_state_prepare(struct vseg_net *vn, const struct vseg_tables *t);
void vseg_state_kick(struct vseg_net *vn);
void vseg_state_clear(struct vseg_net *vn);
void vseg_state_net_exit(struct vseg_net *vn);
void vseg_state_free(struct vseg_net *vn);

#endif /* VSEG_STATE_H */
