// SPDX-License-Identifier: GPL-2.0
/*
 * The table of denied pairs, and the events that each pair may make.
 */
#include <kunit/test.h>
#include <linux/jiffies.h>

#include "../../kmod/event.h"

/* Time goes as a test lets it go. */
static u64 pair_now;
#define get_jiffies_64()	pair_now

#include "memory.h"
#include "../../kmod/pair.c"

#include "model.h"
#include "random.h"

/**
 * struct table - a table of pairs
 * @vn: namespace that has it
 * @dev: devices of copies, by number
 * @ndomains: domains
 * @domain: domains; their slot and their id are 16 and what follows
 */
struct table {
	struct vseg_net *vn;
	struct net_device *dev[2];
	unsigned int ndomains;
	struct vseg_domain *domain;
};

static void table_free(void *data)
{
	struct table *table = data;

	vseg_pairs_destroy(table->vn);
	kvfree(table->domain);
	kfree(table->vn);
}

/* Domains are references and nothing else here. */
static struct table *table_of(struct kunit *test, unsigned int pairs,
			      unsigned int domains)
{
	struct table *table = kunit_kzalloc(test, sizeof(*table), GFP_KERNEL);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, table);
	table->vn = kzalloc(sizeof(*table->vn), GFP_KERNEL);
	table->domain = kvcalloc(domains, sizeof(*table->domain), GFP_KERNEL);
	KUNIT_ASSERT_TRUE(test, table->vn && table->domain);
	table->ndomains = domains;
	for (i = 0; i < domains; i++) {
		table->domain[i].slot = 16 + i;
		table->domain[i].id = 16 + i;
		refcount_set(&table->domain[i].ref, 1);
		snprintf(table->domain[i].name, VSEG_NAME_MAX + 1, "d%u",
			 16 + i);
	}
	for (i = 0; i < ARRAY_SIZE(table->dev); i++) {
		table->dev[i] = kunit_kzalloc(test, sizeof(*table->dev[i]),
					      GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, table->dev[i]);
		table->dev[i]->ifindex = 100 + i;
	}
	pairs_max = pairs;
	KUNIT_ASSERT_EQ(test, 0, vseg_pairs_init(table->vn));
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, table_free,
							   table));
	return table;
}

/* What others of these tests have set. */
static void pair_exit(struct kunit *test)
{
	pairs_max = 8192;
	event_rate = 10;
	event_burst = 20;
	memory_enough(test);
}

static bool table_hit(struct table *table, unsigned int src, unsigned int dst,
		      const struct vseg_drop *like, u64 *limited)
{
	struct vseg_drop drop = *like;
	bool may;

	drop.src = &table->domain[src];
	drop.dst = &table->domain[dst];
	rcu_read_lock();
	may = vseg_pair_hit(table->vn, &drop, limited);
	rcu_read_unlock();
	return may;
}

/* A pair as it is told: ends, ports and reason are those of the last copy. */
static void pair_told(struct kunit *test)
{
	struct table *table = table_of(test, 8, 2);
	struct vseg_drop first = {
		.in = table->dev[0],
		.len = 60,
		.reason = VSEG_REASON_DEFAULT_DENY,
	};
	struct vseg_drop second = {
		.out = table->dev[1],
		.len = 1514,
		.reason = VSEG_REASON_CELL_DENY,
		.would = true,
	};
	struct vseg_pair_info info;
	u32 pos = 0;

	pair_now = 1000;
	table_hit(table, 0, 1, &first, NULL);
	pair_now = 1005;
	table_hit(table, 0, 1, &second, NULL);
	KUNIT_ASSERT_TRUE(test, vseg_pair_read(table->vn, &pos, &info));
	KUNIT_EXPECT_STREQ(test, info.src, "d16");
	KUNIT_EXPECT_STREQ(test, info.dst, "d17");
	KUNIT_EXPECT_EQ(test, info.src_id, 16);
	KUNIT_EXPECT_EQ(test, info.dst_id, 17);
	KUNIT_EXPECT_EQ(test, info.reason, VSEG_REASON_CELL_DENY);
	KUNIT_EXPECT_EQ(test, info.in_ifindex, 0);
	KUNIT_EXPECT_EQ(test, info.out_ifindex, 101);
	KUNIT_EXPECT_EQ(test, info.packets, 1);
	KUNIT_EXPECT_EQ(test, info.bytes, 60);
	KUNIT_EXPECT_EQ(test, info.would_packets, 1);
	KUNIT_EXPECT_EQ(test, info.would_bytes, 1514);
	KUNIT_EXPECT_EQ(test, info.first, 1000);
	KUNIT_EXPECT_EQ(test, info.last, 1005);
	KUNIT_EXPECT_FALSE(test, vseg_pair_read(table->vn, &pos, &info));

	/* A pair is one-way. */
	table_hit(table, 1, 0, &first, NULL);
	pos = 0;
	KUNIT_EXPECT_TRUE(test, vseg_pair_read(table->vn, &pos, &info));
	KUNIT_EXPECT_TRUE(test, vseg_pair_read(table->vn, &pos, &info));
	KUNIT_EXPECT_FALSE(test, vseg_pair_read(table->vn, &pos, &info));
	KUNIT_EXPECT_EQ(test, refcount_read(&table->domain[0].ref), 3);
	vseg_pairs_destroy(table->vn);
	KUNIT_EXPECT_EQ(test, refcount_read(&table->domain[0].ref), 1);
	KUNIT_EXPECT_EQ(test, refcount_read(&table->domain[1].ref), 1);
	pos = 0;
	KUNIT_EXPECT_FALSE(test, vseg_pair_read(table->vn, &pos, &info));
}

