// SPDX-License-Identifier: GPL-2.0
/*
 * Building a policy: domains, cells, bridges, copies, and no memory for them.
 */
#include "memory.h"
#include "../../kmod/tables.c"

#include "twin.h"

/* A new policy denies and has its built-in passes. */
static void tables_empty(struct kunit *test)
{
	struct twin *twin = twin_new(test, twin_net(test));
	const struct vseg_settings *settings = &twin->tables->settings;

	KUNIT_EXPECT_EQ(test, settings->address_resolution, 1);
	KUNIT_EXPECT_EQ(test, settings->bridge_control, 1);
	KUNIT_EXPECT_EQ(test, settings->unmanaged, VSEG_UNMANAGED_PASS);
	KUNIT_EXPECT_EQ(test, settings->flood_events, 0);
	KUNIT_EXPECT_EQ(test, twin->tables->nbridges, 0);
	KUNIT_EXPECT_EQ(test, twin->tables->ncells, 0);
	twin_compare(twin, 0);
	twin_compare_pairs(twin, 0);
	vseg_tables_put(NULL);
}

/* The allow inside a domain gives way to a listed cell, and comes back. */
static void tables_implicit(struct kunit *test)
{
	struct twin *twin = twin_new(test, twin_net(test));
	const struct vseg_cell *cell;
	u32 key;

	KUNIT_ASSERT_EQ(test, 0, twin_add_domain(twin, 16));
	key = twin_key(twin, 16, 16);
	cell = vseg_tables_cell(twin->tables, key);
	KUNIT_ASSERT_NOT_NULL(test, cell);
	KUNIT_EXPECT_EQ(test, cell->flags, VSEG_CELL_FLAGS_IMPLICIT);
	KUNIT_EXPECT_EQ(test, cell->action, VSEG_ACTION_ALLOW);
	KUNIT_EXPECT_EQ(test, -ENOENT, twin_del_cell(twin, 16, 16));

	twin_set_cell(twin, 16, 16, VSEG_ACTION_DENY, true);
	twin_compare(twin, 0);
	twin_compare_pairs(twin, 0);
	KUNIT_EXPECT_EQ(test, 0, twin_del_cell(twin, 16, 16));
	cell = vseg_tables_cell(twin->tables, key);
	KUNIT_ASSERT_NOT_NULL(test, cell);
	KUNIT_EXPECT_EQ(test, cell->flags, VSEG_CELL_FLAGS_IMPLICIT);
	KUNIT_EXPECT_EQ(test, cell->action, VSEG_ACTION_ALLOW);
	twin_compare(twin, 0);
	twin_compare_pairs(twin, 0);

	twin_del_domain(twin, 16);
	KUNIT_EXPECT_NULL(test, vseg_tables_cell(twin->tables, key));
	KUNIT_EXPECT_EQ(test, twin->tables->ncells, 0);
}

/* What a cell has counted stays with it until it is listed no longer. */
static void tables_counts(struct kunit *test)
{
	struct twin *twin = twin_new(test, twin_net(test));
	struct vseg_cell_stats *stats;
	unsigned int i;

	KUNIT_ASSERT_EQ(test, 0, twin_add_domain(twin, 16));
	KUNIT_ASSERT_EQ(test, 0, twin_add_domain(twin, 17));
	twin_set_cell(twin, 16, 17, VSEG_ACTION_ALLOW, false);
	stats = vseg_tables_cell(twin->tables, twin_key(twin, 16, 17))->stats;
	KUNIT_ASSERT_NOT_NULL(test, stats);

	twin_set_cell(twin, 16, 17, VSEG_ACTION_DENY, true);
	/* So many others that the table grows. */
	for (i = 0; i < 200; i++)
		vseg_tables_set_cell(twin->tables, vseg_key(1000, i),
				     VSEG_ACTION_ALLOW, 0, &twin->net->pool);
	KUNIT_EXPECT_GT(test, twin->tables->cell_bits, 6);
	KUNIT_EXPECT_PTR_EQ(test, stats,
			    vseg_tables_cell(twin->tables,
					     twin_key(twin, 16, 17))->stats);
	KUNIT_EXPECT_EQ(test, refcount_read(&stats->ref), 1);
}

#define FULL_DOMAINS	128
#define FULL_CELLS	(FULL_DOMAINS * FULL_DOMAINS)

