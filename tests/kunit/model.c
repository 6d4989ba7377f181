// SPDX-License-Identifier: GPL-2.0
/*
 * The policy, once more.
 *
 * A policy is the list of cells that the operator wrote.  Everything is found
 * by walking over all of it; the comments are the words that each part is
 * written from.
 */
#include "model.h"

/* Operator domains are 16 to 65535. */
bool model_operator(int domain)
{
	return domain >= VSEG_DOMAIN_ID_MIN && domain <= VSEG_DOMAIN_ID_MAX;
}

struct model_cell *model_listed(struct model_policy *policy, int src, int dst)
{
	unsigned int i;

	for (i = 0; i < policy->ncells; i++)
		if (policy->cell[i].src == src && policy->cell[i].dst == dst)
			return &policy->cell[i];
	return NULL;
}

void model_set_cell(struct model_policy *policy, int src, int dst,
		    enum vseg_action action, bool monitor)
{
	struct model_cell *cell = model_listed(policy, src, dst);

	if (!cell)
		cell = &policy->cell[policy->ncells++];
	cell->src = src;
	cell->dst = dst;
	cell->action = action;
	cell->monitor = monitor;
}

bool model_del_cell(struct model_policy *policy, int src, int dst)
{
	struct model_cell *cell = model_listed(policy, src, dst);

	if (!cell)
		return false;
	*cell = policy->cell[--policy->ncells];
	return true;
}

void model_del_domain(struct model_policy *policy, int domain)
{
	unsigned int i;

	for (i = 0; i < policy->ndomains; i++) {
		if (policy->domain[i] != domain)
			continue;
		policy->domain[i] = policy->domain[--policy->ndomains];
		return;
	}
}

/* How many cells name a domain? */
unsigned int model_naming(const struct model_policy *policy, int domain)
{
	unsigned int i, n = 0;

	for (i = 0; i < policy->ncells; i++)
		if (policy->cell[i].src == domain ||
		    policy->cell[i].dst == domain)
			n++;
	return n;
}

/* "any" stands for operator domains only. */
static bool model_end_matches(int end, int domain)
{
	if (end == MODEL_ANY)
		return model_operator(domain);
	return end == domain;
}

static int model_wildcards(const struct model_cell *cell)
{
	return (cell->src == MODEL_ANY) + (cell->dst == MODEL_ANY);
}

/* Deny lets less pass than rules, and these less than allow. */
static int model_strict(enum vseg_action action)
{
	return action == VSEG_ACTION_DENY ? 2 : action == VSEG_ACTION_RULES;
}

static void model_hear(const struct model_cell *cell,
		       struct model_answer *answer)
{
	/* Deny wins, and over a monitored cell one that isn't. */
	if (!answer->listed ||
	    model_strict(cell->action) > model_strict(answer->action)) {
		answer->listed = true;
		answer->action = cell->action;
		answer->monitor = cell->monitor;
	} else if (cell->action == VSEG_ACTION_DENY) {
		answer->monitor = answer->monitor && cell->monitor;
	} else if (cell->action == VSEG_ACTION_RULES &&
		   answer->action == VSEG_ACTION_RULES) {
		/* Two lists of rules: the pair gets nothing. */
		answer->torn = true;
	}
}

/* What do the cells say of an ordered pair? */
static void model_cells(struct model_policy *policy, int src, int dst,
			struct model_answer *answer)
{
	/* The implicit allow inside a domain counts as an explicit (d, d). */
	const struct model_cell implicit = {
		.src = src,
		.dst = dst,
		.action = VSEG_ACTION_ALLOW,
	};
	unsigned int i;
	int wildcards;

	*answer = (struct model_answer) {
		.action = VSEG_ACTION_DENY,	/* an unlisted cell denies */
	};
	/* Most specific wins: (s, d) over one wildcard over two. */
	for (wildcards = 0; wildcards <= 2 && !answer->listed; wildcards++) {
		if (!wildcards && src == dst && model_operator(src) &&
		    !model_listed(policy, src, dst))
			model_hear(&implicit, answer);
		for (i = 0; i < policy->ncells; i++) {
			const struct model_cell *cell = &policy->cell[i];

			if (model_wildcards(cell) == wildcards &&
			    model_end_matches(cell->src, src) &&
			    model_end_matches(cell->dst, dst))
				model_hear(cell, answer);
		}
	}
	if (answer->torn)
		*answer = (struct model_answer) {
			.action = VSEG_ACTION_DENY,
		};
}

