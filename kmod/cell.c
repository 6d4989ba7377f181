// SPDX-License-Identifier: GPL-2.0
/*
 * The policy: rules and services of its cells.
 */
#include "policy.h"

static struct vseg_cell *vseg_cell_of(struct vseg_tables *t, u32 key)
{
	return (struct vseg_cell *)vseg_tables_cell(t, key);
}

/**
 * vseg_tables_set_services - services that pass by a cell
 * @t: private tables
 * @key: key of a listed cell
 * @services: enum vseg_service
 */
void vseg_tables_set_services(struct vseg_tables *t, u32 key, u8 services)
{
	struct vseg_cell *cell = vseg_cell_of(t, key);

	t->nservices -= !!cell->services;
	t->nservices += !!services;
	cell->services = services;
}

/* The rules of a cell, to edit: policies in force may share them.  Other
 * tables can't come by them meanwhile but through these, which are private.
 */
static struct vseg_rules *vseg_cell_edit(struct vseg_cell *cell)
{
	struct vseg_rules *rules = cell->rules;

	if (refcount_read(&rules->ref) == 1) {
		vseg_rules_unseal(rules);
		return rules;
	}
	rules = vseg_rules_copy(cell->rules);
	if (rules) {
		vseg_rules_put(cell->rules);
		cell->rules = rules;
	}
	return rules;
}

/**
 * vseg_tables_add_rule - add a rule to a cell
 * @t: private tables
 * @key: key of a listed cell whose action is %VSEG_ACTION_RULES
 * @rule: rule with its counters; the cell takes a reference of its own
 * @at: its place, at most the number of the cell's rules
 *
 * Return: 0 or -ENOMEM, with nothing changed.
 */
int vseg_tables_add_rule(struct vseg_tables *t, u32 key,
			 struct vseg_rule *rule, u32 at)
{
	struct vseg_rules *rules = vseg_cell_edit(vseg_cell_of(t, key));
	int err = rules ? vseg_rules_add(rules, rule, at) : -ENOMEM;

	if (err)
		return err;
	t->nrules++;
	t->nmatches += rule->nmatches;
	return 0;
}

/**
 * vseg_tables_del_rule - take a rule out of a cell
 * @t: private tables
 * @key: key of a listed cell whose action is %VSEG_ACTION_RULES
 * @at: place of one of its rules
 *
 * Return: 0 or -ENOMEM, with nothing changed.
 */
int vseg_tables_del_rule(struct vseg_tables *t, u32 key, u32 at)
{
	struct vseg_rules *rules = vseg_cell_edit(vseg_cell_of(t, key));

	if (!rules)
		return -ENOMEM;
	t->nrules--;
	t->nmatches -= rules->rule[at]->nmatches;
	vseg_rules_del(rules, at);
	return 0;
}

/**
 * vseg_tables_clear_rules - take all rules out of a cell
 * @t: private tables
 * @key: key of a listed cell whose action is %VSEG_ACTION_RULES
 *
 * Return: 0 or -ENOMEM, with nothing changed.
 */
int vseg_tables_clear_rules(struct vseg_tables *t, u32 key)
{
	struct vseg_cell *cell = vseg_cell_of(t, key);
	struct vseg_rules *rules = vseg_rules_alloc();

	if (!rules)
		return -ENOMEM;
	t->nrules -= cell->rules->n;
	t->nmatches -= cell->rules->nmatches;
	vseg_rules_put(cell->rules);
	cell->rules = rules;
	return 0;
}

static int vseg_cell_seal(struct vseg_tables *t, struct vseg_cell *cell,
			  u64 *nwords)
{
	int err;

	if (!cell->rules)
		return 0;
	err = vseg_rules_seal(cell->rules);
	if (err)
		return err;
	t->rule_fields |= cell->rules->used;
	*nwords += cell->rules->nwords;
	return *nwords > VSEG_MAX_ALL_WORDS ? -E2BIG : 0;
}

/**
 * vseg_tables_seal - make all rules ready for frames
 * @t: tables that nobody edits
 *
 * Context: process, may sleep.
 * Return: 0, -ENOMEM, or -E2BIG where they would take more memory than rules
 * may.
 */
int vseg_tables_seal(struct vseg_tables *t)
{
	u64 nwords = 0;
	int err = 0;
	size_t i;

	t->rule_fields = 0;
	if (!t->nlists)
		return 0;
	for (i = 0; !err && i < 1UL << t->cell_bits; i++)
		err = vseg_cell_seal(t, &t->cells[i], &nwords);
	return err ?: vseg_cell_seal(t, &t->any_any, &nwords);
}
