// SPDX-License-Identifier: GPL-2.0
/*
 * Counters of cells, and the budget of their per-CPU memory.
 */
#include "../../kmod/stats.h"
#include "memory.h"
#include "random.h"

static struct vseg_cell_pool *pool_of(struct kunit *test)
{
	struct vseg_cell_pool *pool = kunit_kzalloc(test, sizeof(*pool),
						    GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, pool);
	vseg_cell_pool_init(pool);
	return pool;
}

static void cell_expect(struct kunit *test, const struct vseg_cell_stats *stats,
			const struct vseg_cell_pcpu *want, unsigned int i)
{
	struct vseg_cell_pcpu sum = {};

	vseg_cell_stats_read(stats, &sum);
	KUNIT_ASSERT_EQ_MSG(test, sum.packets, want->packets, "%s",
			    case_name(i));
	KUNIT_ASSERT_EQ_MSG(test, sum.bytes, want->bytes, "%s",
			    case_name(i));
	KUNIT_ASSERT_EQ_MSG(test, sum.would_packets, want->would_packets,
			    "%s", case_name(i));
	KUNIT_ASSERT_EQ_MSG(test, sum.would_bytes, want->would_bytes, "%s",
			    case_name(i));
}

/* As a frame does it. */
static void cell_count(struct vseg_cell_stats *stats, unsigned int bytes)
{
	local_bh_disable();
	rcu_read_lock();
	vseg_cell_count(stats, bytes);
	rcu_read_unlock();
	local_bh_enable();
}

/* The first hit, and no other, asks for counters of each CPU. */
static void cell_upgrade(struct kunit *test)
{
	struct vseg_cell_pool *pool = pool_of(test);
	struct vseg_cell_stats *stats;
	struct vseg_cell_pcpu want = { .packets = 3, .bytes = 300 };

	KUNIT_EXPECT_EQ(test, pool->max, 48L << 20);
	stats = vseg_cell_stats_alloc(pool);
	KUNIT_ASSERT_NOT_NULL(test, stats);
	KUNIT_EXPECT_FALSE(test, stats->pcpu);
	flush_work(&pool->work);
	KUNIT_EXPECT_FALSE(test, stats->pcpu);

	cell_count(stats, 100);
	flush_work(&pool->work);
	KUNIT_ASSERT_TRUE(test, stats->pcpu);
	KUNIT_EXPECT_EQ(test, refcount_read(&stats->ref), 1);
	KUNIT_EXPECT_EQ(test, atomic_long_read(&pool->used),
			32L * num_possible_cpus());
	cell_count(stats, 100);
	cell_count(stats, 100);
	KUNIT_EXPECT_EQ(test, atomic64_read(&stats->packets), 1);
	cell_expect(test, stats, &want, 0);

	vseg_cell_stats_put(stats);
	KUNIT_EXPECT_EQ(test, atomic_long_read(&pool->used), 0);
	vseg_cell_pool_destroy(pool);
}

/* A cell that went away while it waited gets nothing and leaves nothing. */
static void cell_gone(struct kunit *test)
{
	struct vseg_cell_pool *pool = pool_of(test);
	struct vseg_cell_stats *stats;

	stats = vseg_cell_stats_alloc(pool);
	KUNIT_ASSERT_NOT_NULL(test, stats);
	/* As vseg_cell_count_shared() does, but for the work. */
	refcount_inc(&stats->ref);
	llist_add(&stats->wait, &pool->wait);
	vseg_cell_stats_put(stats);
	test_memory = 0;
	queue_work(vseg_wq, &pool->work);
	vseg_cell_pool_destroy(pool);
	/* Nothing was even asked for. */
	KUNIT_EXPECT_EQ(test, test_memory, 0);
	KUNIT_EXPECT_EQ(test, atomic_long_read(&pool->used), 0);
}

