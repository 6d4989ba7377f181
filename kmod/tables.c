// SPDX-License-Identifier: GPL-2.0
/*
 * The policy: building it.  All of this works on tables that no frame can see
 * yet.
 */
#include <linux/string.h>

#include "policy.h"

/* Places in the smallest table of cells. */
#define VSEG_CELL_BITS_MIN	6

static struct vseg_cell *vseg_cells_alloc(u8 bits, gfp_t gfp)
{
	struct vseg_cell *cells;
	size_t n = 1UL << bits;

	cells = kvcalloc(n, sizeof(*cells), gfp);
	if (!cells)
		return NULL;
	while (n--)
		cells[n].key = VSEG_KEY_NONE;
	return cells;
}

/**
 * vseg_tables_alloc - an empty policy
 * @gfp: allocation flags
 *
 * Return: tables with one reference, the caller's; or NULL.
 */
struct vseg_tables *vseg_tables_alloc(gfp_t gfp)
{
	struct vseg_tables *t;

	t = kvzalloc(sizeof(*t), gfp);
	if (!t)
		return NULL;

	t->cell_bits = VSEG_CELL_BITS_MIN;
	t->cells = vseg_cells_alloc(t->cell_bits, gfp);
	if (!t->cells) {
		kvfree(t);
		return NULL;
	}
	refcount_set(&t->ref, 1);
	t->any_any.key = VSEG_KEY_NONE;
	t->settings.address_resolution = 1;
	t->settings.bridge_control = 1;
	t->settings.guard = 1;
	t->settings.state_limit = VSEG_STATE_LIMIT_DEFAULT;
	t->settings.zone_first = VSEG_ZONE_FIRST_DEFAULT;
	t->settings.zone_last = VSEG_ZONE_LAST_DEFAULT;
	return t;
}

/* A cell, or an empty place, holds its counters and its rules. */
static void vseg_cell_hold(const struct vseg_cell *cell)
{
	if (cell->stats)
		refcount_inc(&cell->stats->ref);
	if (cell->rules)
		refcount_inc(&cell->rules->ref);
}

static void vseg_cell_drop(struct vseg_cell *cell)
{
	if (cell->stats)
		vseg_cell_stats_put(cell->stats);
	vseg_rules_put(cell->rules);
	cell->stats = NULL;
	cell->rules = NULL;
}

/**
 * vseg_tables_put - give a reference back
 * @t: tables, or NULL
 *
 * Context: process, may sleep.
 */
void vseg_tables_put(struct vseg_tables *t)
{
	size_t i;

	if (!t || !refcount_dec_and_test(&t->ref))
		return;

	for (i = 0; t->cells && i < 1UL << t->cell_bits; i++)
		vseg_cell_drop(&t->cells[i]);
	vseg_cell_drop(&t->any_any);
	vseg_selector_set_clear(&t->selectors);
	vseg_domain_set_clear(&t->domains);
	kvfree(t->slots);
	kvfree(t->cells);
	kvfree(t);
}

/* The table is no more than half full, or vseg_cell_find() would not end. */
static struct vseg_cell *vseg_cells_place(struct vseg_cell *cells, u8 bits,
					  u32 key)
{
	u32 mask = (1u << bits) - 1;
	u32 i = hash_32(key, bits);

	while (cells[i].key != VSEG_KEY_NONE && cells[i].key != key)
		i = (i + 1) & mask;
	return &cells[i];
}

static void vseg_cells_fill(struct vseg_cell *to, u8 to_bits,
			    const struct vseg_cell *from, u8 from_bits)
{
	size_t i;

	for (i = 0; i < 1UL << from_bits; i++)
		if (from[i].key != VSEG_KEY_NONE)
			*vseg_cells_place(to, to_bits, from[i].key) = from[i];
}

/**
 * vseg_tables_copy - a private copy to edit
 * @from: tables of a policy
 *
 * Context: process, may sleep; the caller holds a reference to @from.
 * Return: tables with one reference, the caller's; or NULL.
 */
