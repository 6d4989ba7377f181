// SPDX-License-Identifier: GPL-2.0
/* The policy in force, from the kernel. */
#include <stdlib.h>
#include <string.h>

#include "ctl.h"
#include "policy.h"

/* Until a policy is read without a commit in between. */
#define READ_TRIES	16

static int take_domains(struct ctl *c, const struct args *a, struct policy *p)
{
	struct list l = { 0 };
	const struct domain *d;
	struct item *i;
	size_t n;
	int code;

	code = ctl_dump(c, a, VSEG_CMD_DOMAIN_GET, &domain_schema, &l);
	for (n = 0, d = l.item; n < l.n && !code; n++, d++) {
		if (d->id < VSEG_DOMAIN_ID_MIN)
			continue;
		i = list_add(&p->domain, sizeof(*i));
		memcpy(i->domain.name, d->name, sizeof(d->name));
		i->domain.id = d->id;
		give(&i->domain, VSEG_A_DOMAIN_NAME);
		give(&i->domain, VSEG_A_DOMAIN_ID);
		i->domain.guard_permit = d->guard_permit;
		if (d->guard_permit)
			give(&i->domain, VSEG_A_DOMAIN_GUARD_PERMIT);
	}
	list_clear(&domain_schema, &l);
	return code;
}

static int take_bridges(struct ctl *c, const struct args *a, struct policy *p)
{
	struct list l = { 0 };
	const struct bridge *b;
	struct item *i;
	size_t n;
	int code;

	code = ctl_dump(c, a, VSEG_CMD_BRIDGE_GET, &bridge_schema, &l);
	for (n = 0, b = l.item; n < l.n && !code; n++, b++) {
		if (has(b, VSEG_A_BRIDGE_ENTRY))
			continue;	/* a pattern names it */
		i = list_add(&p->bridge, sizeof(*i));
		memcpy(i->bridge.name, b->name, sizeof(b->name));
		i->bridge.mode = b->mode;
		give(&i->bridge, VSEG_A_BRIDGE_NAME);
		give(&i->bridge, VSEG_A_BRIDGE_MODE);
	}
	list_clear(&bridge_schema, &l);
	return code;
}

static int take_selectors(struct ctl *c, const struct args *a,
			  struct policy *p)
{
	struct list l = { 0 };
	struct selector *s;
	struct item *i;
	size_t n;
	int code;

	code = ctl_dump(c, a, VSEG_CMD_SELECTOR_GET, &selector_schema, &l);
	for (n = 0, s = l.item; n < l.n && !code; n++, s++) {
		i = list_add(&p->selector, sizeof(*i));
		i->selector = *s;
		memset(&s->vlan, 0, sizeof(s->vlan));	/* they are the item's now */
		memset(&s->guard, 0, sizeof(s->guard));
		i->selector.has &= ~(BIT64(VSEG_A_SELECTOR_PORTS) |
				     BIT64(VSEG_A_SELECTOR_TRUST));
	}
	list_clear(&selector_schema, &l);
	return code;
}

static int take_cells(struct ctl *c, const struct args *a, struct policy *p)
{
	struct list l = { 0 };
	const struct cell *cell;
	struct item *i;
	size_t n;
	int code;

	code = ctl_dump(c, a, VSEG_CMD_CELL_GET, &cell_schema, &l);
	for (n = 0, cell = l.item; n < l.n && !code; n++, cell++) {
		if (cell->flags & VSEG_CELL_FLAGS_IMPLICIT)
			continue;
		i = list_add(&p->cell, sizeof(*i));
		i->cell = *cell;	/* with its counters */
		i->cell.has = 0;
		give(&i->cell, VSEG_A_CELL_SRC);
		give(&i->cell, VSEG_A_CELL_DST);
		give(&i->cell, VSEG_A_CELL_ACTION);
		give(&i->cell, VSEG_A_CELL_FLAGS);
		give(&i->cell, VSEG_A_CELL_SERVICES);
	}
	list_clear(&cell_schema, &l);
	list_sort(&p->cell, sizeof(*i), cell_order);
	return code;
}

/* A rule whose cell isn't there came with a commit in between: all is read again
 * then.
 */
static int take_rules(struct ctl *c, const struct args *a, struct policy *p)
{
	struct list l = { 0 };
	struct listed_rule *r;
	const struct item *i;
	struct rule *rule;
	size_t n;
	int code;

	code = ctl_dump(c, a, VSEG_CMD_RULE_GET, &rule_schema, &l);
	for (n = 0, rule = l.item; n < l.n && !code; n++, rule++) {
		i = policy_cell(p, rule->src, rule->dst);
		if (!i)
			continue;
		r = list_add((struct list *)&i->rule, sizeof(*r));
		r->rule = *rule;
		memset(&rule->match, 0, sizeof(rule->match));
		rule_tidy(&r->rule);
	}
	list_clear(&rule_schema, &l);
	return code;
}

static bool has_rules(const struct policy *p)
{
	const struct item *i = p->cell.item;
	size_t n;

	for (n = 0; n < p->cell.n; n++)
		if (i[n].cell.action == VSEG_ACTION_RULES)
			return true;
	return false;
}

static int take_generation(struct ctl *c, const struct args *a,
			   uint64_t *generation, bool *active)
{
	struct status status = { 0 };
	int code = ctl_get(c, a, VSEG_CMD_STATUS_GET, &status_schema, NULL,
			   &status);

	*generation = status.generation;
	*active = status.active;
	model_clear(&status_schema, &status);
	return code;
}

static int take_all(struct ctl *c, const struct args *a, struct policy *p)
{
	int code = ctl_get(c, a, VSEG_CMD_SETTINGS_GET, &settings_schema, NULL,
			   &p->settings);

	if (!code)
		code = take_domains(c, a, p);
	if (!code)
		code = take_bridges(c, a, p);
	if (!code)
		code = take_selectors(c, a, p);
	if (!code)
		code = take_cells(c, a, p);
	if (!code && has_rules(p))
		code = take_rules(c, a, p);
	return code;
}

/**
 * policy_in_force() - what the kernel decides by
 * @c: this run
 * @a: words, for messages
 * @p: result, to be cleared; sorted
 * @generation: result: its generation
 *
 * Return: DONE, REFUSED or ABSENT.
 */
int policy_in_force(struct ctl *c, const struct args *a, struct policy *p,
		    uint64_t *generation)
{
	unsigned int tries;
	uint64_t after;
	int code;

	for (tries = 1;; tries++) {
		policy_init(p);
		code = take_generation(c, a, generation, &p->active);
		if (!code)
			code = take_all(c, a, p);
		if (!code)
			code = take_generation(c, a, &after, &p->active);
		if (code || after == *generation)
			break;
		if (tries == READ_TRIES) {
			code = fail(REFUSED, "%s: the policy changes all the time; try again",
				    a->label);
			break;
		}
		policy_clear(p);	/* a commit came between */
	}
	policy_sort(p);
	return code;
}
