// SPDX-License-Identifier: GPL-2.0
/*
 * Stateful rules: connection tracking in a namespace, and its end.
 */
#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_conntrack_labels.h>
#include <net/netfilter/nf_conntrack_zones.h>

#include "state.h"

#if !defined(CONFIG_NF_CONNTRACK_MARK) || \
	!defined(CONFIG_NF_CONNTRACK_ZONES) || \
	!defined(CONFIG_NF_CONNTRACK_LABELS)
#error "vseg needs connection tracking with marks, zones and labels"
#endif

/* Between two looks at what is over. */
#define VSEG_STATE_GAP		(2 * HZ)

static void vseg_state_work(struct work_struct *work)
{
	struct vseg_state *state = container_of(to_delayed_work(work),
						struct vseg_state, work);
	struct vseg_net *vn = state->vn;
	struct vseg_flows *flows = &state->flows;
	struct vseg_policy *policy;
	struct vseg_tables *t;
	bool again = true;

	mutex_lock(&vn->commit_lock);
	/* Else frames may still be decided by the policy before. */
	if (!vn->unsettled) {
		mutex_lock(&vn->lock);
		policy = vseg_policy_locked(vn);
		mutex_unlock(&vn->lock);
		t = policy ? policy->tables : NULL;
		vseg_flows_sweep(flows, t, state->live);
		if (vseg_zones_sweep(vn, &state->zones, state->live))
			vseg_flows_sweep(flows, t, state->live);
		vseg_zones_reclaim(vn, &state->zones, state->live);
		again = policy && (policy->stateful || state->zones.n ||
				   atomic_read(&flows->n));
	}
	mutex_unlock(&vn->commit_lock);
	if (again)
		queue_delayed_work(vseg_wq, &state->work, VSEG_STATE_GAP);
}

static void vseg_templates_free(struct vseg_state *state)
{
	struct nf_conn *template;
	int cpu;

	if (!state->template)
		return;
	for_each_possible_cpu(cpu) {
		template = *per_cpu_ptr(state->template, cpu);
		if (template)
			nf_ct_put(template);
	}
	free_percpu(state->template);
}

static int vseg_templates_make(struct vseg_state *state)
{
	struct nf_conn *template;
	int cpu;

	state->template = alloc_percpu_gfp(struct nf_conn *,
					   GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (!state->template)
		return -ENOMEM;
	for_each_possible_cpu(cpu) {
		template = nf_ct_tmpl_alloc(state->vn->net, &nf_ct_zone_dflt,
					    GFP_KERNEL_ACCOUNT);
		if (!template)
			return -ENOMEM;
		/* So that what a helper expects is found in its zone. */
		__set_bit(IPS_CONFIRMED_BIT, &template->status);
		*per_cpu_ptr(state->template, cpu) = template;
	}
	return 0;
}

static struct vseg_state *vseg_state_make(struct vseg_net *vn)
{
	struct vseg_state *state;

	state = kvzalloc(sizeof(*state), VSEG_GFP_TABLE);
	if (!state)
		return NULL;
	state->vn = vn;
	vseg_zones_init(&state->zones);
	vseg_flows_init(&state->flows);
	INIT_DELAYED_WORK(&state->work, vseg_state_work);
	if (vseg_templates_make(state)) {
		vseg_templates_free(state);
		kvfree(state);
		return NULL;
	}
	return state;
}

/**
 * vseg_state_prepare - get ready for stateful rules
 * @vn: namespace
 * @t: tables that are about to be in force
 *
 * Context: vseg_net.commit_lock held; may sleep.
 * Return: 0 or -ENOMEM.
 */
int vseg_state_prepare(struct vseg_net *vn, const struct vseg_tables *t)
{
	struct vseg_state *state = vn->state;

	lockdep_assert_held(&vn->commit_lock);

	if (!t->stateful)
		return 0;
	if (!state) {
		state = vseg_state_make(vn);
		if (!state)
			return -ENOMEM;
		/* Whoever sees the policy sees it; readers of counts, too. */
		smp_store_release(&vn->state, state);
	}
	if (!state->labels) {
		int err = nf_connlabels_get(vn->net, 0);

		if (err)
			return err;
		state->labels = true;
	}
	return 0;
}

/**
 * vseg_state_kick - what flows need has changed
 * @vn: namespace
 *
 * Context: process.
 */
void vseg_state_kick(struct vseg_net *vn)
{
	if (vn->state)
		mod_delayed_work(vseg_wq, &vn->state->work, 0);
}

/**
 * vseg_state_clear - end all flows
 * @vn: namespace; no policy is in force, and no frame is decided by one
 *
 * Connection tracking waits for all entries that somebody refers to before a
 * namespace goes.
 *
 * Context: vseg_net.commit_lock held; may sleep.
 */
void vseg_state_clear(struct vseg_net *vn)
{
	struct vseg_state *state = vn->state;

	lockdep_assert_held(&vn->commit_lock);

	if (!state)
		return;
	vseg_zones_clear(vn, &state->zones);
	vseg_flows_clear(&state->flows);
	if (state->labels)
		nf_connlabels_put(vn->net);
	state->labels = false;
}

/**
 * vseg_state_net_exit - no worker runs any more
 * @vn: namespace; vseg_state_clear() was here
 *
 * Context: process, may sleep; vseg_net.commit_lock not held.
 */
void vseg_state_net_exit(struct vseg_net *vn)
{
	if (vn->state)
		cancel_delayed_work_sync(&vn->state->work);
}

/**
 * vseg_state_free - free what is left
 * @vn: namespace; no frame comes any more
 */
void vseg_state_free(struct vseg_net *vn)
{
	if (!vn->state)
		return;
	vseg_templates_free(vn->state);
	kvfree(vn->state);
	vn->state = NULL;
}