struct vseg_tables *vseg_tables_copy(const struct vseg_tables *from)
{
	struct vseg_tables *t;
	size_t i;

	t = kvmalloc(sizeof(*t), VSEG_GFP_TABLE);
	if (!t)
		return NULL;
	memcpy(t, from, sizeof(*t));
	refcount_set(&t->ref, 1);
	t->slots = NULL;
	memset(&t->domains, 0, sizeof(t->domains));
	memset(&t->selectors, 0, sizeof(t->selectors));
	t->any_any.stats = NULL;
	t->any_any.rules = NULL;
	t->cells = kvmalloc_array(1UL << t->cell_bits, sizeof(*t->cells),
				  VSEG_GFP_TABLE);
	if (!t->cells)
		goto err;

	memcpy(t->cells, from->cells, sizeof(*t->cells) << t->cell_bits);
	for (i = 0; i < 1UL << t->cell_bits; i++)
		vseg_cell_hold(&t->cells[i]);
	t->any_any = from->any_any;
	vseg_cell_hold(&t->any_any);

	if (vseg_domain_set_copy(&t->domains, &from->domains) ||
	    vseg_selector_set_copy(&t->selectors, &from->selectors))
		goto err;
	return t;

err:
	vseg_tables_put(t);
	return NULL;
}

/* Makes room for one more cell. */
static int vseg_cells_reserve(struct vseg_tables *t)
{
	u8 bits = t->cell_bits + 1;
	struct vseg_cell *cells;

	if ((t->ncells + 1) * 2 <= 1u << t->cell_bits)
		return 0;

	cells = vseg_cells_alloc(bits, VSEG_GFP_TABLE);
	if (!cells)
		return -ENOMEM;
	vseg_cells_fill(cells, bits, t->cells, t->cell_bits);
	kvfree(t->cells);
	t->cells = cells;
	t->cell_bits = bits;
	return 0;
}

/* Takes a cell out and moves those behind it up, so that no search meets an
 * empty place before its key.
 */
static void vseg_cells_remove(struct vseg_tables *t, struct vseg_cell *cell)
{
	u32 mask = (1u << t->cell_bits) - 1;
	u32 hole = cell - t->cells;
	u32 i = hole;

	t->nto_any -= vseg_key_dst(cell->key) == VSEG_SLOT_ANY;
	t->nfrom_any -= vseg_key_src(cell->key) == VSEG_SLOT_ANY;
	vseg_cell_drop(cell);
	for (;;) {
		u32 home;

		i = (i + 1) & mask;
		if (t->cells[i].key == VSEG_KEY_NONE)
			break;
		home = hash_32(t->cells[i].key, t->cell_bits);
		/* Stays where it is when its home lies behind the hole. */
		if (((i - home) & mask) < ((i - hole) & mask))
			continue;
		t->cells[hole] = t->cells[i];
		hole = i;
	}
	t->cells[hole] = (struct vseg_cell) { .key = VSEG_KEY_NONE };
	t->ncells--;
}

static struct vseg_cell *vseg_cell_slot(struct vseg_tables *t, u32 key)
{
	if (key == VSEG_KEY_NONE)
		return t->any_any.stats ? &t->any_any : NULL;
	return (struct vseg_cell *)vseg_cell_find(t->cells, t->cell_bits, key);
}

/**
 * vseg_tables_cell - look a cell up as it is listed, without wildcards
 * @t: tables
 * @key: vseg_key(), with %VSEG_SLOT_ANY for any
 *
 * Return: the cell, which may be implicit, or NULL.
 */
const struct vseg_cell *vseg_tables_cell(const struct vseg_tables *t, u32 key)
{
	return vseg_cell_slot((struct vseg_tables *)t, key);
}