/* What the budget has no room for goes on with shared counters. */
static void cell_budget(struct kunit *test)
{
	struct vseg_cell_stats *stats[5];
	struct vseg_cell_pcpu want = { .packets = 2, .bytes = 120 };
	struct vseg_cell_pool *pool = pool_of(test);
	unsigned int i, upgraded = 0;

	pool->max = 3 * 32L * num_possible_cpus();
	for (i = 0; i < ARRAY_SIZE(stats); i++) {
		stats[i] = vseg_cell_stats_alloc(pool);
		KUNIT_ASSERT_NOT_NULL(test, stats[i]);
		cell_count(stats[i], 60);
		flush_work(&pool->work);
		cell_count(stats[i], 60);
	}
	for (i = 0; i < ARRAY_SIZE(stats); i++) {
		upgraded += !!stats[i]->pcpu;
		cell_expect(test, stats[i], &want, 0);
	}
	KUNIT_EXPECT_EQ(test, upgraded, 3);
	KUNIT_EXPECT_EQ(test, atomic_long_read(&pool->used), pool->max);
	while (i--)
		vseg_cell_stats_put(stats[i]);
	KUNIT_EXPECT_EQ(test, atomic_long_read(&pool->used), 0);
	vseg_cell_pool_destroy(pool);
}

static void cell_no_memory(struct kunit *test)
{
	struct vseg_cell_pcpu want = { .packets = 2, .bytes = 200 };
	struct vseg_cell_stats *stats;
	struct vseg_cell_pool *pool = pool_of(test);

	test_memory = 0;
	KUNIT_EXPECT_NULL(test, vseg_cell_stats_alloc(pool));

	stats = vseg_cell_stats_alloc(pool);
	KUNIT_ASSERT_NOT_NULL(test, stats);
	test_memory = 0;
	cell_count(stats, 100);
	flush_work(&pool->work);
	KUNIT_EXPECT_LT(test, test_memory, 0);
	KUNIT_EXPECT_FALSE(test, stats->pcpu);
	KUNIT_EXPECT_EQ(test, atomic_long_read(&pool->used), 0);
	cell_count(stats, 100);
	cell_expect(test, stats, &want, 0);
	vseg_cell_stats_put(stats);
	vseg_cell_pool_destroy(pool);
}

/* Random counting on a few cells, some of them out of budget. */
static void cell_random(struct kunit *test)
{
	struct vseg_cell_stats *stats[8];
	struct vseg_cell_pcpu want[8];
	struct vseg_cell_pool *pool = pool_of(test);
	struct rnd_state rnd;
	unsigned int i, n, at, bytes;

	for (i = 0; i < test_cases; i++) {
		random_case(&rnd, __func__, i);
		memset(want, 0, sizeof(want));
		pool->max = below(&rnd, 9) * 32L * num_possible_cpus();
		for (at = 0; at < ARRAY_SIZE(stats); at++) {
			stats[at] = vseg_cell_stats_alloc(pool);
			KUNIT_ASSERT_NOT_NULL(test, stats[at]);
		}
		for (n = below(&rnd, 60); n; n--) {
			at = below(&rnd, ARRAY_SIZE(stats));
			bytes = between(&rnd, 14, 65550);
			if (rarely(&rnd, 3)) {
				vseg_cell_count_shared(stats[at], bytes, true);
				want[at].would_packets++;
				want[at].would_bytes += bytes;
			} else {
				cell_count(stats[at], bytes);
				want[at].packets++;
				want[at].bytes += bytes;
			}
			if (rarely(&rnd, 10))
				flush_work(&pool->work);
		}
		for (at = 0; at < ARRAY_SIZE(stats); at++) {
			cell_expect(test, stats[at], &want[at], i);
			vseg_cell_stats_put(stats[at]);
		}
		/* Those that still wait hold their own reference. */
		flush_work(&pool->work);
		KUNIT_ASSERT_EQ_MSG(test, atomic_long_read(&pool->used), 0,
				    "%s", case_name(i));
	}
	vseg_cell_pool_destroy(pool);
}

static struct kunit_case cell_cases[] = {
	KUNIT_CASE(cell_upgrade),
	KUNIT_CASE(cell_gone),
	KUNIT_CASE(cell_budget),
	KUNIT_CASE(cell_no_memory),
	KUNIT_CASE(cell_random),
	{}
};

static struct kunit_suite cell_suite = {
	.name = "vseg_cell",
	.exit = memory_enough,
	.test_cases = cell_cases,
};

kunit_test_suite(cell_suite);