static bool model_allows(struct model_policy *policy, int src, int dst)
{
	struct model_answer answer;

	model_cells(policy, src, dst, &answer);
	return answer.action == VSEG_ACTION_ALLOW;
}

static enum vseg_pass model_pass(struct model_policy *policy,
				 const struct model_copy *copy)
{
	/* Address resolution, wherever a cell of either direction carries IP;
	 * unlabelled never gets anything.
	 */
	if (copy->kind == MODEL_RESOLUTION && policy->address_resolution &&
	    copy->src != MODEL_UNLABELLED && copy->dst != MODEL_UNLABELLED &&
	    (model_allows(policy, copy->src, copy->dst) ||
	     model_allows(policy, copy->dst, copy->src)))
		return VSEG_PASS_ADDRESS_RESOLUTION;

	/* BPDUs that the bridge itself sends, to unlabelled ports as well. */
	if (copy->kind == MODEL_BPDU && policy->bridge_control && copy->own)
		return VSEG_PASS_BRIDGE_CONTROL;

	/* Queries from the bridge's own querier or a trunk port; what entered
	 * there in a VLAN without a domain is unlabelled.
	 */
	if (copy->kind == MODEL_QUERY && policy->bridge_control &&
	    copy->dst != MODEL_UNLABELLED) {
		if (copy->own)
			return VSEG_PASS_BRIDGE_CONTROL;
		if (copy->trunk && copy->src != MODEL_UNLABELLED)
			return VSEG_PASS_BRIDGE_CONTROL;
	}
	return VSEG_PASS_NONE;
}

void model_answer(struct model_policy *policy, const struct model_copy *copy,
		  struct model_answer *answer)
{
	model_cells(policy, copy->src, copy->dst, answer);
	answer->pass = VSEG_PASS_NONE;
	answer->reason = VSEG_REASON_NONE;
	if (answer->action == VSEG_ACTION_ALLOW)
		return;

	answer->pass = model_pass(policy, copy);
	if (answer->pass != VSEG_PASS_NONE)
		return;

	if (copy->src == MODEL_UNLABELLED)
		answer->reason = VSEG_REASON_UNLABELLED_SRC;
	else if (copy->dst == MODEL_UNLABELLED)
		answer->reason = VSEG_REASON_UNLABELLED_DST;
	else if (answer->action == VSEG_ACTION_RULES)
		answer->reason = VSEG_REASON_NO_RULE;	/* there are none */
	else if (answer->listed)
		answer->reason = VSEG_REASON_CELL_DENY;
	else
		answer->reason = VSEG_REASON_DEFAULT_DENY;
}

/* A tie: (s, any) and (any, d) both match, they disagree, and (s, d) isn't
 * listed.
 */
bool model_ties(struct model_policy *policy)
{
	unsigned int i, j;

	for (i = 0; i < policy->ndomains; i++) {
		for (j = 0; j < policy->ndomains; j++) {
			int src = policy->domain[i], dst = policy->domain[j];
			const struct model_cell *to_any, *from_any;

			to_any = model_listed(policy, src, MODEL_ANY);
			from_any = model_listed(policy, MODEL_ANY, dst);
			if (to_any && from_any && src != dst &&
			    (to_any->action != from_any->action ||
			     to_any->action == VSEG_ACTION_RULES) &&
			    !model_listed(policy, src, dst))
				return true;
		}
	}
	return false;
}

/* A trunk port takes its label from a map of VLANs. */
int model_vlan(const struct model_trunk *trunk, unsigned int vid)
{
	unsigned int i;

	for (i = 0; i < trunk->nranges; i++)
		if (vid >= trunk->range[i].first && vid <= trunk->range[i].last)
			return trunk->range[i].domain;
	return trunk->rest;
}

/* The domain of a copy that has lost its tag: of the VLANs that the port of
 * ingress is in (@in) and for which the port of egress is untagged (@out).
 * If they are mapped to different domains, or there is none, it can't be told.
 */
int model_untagged(const struct model_trunk *trunk, const bool *in,
		   const bool *out)
{
	int domain = MODEL_UNTOLD;
	unsigned int vid;

	for (vid = 0; vid < MODEL_VLANS; vid++) {
		if (!in[vid] || !out[vid])
			continue;
		if (domain == MODEL_UNTOLD)
			domain = model_vlan(trunk, vid);
		else if (domain != model_vlan(trunk, vid))
			return MODEL_UNTOLD;
	}
	return domain;
}
