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

/*
 * Which cells have frames that connection tracking must see.
 */

/**
 * struct vseg_state_map - which cells have stateful rules
 * @to: slots that some cell of two named domains leads to
 * @from: slots that some cell of two named domains leads from
 * @to_any: some cell (s, any) has
 * @from_any: some cell (any, d) has
 * @any_any: the cell (any, any) has
 */
struct vseg_state_map {
	DECLARE_BITMAP(to, VSEG_SLOT_ANY + 1);
	DECLARE_BITMAP(from, VSEG_SLOT_ANY + 1);
	bool to_any;
	bool from_any;
	bool any_any;
};

static void vseg_state_map_add(struct vseg_state_map *map,
			       const struct vseg_cell *cell)
{
	u16 src = vseg_key_src(cell->key), dst = vseg_key_dst(cell->key);

	if (!vseg_cell_stateful(cell))
		return;
	if (src == VSEG_SLOT_ANY && dst == VSEG_SLOT_ANY) {
		map->any_any = true;
	} else if (dst == VSEG_SLOT_ANY) {
		map->to_any = true;
	} else if (src == VSEG_SLOT_ANY) {
		map->from_any = true;
	} else {
		__set_bit(dst, map->to);
		__set_bit(src, map->from);
	}
}

static bool vseg_listed_stateful(const struct vseg_tables *t, u16 src, u16 dst)
{
	const struct vseg_cell *cell = vseg_tables_cell(t, vseg_key(src, dst));

	return cell && vseg_cell_stateful(cell);
}

/* May a cell of the other direction have stateful rules?  Where a cell stands
 * for many pairs, those of all of them count.
 */
static bool vseg_state_back(const struct vseg_tables *t,
			    const struct vseg_state_map *map, u16 src, u16 dst)
{
	if (map->any_any)
		return true;
	if (src == VSEG_SLOT_ANY && dst == VSEG_SLOT_ANY)
		return true;
	if (dst == VSEG_SLOT_ANY)
		return map->to_any || test_bit(src, map->to) ||
		       vseg_listed_stateful(t, VSEG_SLOT_ANY, src);
	if (src == VSEG_SLOT_ANY)
		return map->from_any || test_bit(dst, map->from) ||
		       vseg_listed_stateful(t, dst, VSEG_SLOT_ANY);
	return vseg_listed_stateful(t, dst, src) ||
	       vseg_listed_stateful(t, dst, VSEG_SLOT_ANY) ||
	       vseg_listed_stateful(t, VSEG_SLOT_ANY, src);
}

static void vseg_cell_set_state(struct vseg_cell *cell, bool state)
{
	cell->state = state;
	cell->quick = cell->action == VSEG_ACTION_ALLOW && !state &&
		      !(cell->flags & (VSEG_CELL_FLAGS_LOG |
				       VSEG_CELL_FLAGS_ISOLATE));
}

static void vseg_cell_mark(const struct vseg_tables *t,
			   const struct vseg_state_map *map,
			   struct vseg_cell *cell)
{
	if (cell->stats)
		vseg_cell_set_state(cell, t->stateful &&
				    (vseg_cell_stateful(cell) ||
				     vseg_state_back(t, map,
						     vseg_key_src(cell->key),
						     vseg_key_dst(cell->key))));
}

/* Once for each cell; nothing where there are and were no stateful rules. */
static int vseg_tables_seal_state(struct vseg_tables *t)
{
	bool stateful = vseg_cell_stateful(&t->any_any);
	struct vseg_state_map *map;
	size_t i, n = 1UL << t->cell_bits;

	for (i = 0; i < n && !stateful; i++)
		stateful = vseg_cell_stateful(&t->cells[i]);
	if (!stateful && !t->stateful)
		return 0;
	map = kvzalloc(sizeof(*map), VSEG_GFP_TABLE);
	if (!map)
		return -ENOMEM;
	t->stateful = stateful;
	for (i = 0; i < n; i++)
		vseg_state_map_add(map, &t->cells[i]);
	vseg_state_map_add(map, &t->any_any);
	for (i = 0; i < n; i++)
		vseg_cell_mark(t, map, &t->cells[i]);
	vseg_cell_mark(t, map, &t->any_any);
	kvfree(map);
	return 0;
}

static void vseg_listed_mark(struct vseg_tables *t, u16 src, u16 dst)
{
	struct vseg_cell *cell = vseg_cell_of(t, vseg_key(src, dst));

	if (cell)
		vseg_cell_set_state(cell, true);
}

/**
 * vseg_tables_mark_back - have connection tracking see all frames of a pair
 * @t: sealed tables that no frame sees yet
 * @a: slot of one domain
 * @b: slot of the other
 */
void vseg_tables_mark_back(struct vseg_tables *t, u16 a, u16 b)
{
	t->stateful = true;
	vseg_listed_mark(t, a, b);
	vseg_listed_mark(t, b, a);
	vseg_listed_mark(t, a, VSEG_SLOT_ANY);
	vseg_listed_mark(t, b, VSEG_SLOT_ANY);
	vseg_listed_mark(t, VSEG_SLOT_ANY, a);
	vseg_listed_mark(t, VSEG_SLOT_ANY, b);
	vseg_listed_mark(t, VSEG_SLOT_ANY, VSEG_SLOT_ANY);
}

static void vseg_tables_mark_all(struct vseg_tables *t)
{
	size_t i;

	t->stateful = true;
	for (i = 0; i < 1UL << t->cell_bits; i++)
		if (t->cells[i].stats)
			vseg_cell_set_state(&t->cells[i], true);
	if (t->any_any.stats)
		vseg_cell_set_state(&t->any_any, true);
}

/**
 * vseg_tables_mark_kept - have connection tracking see flows that may be kept
 * @t: sealed tables that no frame sees yet
 * @old: tables in force, by which flows begin that outlive their rules
 */
void vseg_tables_mark_kept(struct vseg_tables *t, const struct vseg_tables *old)
{
	size_t i;

	if (old->any_any.rules && old->any_any.rules->keeps)
		return vseg_tables_mark_all(t);
	for (i = 0; i < 1UL << old->cell_bits; i++) {
		const struct vseg_cell *cell = &old->cells[i];
		u16 src = vseg_key_src(cell->key);
		u16 dst = vseg_key_dst(cell->key);

		if (!cell->rules || !cell->rules->keeps)
			continue;
		if (src == VSEG_SLOT_ANY || dst == VSEG_SLOT_ANY)
			return vseg_tables_mark_all(t);
		vseg_tables_mark_back(t, src, dst);
	}
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
	if (!t->nlists && !t->stateful)
		return 0;
	for (i = 0; !err && i < 1UL << t->cell_bits; i++)
		err = vseg_cell_seal(t, &t->cells[i], &nwords);
	return err ?: vseg_cell_seal(t, &t->any_any, &nwords) ?:
	       vseg_tables_seal_state(t);
}