static u32 full_key(unsigned int i)
{
	return vseg_key(VSEG_SLOT_FIRST + i / FULL_DOMAINS,
			VSEG_SLOT_FIRST + i % FULL_DOMAINS);
}

static void full_shuffle(struct rnd_state *rnd, u32 *keys, unsigned int n)
{
	unsigned int i, j;

	for (i = n - 1; i; i--) {
		j = below(rnd, i + 1);
		swap(keys[i], keys[j]);
	}
}

/* Every pair of many domains, deleted in any order. */
static void tables_full(struct kunit *test)
{
	struct twin *twin = twin_new(test, twin_net(test));
	struct vseg_tables *t = twin->tables;
	u32 *keys = kvcalloc(FULL_CELLS, sizeof(*keys), GFP_KERNEL);
	unsigned int i, wrong = 0;
	struct rnd_state rnd;

	KUNIT_ASSERT_NOT_NULL(test, keys);
	random_case(&rnd, __func__, 0);
	for (i = 0; i < FULL_CELLS; i++)
		keys[i] = full_key(i);
	full_shuffle(&rnd, keys, FULL_CELLS);

	for (i = 0; i < FULL_CELLS; i++)
		wrong += !!vseg_tables_set_cell(t, keys[i], i % 2, 0,
						&twin->net->pool);
	KUNIT_EXPECT_EQ(test, wrong, 0);
	KUNIT_EXPECT_EQ(test, t->nlisted, FULL_CELLS);
	KUNIT_EXPECT_LE(test, t->ncells * 2, 1U << t->cell_bits);
	for (i = 0; i < FULL_CELLS; i++) {
		const struct vseg_cell *cell = vseg_tables_cell(t, keys[i]);

		wrong += !cell || cell->key != keys[i] || cell->action != i % 2;
	}
	KUNIT_EXPECT_EQ(test, wrong, 0);

	full_shuffle(&rnd, keys, FULL_CELLS);
	for (i = 0; i < FULL_CELLS; i++) {
		/* The last one still to be deleted is there all the time. */
		wrong += !vseg_tables_cell(t, keys[FULL_CELLS - 1]);
		wrong += !!vseg_tables_del_cell(t, keys[i]);
		wrong += vseg_key_src(keys[i]) != vseg_key_dst(keys[i]) &&
			 vseg_tables_cell(t, keys[i]);
	}
	kvfree(keys);
	KUNIT_EXPECT_EQ(test, wrong, 0);
	KUNIT_EXPECT_EQ(test, t->nlisted, 0);
	/* What is left are the allows inside the domains. */
	KUNIT_EXPECT_EQ(test, t->ncells, FULL_DOMAINS);
}

static void tables_bridges(struct kunit *test)
{
	struct twin *twin = twin_new(test, twin_net(test));
	struct vseg_tables *t = twin->tables;
	struct vseg_managed *m;
	unsigned int i;
	char name[16];

	for (i = 0; i < VSEG_MAX_BRIDGES; i++) {
		/* All of the 15 bytes count. */
		snprintf(name, sizeof(name), "bridge-has-%04u", i);
		KUNIT_ASSERT_NULL(test, vseg_tables_bridge(t, name));
		KUNIT_ASSERT_EQ(test, 0, vseg_tables_add_bridge(t, name,
								i % 2));
	}
	KUNIT_EXPECT_EQ(test, -ENOSPC, vseg_tables_add_bridge(t, "one", 0));

	for (i = 0; i < VSEG_MAX_BRIDGES; i += 3) {
		snprintf(name, sizeof(name), "bridge-has-%04u", i);
		vseg_tables_del_bridge(t, vseg_tables_bridge(t, name));
	}
	for (i = 0; i < VSEG_MAX_BRIDGES; i++) {
		snprintf(name, sizeof(name), "bridge-has-%04u", i);
		m = vseg_tables_bridge(t, name);
		if (!(i % 3)) {
			KUNIT_EXPECT_NULL(test, m);
			continue;
		}
		KUNIT_ASSERT_NOT_NULL(test, m);
		KUNIT_EXPECT_STREQ(test, m->name, name);
		KUNIT_EXPECT_EQ(test, m->mode, i % 2);
	}
	KUNIT_EXPECT_EQ(test, t->nbridges, VSEG_MAX_BRIDGES * 2 / 3);
}

/* Which of these entries manages a bridge of a name?  The one that names it, or
 * else the longest pattern that fits, of equal ones the first in the alphabet.
 */