/*
 * Against the model.
 */

static void pair_compare(struct kunit *test, struct table *table,
			 struct model_pairs *model, unsigned int i)
{
	struct vseg_pair_counts counts;
	struct vseg_pair_info info;
	unsigned int found = 0;
	u32 pos = 0;

	while (vseg_pair_read(table->vn, &pos, &info)) {
		struct model_pair *want = model_pair(model, info.src_id,
						     info.dst_id);

		found++;
		KUNIT_ASSERT_NOT_NULL_MSG(test, want, "%u > %u, %s",
					  info.src_id, info.dst_id,
					  case_name(i));
		KUNIT_ASSERT_EQ(test, info.packets, want->packets);
		KUNIT_ASSERT_EQ(test, info.bytes, want->bytes);
		KUNIT_ASSERT_EQ(test, info.would_packets, want->would_packets);
		KUNIT_ASSERT_EQ(test, info.would_bytes, want->would_bytes);
		KUNIT_ASSERT_EQ(test, info.first, want->first);
		KUNIT_ASSERT_EQ(test, info.last, want->last);
	}
	vseg_pairs_read(table->vn, &counts);
	KUNIT_ASSERT_EQ_MSG(test, found, model->n, "%s", case_name(i));
	KUNIT_ASSERT_EQ(test, counts.used, model->n);
	KUNIT_ASSERT_EQ(test, counts.max, MODEL_PAIRS);
	KUNIT_ASSERT_EQ(test, counts.evicted, model->evicted);
	KUNIT_ASSERT_EQ(test, counts.evicted_packets, model->evicted_packets);
}

/* No two pairs are hit in the same jiffy, so that one is the quietest. */
static void pair_wait(struct rnd_state *rnd, bool other)
{
	if (other)
		pair_now++;
	if (rarely(rnd, 3))
		pair_now += below(rnd, 5);
	if (rarely(rnd, 10))
		pair_now += below(rnd, 3 * HZ);
	if (rarely(rnd, 200))
		pair_now += below(rnd, 100 * HZ);
}

static void pair_random_case(struct kunit *test, struct table *table,
			     unsigned int i)
{
	struct model_pairs model = {};
	unsigned int n, src = 0, dst = 0, few;
	struct rnd_state rnd;

	random_case(&rnd, "pair_random", i);
	model.rate = rarely(&rnd, 5) ? 0 : between(&rnd, 1, 300);
	model.burst = rarely(&rnd, 5) ? 0 : between(&rnd, 1, 30);
	event_rate = model.rate;
	event_burst = model.burst;
	/* Few enough at times that all have a place. */
	few = between(&rnd, 2, table->ndomains);
	for (n = below(&rnd, 200); n; n--) {
		struct vseg_drop drop = {
			.len = between(&rnd, 14, 65550),
			.would = rarely(&rnd, 3),
		};
		bool other = rarely(&rnd, 2), may, want = !rarely(&rnd, 4);
		u64 limited = U64_MAX, silent = U64_MAX;
		struct model_pair *pair;

		if (other) {
			src = below(&rnd, few);
			dst = below(&rnd, few);
		}
		pair_wait(&rnd, other);
		may = table_hit(table, src, dst, &drop,
				want ? &limited : NULL);
		pair = model_pair_hit(&model, pair_now, 16 + src, 16 + dst,
				      drop.len, drop.would);
		if (want)
			want = model_pair_event(&model, pair, pair_now,
						&silent);
		KUNIT_ASSERT_EQ_MSG(test, may, want, "%s", case_name(i));
		if (may)
			KUNIT_ASSERT_EQ_MSG(test, limited, silent, "%s",
					    case_name(i));
		pair_compare(test, table, &model, i);
	}
}

static void pair_random(struct kunit *test)
{
	struct table *table = table_of(test, MODEL_PAIRS, 6);
	unsigned int i;

	pair_now = 5;
	for (i = 0; i < DIV_ROUND_UP(test_cases, 10); i++) {
		vseg_pairs_destroy(table->vn);
		KUNIT_ASSERT_EQ(test, 0, vseg_pairs_init(table->vn));
		pair_random_case(test, table, i);
	}
}