/* What the tables count of a cell, and no longer. */
static void vseg_cell_uncount(struct vseg_tables *t,
			      const struct vseg_cell *cell)
{
	if (cell->flags & VSEG_CELL_FLAGS_MONITOR)
		t->nmonitor--;
	if (!(cell->flags & VSEG_CELL_FLAGS_IMPLICIT))
		t->nlisted--;
	if (cell->services)
		t->nservices--;
	if (cell->rules) {
		t->nlists--;
		t->nrules -= cell->rules->n;
		t->nmatches -= cell->rules->nmatches;
	}
}

/* Takes the rules over, which may be the cell's own; without services. */
static void vseg_cell_write(struct vseg_tables *t, struct vseg_cell *cell,
			    u8 action, u8 flags, struct vseg_rules *rules)
{
	if (cell->rules != rules)
		vseg_rules_put(cell->rules);
	cell->rules = rules;
	cell->action = action;
	cell->flags = flags;
	cell->services = 0;
	cell->quick = action == VSEG_ACTION_ALLOW &&
		      !(flags & (VSEG_CELL_FLAGS_LOG |
				 VSEG_CELL_FLAGS_ISOLATE));
	if (flags & VSEG_CELL_FLAGS_MONITOR)
		t->nmonitor++;
	if (!(flags & VSEG_CELL_FLAGS_IMPLICIT))
		t->nlisted++;
	if (rules) {
		t->nlists++;
		t->nrules += rules->n;
		t->nmatches += rules->nmatches;
	}
}

/* A new cell that says nothing yet. */
static struct vseg_cell *vseg_cells_add(struct vseg_tables *t, u32 key,
					struct vseg_cell_pool *pool)
{
	struct vseg_cell *cell = &t->any_any;
	struct vseg_cell_stats *stats;

	if (vseg_cells_reserve(t))
		return NULL;
	stats = vseg_cell_stats_alloc(pool);
	if (!stats)
		return NULL;

	if (key != VSEG_KEY_NONE) {
		cell = vseg_cells_place(t->cells, t->cell_bits, key);
		t->ncells++;
		t->nto_any += vseg_key_dst(key) == VSEG_SLOT_ANY;
		t->nfrom_any += vseg_key_src(key) == VSEG_SLOT_ANY;
	}
	cell->key = key;
	cell->stats = stats;
	return cell;
}

/**
 * vseg_tables_set_cell - list a cell, or change it
 * @t: private tables
 * @key: vseg_key(), with %VSEG_SLOT_ANY for any
 * @action: enum vseg_action; a cell that has rules keeps them if it is
 *	%VSEG_ACTION_RULES again
 * @flags: enum vseg_cell_flags
 * @pool: budget of the counters of a new cell
 *
 * The cell has no services then; see vseg_tables_set_services().
 *
 * Return: 0 or -ENOMEM, with nothing changed.
 */
int vseg_tables_set_cell(struct vseg_tables *t, u32 key, u8 action, u8 flags,
			 struct vseg_cell_pool *pool)
{
	struct vseg_cell *cell = vseg_cell_slot(t, key);
	struct vseg_rules *rules = NULL;

	if (action == VSEG_ACTION_RULES) {
		rules = cell && cell->rules ? cell->rules : vseg_rules_alloc();
		if (!rules)
			return -ENOMEM;
	}
	if (cell) {
		vseg_cell_uncount(t, cell);
	} else {
		cell = vseg_cells_add(t, key, pool);
		if (!cell) {
			vseg_rules_put(rules);
			return -ENOMEM;
		}
	}
	vseg_cell_write(t, cell, action, flags, rules);
	return 0;
}

/**
 * vseg_tables_del_cell - list a cell no longer
 * @t: private tables
 * @key: vseg_key(), with %VSEG_SLOT_ANY for any
 *
 * Inside a domain the implicit allow comes back.
 *
 * Return: 0, or -ENOENT when it isn't listed.
 */