static const char *glob_want(const char * const *entry, const bool *there,
			     unsigned int n, const char *name)
{
	const char *best = NULL;
	unsigned int i;

	for (i = 0; i < n; i++) {
		if (!there[i] || !model_fits(entry[i], name))
			continue;
		if (!strcmp(entry[i], name))
			return entry[i];
		if (!best || strlen(entry[i]) > strlen(best) ||
		    (strlen(entry[i]) == strlen(best) &&
		     strcmp(entry[i], best) < 0))
			best = entry[i];
	}
	return best;
}

/* Whatever patterns there are, and however they got there. */
static void tables_bridge_globs(struct kunit *test)
{
	static const char * const entry[] = {
		"br0", "br1", "br*", "br?", "b*0", "*", "vmbr*", "[bv]*1",
		"vmbr1*", "b[!r]*",
	};
	static const char * const name[] = {
		"br0", "br1", "br10", "vmbr1", "vmbr10", "bb0", "x", "b0", "v1",
	};
	struct twin *twin = twin_new(test, twin_net(test));
	struct vseg_tables *t = twin->tables;
	bool there[ARRAY_SIZE(entry)] = {};
	struct vseg_managed *m;
	struct rnd_state rnd;
	unsigned int i, n, at;

	for (i = 0; i < test_cases; i++) {
		random_case(&rnd, __func__, i);
		at = below(&rnd, ARRAY_SIZE(entry));
		m = vseg_tables_bridge_entry(t, entry[at]);
		KUNIT_ASSERT_EQ_MSG(test, !!m, there[at], "%s", case_name(i));
		if (m)
			vseg_tables_del_bridge(t, m);
		else
			KUNIT_ASSERT_EQ(test, 0, vseg_tables_add_bridge(t, entry[at],
									at % 2));
		there[at] = !m;
		for (n = 0; n < ARRAY_SIZE(name); n++) {
			m = vseg_tables_bridge(t, name[n]);
			KUNIT_ASSERT_STREQ_MSG(test, m ? m->name : "none",
					       glob_want(entry, there,
							 ARRAY_SIZE(entry),
							 name[n]) ?: "none",
					       "%s, %s", name[n], case_name(i));
		}
	}
}

/*
 * Random edits.
 */

static int tables_free_id(struct twin *twin, struct rnd_state *rnd)
{
	int id;

	do {
		id = between(rnd, VSEG_DOMAIN_ID_MIN, VSEG_DOMAIN_ID_MAX);
	} while (twin_domain(twin, id));
	return id;
}

static void tables_edit(struct twin *twin, struct rnd_state *rnd)
{
	struct model_policy *model = &twin->model;
	enum vseg_action action;
	int domain;

	switch (below(rnd, 16)) {
	case 0:
	case 1:
		if (model->ndomains < MODEL_DOMAINS)
			twin_add_domain(twin, tables_free_id(twin, rnd));
		break;
	case 2:
		domain = twin_any_domain(twin, rnd);
		if (model_operator(domain) && !model_naming(model, domain))
			twin_del_domain(twin, domain);
		break;
	case 3:
	case 4:
	case 5:
	case 6:
	case 7:
		twin_del_cell(twin, twin_any_end(twin, rnd),
			      twin_any_end(twin, rnd));
		break;
	default:
		action = below(rnd, __VSEG_ACTION_MAX);
		if (model->ncells < MODEL_CELLS)
			twin_set_cell(twin, twin_any_end(twin, rnd),
				      twin_any_end(twin, rnd), action,
				      action == VSEG_ACTION_DENY &&
				      rarely(rnd, 3));
	}
}

/* After any edits the policy is what they make it. */
static void tables_random(struct kunit *test)
{
	struct twin_net *net = twin_net(test);
	struct rnd_state rnd;
	unsigned int i, n;

	for (i = 0; i < DIV_ROUND_UP(test_cases, 10); i++) {
		struct twin *twin = twin_new(test, net);

		random_case(&rnd, __func__, i);
		for (n = below(&rnd, 300); n; n--) {
			tables_edit(twin, &rnd);
			twin_compare(twin, i);
		}
		twin_compare_pairs(twin, i);
		twin_free(twin);
	}
}

/* A transaction's copy is its own: what it edits, the policy doesn't see; and
 * the counters are shared.
 */
