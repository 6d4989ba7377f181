// SPDX-License-Identifier: GPL-2.0
/*
 * Counters of labels.
 */
#include "memory.h"
#include "../../kmod/stats.c"

#include "random.h"

static struct vseg_stats *stats_of(struct kunit *test)
{
	struct vseg_stats *stats = kunit_kzalloc(test, sizeof(*stats),
						 GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, stats);
	KUNIT_ASSERT_EQ(test, 0, vseg_stats_init(stats));
	return stats;
}

/*
 * A sum is numbers and nothing else; which one is which, by its place.
 */

#define SUM_NUMBERS	(sizeof(struct vseg_sum) / sizeof(u64))
#define IN_SUM(_member)	(offsetof(struct vseg_sum, _member) / sizeof(u64))
#define IN_CPU(_member)	(offsetof(struct vseg_pcpu_stats, _member) / sizeof(u64))

/* Numbers in places that move with one count; the last is 0. */
struct moved {
	size_t place[4];
	u64 by[4];
};

static void stats_expect(struct kunit *test, const struct vseg_sum *sum,
			 const struct moved *moved, const char *what)
{
	u64 want[SUM_NUMBERS] = {};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(moved->by) && moved->by[i]; i++)
		want[moved->place[i]] += moved->by[i];
	for (i = 0; i < SUM_NUMBERS; i++)
		KUNIT_EXPECT_EQ_MSG(test, ((const u64 *)sum)[i], want[i],
				    "%s, number %zu", what, i);
}

/* Each per-CPU counter goes into its own number, from every CPU. */
static void stats_per_cpu(struct kunit *test)
{
	static const struct {
		size_t from, to;
	} places[] = {
		{ IN_CPU(rx_packets), IN_SUM(rx_packets) },
		{ IN_CPU(rx_bytes), IN_SUM(rx_bytes) },
		{ IN_CPU(tx_packets), IN_SUM(tx_packets) },
		{ IN_CPU(tx_bytes), IN_SUM(tx_bytes) },
		{ IN_CPU(tx_dropped), IN_SUM(tx_dropped) },
		{ IN_CPU(tx_dropped_bytes), IN_SUM(tx_dropped_bytes) },
		{ IN_CPU(pass[VSEG_PASS_ADDRESS_RESOLUTION - 1]),
		  IN_SUM(pass[VSEG_PASS_ADDRESS_RESOLUTION - 1]) },
		{ IN_CPU(pass[VSEG_PASS_BRIDGE_CONTROL - 1]),
		  IN_SUM(pass[VSEG_PASS_BRIDGE_CONTROL - 1]) },
	};
	size_t i;

	BUILD_BUG_ON(ARRAY_SIZE(places) * sizeof(u64) !=
		     sizeof(struct vseg_pcpu_stats));
	for (i = 0; i < ARRAY_SIZE(places); i++) {
		struct vseg_stats *stats = stats_of(test);
		struct moved moved = { .place = { places[i].to } };
		struct vseg_sum sum = {};
		int cpu;

		for_each_possible_cpu(cpu) {
			u64 *p = (u64 *)per_cpu_ptr(stats->pcpu, cpu);

			p[places[i].from] = 1000 + cpu;
			moved.by[0] += 1000 + cpu;
		}
		vseg_stats_read(stats, &sum);
		stats_expect(test, &sum, &moved, "per CPU");
		vseg_stats_destroy(stats);
	}
}

/* A drop counts under its reason and in the total, a would-drop likewise. */
static void stats_reasons(struct kunit *test)
{
	unsigned int reason;

	for (reason = 0; reason < __VSEG_REASON_MAX; reason++) {
		struct vseg_stats *stats = stats_of(test);
		struct vseg_sum sum = {};
		struct moved dropped = {
			{ IN_SUM(dropped) + reason, IN_SUM(rx_dropped),
			  IN_SUM(rx_dropped_bytes) }, { 7, 7, 700 },
		};
		struct moved would = {
			{ IN_SUM(would) + reason, IN_SUM(would_drop) },
			{ 9, 9 },
		};

		atomic64_set(&stats->dropped[reason], 7);
		atomic64_set(&stats->rx_dropped_bytes, 700);
		vseg_stats_read(stats, &sum);
		stats_expect(test, &sum, &dropped, "dropped");

		atomic64_set(&stats->dropped[reason], 0);
		atomic64_set(&stats->rx_dropped_bytes, 0);
		atomic64_set(&stats->would[reason], 9);
		memset(&sum, 0, sizeof(sum));
		vseg_stats_read(stats, &sum);
		stats_expect(test, &sum, &would, "would");
		vseg_stats_destroy(stats);
	}
}

/* Counting, and reading into a sum that has something in it. */
static void stats_count(struct kunit *test)
{
	struct vseg_stats *stats = stats_of(test);
	struct vseg_sum sum = {};
	struct moved both = {
		{ IN_SUM(rx_packets), IN_SUM(rx_bytes), IN_SUM(tx_packets),
		  IN_SUM(tx_bytes) }, { 2, 60 + 1514, 1, 70 },
	};
	size_t i;

	vseg_stats_read(stats, &sum);
	stats_expect(test, &sum, &(struct moved){}, "nothing");

	preempt_disable();
	vseg_count_rx(stats->pcpu, 60);
	vseg_count_rx(stats->pcpu, 1514);
	vseg_count_tx(stats->pcpu, 70);
	preempt_enable();
	vseg_stats_read(stats, &sum);
	stats_expect(test, &sum, &both, "once");
	vseg_stats_read(stats, &sum);
	for (i = 0; i < ARRAY_SIZE(both.by); i++)
		both.by[i] *= 2;
	stats_expect(test, &sum, &both, "twice");
	vseg_stats_destroy(stats);
}

/* Adding touches each number, and carries into the upper half. */
static void stats_add(struct kunit *test)
{
	static struct vseg_sum sum, part;
	static u64 want[SUM_NUMBERS];
	struct rnd_state rnd;
	size_t i;

	random_case(&rnd, __func__, 0);
	prandom_bytes_state(&rnd, &sum, sizeof(sum));
	prandom_bytes_state(&rnd, &part, sizeof(part));
	sum.rx_bytes = U32_MAX;
	part.rx_bytes = 1;
	for (i = 0; i < SUM_NUMBERS; i++)
		want[i] = ((u64 *)&sum)[i] + ((u64 *)&part)[i];
	vseg_sum_add(&sum, &part);
	KUNIT_EXPECT_MEMEQ(test, (u64 *)&sum, want, sizeof(want));
	KUNIT_EXPECT_EQ(test, sum.rx_bytes, 1ULL << 32);
}

static void stats_no_memory(struct kunit *test)
{
	struct vseg_stats label = {};

	test_memory = 0;
	KUNIT_EXPECT_EQ(test, vseg_stats_init(&label), -ENOMEM);
	vseg_stats_destroy(&label);
}

static struct kunit_case stats_cases[] = {
	KUNIT_CASE(stats_per_cpu),
	KUNIT_CASE(stats_reasons),
	KUNIT_CASE(stats_count),
	KUNIT_CASE(stats_add),
	KUNIT_CASE(stats_no_memory),
	{}
};

static struct kunit_suite stats_suite = {
	.name = "vseg_stats",
	.exit = memory_enough,
	.test_cases = stats_cases,
};

kunit_test_suite(stats_suite);