int vseg_tables_del_cell(struct vseg_tables *t, u32 key)
{
	struct vseg_cell *cell = vseg_cell_slot(t, key);

	if (!cell || cell->flags & VSEG_CELL_FLAGS_IMPLICIT)
		return -ENOENT;

	vseg_cell_uncount(t, cell);
	if (key == VSEG_KEY_NONE) {
		vseg_cell_drop(cell);
		*cell = (struct vseg_cell) { .key = VSEG_KEY_NONE };
	} else if (vseg_key_src(key) == vseg_key_dst(key) &&
		   vseg_slot_is_operator(vseg_key_src(key))) {
		vseg_cell_write(t, cell, VSEG_ACTION_ALLOW,
				VSEG_CELL_FLAGS_IMPLICIT, NULL);
	} else {
		vseg_cells_remove(t, cell);
	}
	return 0;
}

/**
 * vseg_tables_add_domain - add a domain, with the allow inside it
 * @t: private tables without the domain
 * @domain: domain; the tables take a reference of their own
 * @pool: budget of the cell's counters
 *
 * Return: 0 or -ENOMEM, with nothing changed.
 */
int vseg_tables_add_domain(struct vseg_tables *t, struct vseg_domain *domain,
			   struct vseg_cell_pool *pool)
{
	int err;

	err = vseg_domain_set_add(&t->domains, domain);
	if (err)
		return err;
	err = vseg_tables_set_cell(t, vseg_key(domain->slot, domain->slot),
				   VSEG_ACTION_ALLOW, VSEG_CELL_FLAGS_IMPLICIT,
				   pool);
	if (err) {
		vseg_domain_set_del(&t->domains, domain);
		return err;
	}
	t->ndomains++;
	return 0;
}

/**
 * vseg_tables_del_domain - take out a domain that no listed cell names
 * @t: private tables with the domain
 * @domain: domain
 */
void vseg_tables_del_domain(struct vseg_tables *t, struct vseg_domain *domain)
{
	u32 key = vseg_key(domain->slot, domain->slot);

	vseg_cells_remove(t, vseg_cell_slot(t, key));
	t->ndomains--;
	vseg_domain_set_del(&t->domains, domain);
}

/**
 * vseg_tables_domain_cells - count the listed cells that name a domain
 * @t: tables
 * @slot: slot of the domain
 *
 * Return: their number.
 */
u32 vseg_tables_domain_cells(const struct vseg_tables *t, u16 slot)
{
	u32 n = 0;
	size_t i;

	for (i = 0; i < 1UL << t->cell_bits; i++) {
		const struct vseg_cell *cell = &t->cells[i];

		if (cell->key == VSEG_KEY_NONE ||
		    cell->flags & VSEG_CELL_FLAGS_IMPLICIT)
			continue;
		n += vseg_key_src(cell->key) == slot ||
		     vseg_key_dst(cell->key) == slot;
	}
	return n;
}

static bool vseg_actions_disagree(u8 a, u8 b)
{
	return a != b || a == VSEG_ACTION_RULES;
}

/* Do (s, any) and (any, d) disagree about the pair of @cell? */
static bool vseg_cell_settles_tie(const struct vseg_tables *t,
				  const struct vseg_cell *cell)
{
	u16 src = vseg_key_src(cell->key);
	u16 dst = vseg_key_dst(cell->key);
	const struct vseg_cell *to_any, *from_any;

	if (!vseg_slot_is_operator(src) || !vseg_slot_is_operator(dst))
		return false;
	to_any = vseg_tables_cell(t, vseg_key(src, VSEG_SLOT_ANY));
	from_any = vseg_tables_cell(t, vseg_key(VSEG_SLOT_ANY, dst));
	return to_any && from_any &&
	       vseg_actions_disagree(to_any->action, from_any->action);
}

/**
 * vseg_tables_ties - is there a pair for which two wildcards disagree?
 * @t: tables
 *
 * Counts the pairs that (s, any) and (any, d) disagree about, less those that
 * a cell of their own settles.  One pass over the cells.
 *
 * Return: whether a pair is left.
 */