/* What is evicted is counted, so that the sum stays. */
static void pair_sums(struct kunit *test)
{
	struct table *table = table_of(test, 100, 40);
	struct vseg_drop drop = { .len = 60 };
	struct vseg_pair_counts counts;
	struct vseg_pair_info info;
	unsigned int hits = test_cases * 10, i, found = 0;
	struct rnd_state rnd;
	u64 packets = 0;
	u32 pos = 0;

	random_case(&rnd, __func__, 0);
	for (i = 0; i < hits; i++) {
		pair_now += below(&rnd, 2);
		drop.would = rarely(&rnd, 2);
		table_hit(table, below(&rnd, 40), below(&rnd, 40), &drop, NULL);
	}
	while (vseg_pair_read(table->vn, &pos, &info)) {
		packets += info.packets + info.would_packets;
		found++;
	}
	vseg_pairs_read(table->vn, &counts);
	/* Sets have eight places. */
	KUNIT_EXPECT_EQ(test, counts.max, 104);
	KUNIT_EXPECT_EQ(test, counts.used, found);
	KUNIT_EXPECT_LE(test, found, 104);
	KUNIT_EXPECT_EQ(test, packets + counts.evicted_packets, hits);
}

/* Slots as an operator hands them out leave half of the table free: then no
 * pair has to make room.
 */
static const struct shape {
	const char *name;
	unsigned int src;
	unsigned int dst;
} shapes[] = {
	{ "a row", 1, 4096 },
	{ "a column", 4096, 1 },
	{ "a square", 64, 64 },
	{ "a broad one", 8, 512 },
	{ "a high one", 512, 8 },
};

KUNIT_ARRAY_PARAM_DESC(shapes, shapes, name);

static void pair_spread(struct kunit *test)
{
	const struct shape *shape = test->param_value;
	struct table *table = table_of(test, 8192, 4096);
	struct vseg_drop drop = { .len = 60 };
	struct vseg_pair_counts counts;
	unsigned int src, dst;

	for (src = 0; src < shape->src; src++)
		for (dst = 0; dst < shape->dst; dst++)
			table_hit(table, src, dst, &drop, NULL);
	vseg_pairs_read(table->vn, &counts);
	KUNIT_EXPECT_EQ(test, counts.used, 4096);
	KUNIT_EXPECT_EQ(test, counts.evicted, 0);
}

static void pair_no_memory(struct kunit *test)
{
	struct vseg_net *vn = kunit_kzalloc(test, sizeof(*vn), GFP_KERNEL);
	struct vseg_pair_counts counts;
	struct vseg_pair_info info;
	u32 pos = 0;

	KUNIT_ASSERT_NOT_NULL(test, vn);
	test_memory = 0;
	KUNIT_EXPECT_EQ(test, vseg_pairs_init(vn), -ENOMEM);
	KUNIT_EXPECT_NULL(test, vn->pairs);
	KUNIT_EXPECT_FALSE(test, vseg_pair_read(vn, &pos, &info));
	vseg_pairs_read(vn, &counts);
	KUNIT_EXPECT_EQ(test, counts.max, 8192);
	KUNIT_EXPECT_EQ(test, counts.used, 0);
	vseg_pairs_destroy(vn);
}

static const struct param_row {
	const char *value;
	int (*set)(const char *val, const struct kernel_param *kp);
	int err;
} params[] = {
	{ "7", set_pairs_max, -EINVAL },
	{ "8", set_pairs_max, 0 },
	{ "1048576", set_pairs_max, 0 },
	{ "1048577", set_pairs_max, -EINVAL },
	{ "-1", set_pairs_max, -EINVAL },
	{ "0", set_event_rate, 0 },
	{ "1000000", set_event_rate, 0 },
	{ "1000001", set_event_rate, -EINVAL },
	{ "0", set_event_burst, 0 },
	{ "1000000", set_event_burst, 0 },
	{ "1000001", set_event_burst, -EINVAL },
};

static void pair_limits(struct kunit *test)
{
	unsigned int i, value = 0;
	const struct kernel_param kp = { .arg = &value };

	for (i = 0; i < ARRAY_SIZE(params); i++)
		KUNIT_EXPECT_EQ_MSG(test, params[i].set(params[i].value, &kp),
				    params[i].err, "%s", params[i].value);
}

static struct kunit_case pair_cases[] = {
	KUNIT_CASE(pair_told),
	KUNIT_CASE(pair_random),
	KUNIT_CASE(pair_sums),
	KUNIT_CASE_PARAM(pair_spread, shapes_gen_params),
	KUNIT_CASE(pair_no_memory),
	KUNIT_CASE(pair_limits),
	{}
};

static struct kunit_suite pair_suite = {
	.name = "vseg_pair",
	.exit = pair_exit,
	.test_cases = pair_cases,
};

kunit_test_suite(pair_suite);