static void tables_copied(struct kunit *test)
{
	struct twin_net *net = twin_net(test);
	struct rnd_state rnd;
	unsigned int i, n;

	for (i = 0; i < DIV_ROUND_UP(test_cases, 50); i++) {
		struct twin *twin = twin_new(test, net), *copy;
		const struct vseg_cell *cell;

		random_case(&rnd, __func__, i);
		twin_fill(twin, &rnd, between(&rnd, 1, 6), below(&rnd, 60));
		twin_set_cell(twin, MODEL_ANY, MODEL_ANY, VSEG_ACTION_DENY,
			      false);
		copy = twin_copy(twin);
		cell = vseg_tables_cell(copy->tables, VSEG_KEY_NONE);
		KUNIT_ASSERT_NOT_NULL(test, cell);
		KUNIT_ASSERT_PTR_EQ(test, cell->stats,
				    twin->tables->any_any.stats);
		KUNIT_ASSERT_EQ(test, refcount_read(&cell->stats->ref), 2);
		twin_compare(copy, i);
		for (n = below(&rnd, 100); n; n--)
			tables_edit(copy, &rnd);
		twin_compare(twin, i);
		twin_compare_pairs(twin, i);
		/* Either may be the one that stays. */
		if (rarely(&rnd, 2))
			swap(twin, copy);
		twin_free(twin);
		twin_compare(copy, i);
		twin_compare_pairs(copy, i);
		twin_free(copy);
	}
}

/*
 * No memory.
 */

/* Grows the table at the 32nd cell, since 64 places may be half full. */
static void memory_fill(struct twin *twin)
{
	unsigned int i;

	for (i = 0; i < 32; i++)
		KUNIT_ASSERT_EQ(twin->test, 0,
				twin_add_domain(twin, VSEG_DOMAIN_ID_MIN + i));
	KUNIT_ASSERT_EQ(twin->test, twin->tables->ncells * 2,
			1U << twin->tables->cell_bits);
}

/* Whatever allocation fails: nothing has changed, and the next try works. */
static void tables_no_memory(struct kunit *test)
{
	struct twin_net *net = twin_net(test);
	struct twin *twin = twin_new(test, net);
	struct vseg_tables *copy;
	int n, err = -ENOMEM;

	memory_fill(twin);
	for (n = 0; err; n++) {
		test_memory = n;
		err = twin_add_domain(twin, 1000);
		memory_enough(test);
		KUNIT_ASSERT_TRUE(test, !err || err == -ENOMEM);
		twin_compare(twin, n);
	}
	/* The domain, its place in the set, the larger table, the counters. */
	KUNIT_EXPECT_EQ(test, n, 4 + 1);

	err = -ENOMEM;
	for (n = 0; err; n++) {
		test_memory = n;
		err = twin_set_cell(twin, MODEL_ANY, 1000, VSEG_ACTION_DENY,
				    false);
		memory_enough(test);
		KUNIT_ASSERT_TRUE(test, !err || err == -ENOMEM);
		twin_compare(twin, n);
	}
	KUNIT_EXPECT_EQ(test, n, 1 + 1);

	copy = NULL;
	for (n = 0; !copy; n++) {
		test_memory = n;
		copy = vseg_tables_copy(twin->tables);
		memory_enough(test);
		twin_compare(twin, n);
	}
	/* The tables, the cells, and each domain's place in the set. */
	KUNIT_EXPECT_EQ(test, n, 2 + 33 + 1);
	vseg_tables_put(copy);

	copy = NULL;
	for (n = 0; !copy; n++) {
		test_memory = n;
		copy = vseg_tables_alloc(GFP_KERNEL);
		memory_enough(test);
	}
	KUNIT_EXPECT_EQ(test, n, 2 + 1);
	vseg_tables_put(copy);
}

static struct kunit_case tables_cases[] = {
	KUNIT_CASE(tables_empty),
	KUNIT_CASE(tables_implicit),
	KUNIT_CASE(tables_counts),
	KUNIT_CASE_SLOW(tables_full),
	KUNIT_CASE(tables_bridges),
	KUNIT_CASE(tables_bridge_globs),
	KUNIT_CASE(tables_random),
	KUNIT_CASE(tables_copied),
	KUNIT_CASE(tables_no_memory),
	{}
};

static struct kunit_suite tables_suite = {
	.name = "vseg_tables",
	.exit = memory_enough,
	.test_cases = tables_cases,
};

kunit_test_suite(tables_suite);