bool vseg_tables_ties(const struct vseg_tables *t)
{
	u64 to_any[VSEG_ACTION_MAX + 1] = {};
	u64 from_any[VSEG_ACTION_MAX + 1] = {};
	u64 settled = 0, ties = 0;
	size_t i, j;

	for (i = 0; i < 1UL << t->cell_bits; i++) {
		const struct vseg_cell *cell = &t->cells[i];
		u16 src = vseg_key_src(cell->key);
		u16 dst = vseg_key_dst(cell->key);

		if (cell->key == VSEG_KEY_NONE)
			continue;
		if (dst == VSEG_SLOT_ANY)
			to_any[cell->action] += vseg_slot_is_operator(src);
		else if (src == VSEG_SLOT_ANY)
			from_any[cell->action] += vseg_slot_is_operator(dst);
		else
			settled += vseg_cell_settles_tie(t, cell);
	}
	for (i = 0; i < ARRAY_SIZE(to_any); i++)
		for (j = 0; j < ARRAY_SIZE(from_any); j++)
			if (vseg_actions_disagree(i, j))
				ties += to_any[i] * from_any[j];
	return ties > settled;
}

/**
 * vseg_tables_bridge_entry - look up what the policy says of a name
 * @t: tables
 * @name: interface name or pattern, as the operator gave it
 *
 * Return: the entry of that very name or pattern, or NULL.
 */
struct vseg_managed *vseg_tables_bridge_entry(struct vseg_tables *t,
					      const char *name)
{
	u32 i;

	for (i = 0; i < t->nbridges; i++)
		if (!strcmp(t->bridges[i].name, name))
			return &t->bridges[i];
	return NULL;
}

/* Is @m a pattern that goes before @best?  The longer one does; of two that
 * are equally long the first in the alphabet, so that the order in which they
 * were added doesn't matter.
 */
static bool vseg_managed_before(const struct vseg_managed *m,
				const struct vseg_managed *best)
{
	size_t len = strlen(m->name), best_len;

	if (!best)
		return true;
	best_len = strlen(best->name);
	if (len != best_len)
		return len > best_len;
	return strcmp(m->name, best->name) < 0;
}

/**
 * vseg_tables_bridge - is a bridge of this name managed?
 * @t: tables
 * @name: interface name
 *
 * Return: the entry that names it, or else the longest pattern that fits; or
 * NULL.
 */
struct vseg_managed *vseg_tables_bridge(struct vseg_tables *t,
					const char *name)
{
	struct vseg_managed *best = NULL;
	u32 i;

	for (i = 0; i < t->nbridges; i++) {
		struct vseg_managed *m = &t->bridges[i];

		if (!m->glob && !strcmp(m->name, name))
			return m;
		if (m->glob && vseg_managed_before(m, best) &&
		    vseg_glob(m->name, name))
			best = m;
	}
	return best;
}

/**
 * vseg_tables_add_bridge - manage a bridge, or all whose names fit
 * @t: private tables without the entry
 * @name: interface name or pattern
 * @mode: enum vseg_bridge_mode
 *
 * Return: 0, or -ENOSPC when %VSEG_MAX_BRIDGES are managed.
 */
int vseg_tables_add_bridge(struct vseg_tables *t, const char *name, u8 mode)
{
	struct vseg_managed *m;

	if (t->nbridges >= VSEG_MAX_BRIDGES)
		return -ENOSPC;
	m = &t->bridges[t->nbridges++];
	strscpy(m->name, name, sizeof(m->name));
	m->glob = vseg_glob_has_wildcard(name);
	m->mode = mode;
	return 0;
}

/**
 * vseg_tables_del_bridge - manage a bridge no longer
 * @t: private tables
 * @m: one of its bridges
 */
void vseg_tables_del_bridge(struct vseg_tables *t, struct vseg_managed *m)
{
	*m = t->bridges[--t->nbridges];
}
