// SPDX-License-Identifier: GPL-2.0
/*
 * Counting from several threads and from softirq, while counters are read,
 * upgraded and folded: no count is lost, none runs backwards.
 *
 * Without SMP the threads preempt each other, and the timer interrupts them.
 */
#include <linux/hrtimer.h>
#include <linux/kthread.h>

#include "bridge.h"
#include "random.h"

#define THREADS		2
#define TICKS		5000
#define TICK		(100 * NSEC_PER_USEC)
#define FRAMES		1000
#define BOTH		(BIT(0) | BIT(1))

struct crew;

/**
 * struct member - a thread that counts
 * @crew: its crew
 * @task: the thread
 * @frames: so often it did
 */
struct member {
	struct crew *crew;
	struct task_struct *task;
	u64 frames;
};

/**
 * struct crew - threads that count, and a timer that does
 * @count: counts once; in an RCU read-side section, on one CPU
 * @data: for @count
 * @member: the threads
 * @timer: counts in softirq
 * @ticks: so often it did
 */
struct crew {
	void (*count)(void *data);
	void *data;
	struct member member[THREADS];
	struct hrtimer timer;
	u64 ticks;
};

static void crew_count(struct crew *crew)
{
	rcu_read_lock();
	preempt_disable();
	crew->count(crew->data);
	preempt_enable();
	rcu_read_unlock();
}

static int crew_thread(void *data)
{
	struct member *member = data;

	while (!kthread_should_stop()) {
		crew_count(member->crew);
		member->frames++;
		/* All of them, and who reads, in turn. */
		if (!(member->frames % 64))
			schedule();
	}
	return 0;
}

static enum hrtimer_restart crew_tick(struct hrtimer *timer)
{
	struct crew *crew = container_of(timer, struct crew, timer);

	crew_count(crew);
	crew->ticks++;
	hrtimer_forward_now(timer, ns_to_ktime(TICK));
	return HRTIMER_RESTART;
}

static void crew_timer(struct crew *crew)
{
#ifdef VSEG_TEST_HAS_HRTIMER_SETUP
	hrtimer_setup(&crew->timer, crew_tick, CLOCK_MONOTONIC,
		      HRTIMER_MODE_REL_SOFT);
#else
	hrtimer_init(&crew->timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL_SOFT);
	crew->timer.function = crew_tick;
#endif
}

static void crew_stop(void *data)
{
	struct crew *crew = data;
	unsigned int i;

	for (i = 0; i < THREADS; i++) {
		if (crew->member[i].task)
			kthread_stop_put(crew->member[i].task);
		crew->member[i].task = NULL;
	}
	hrtimer_cancel(&crew->timer);
}

static struct crew *crew_start(struct kunit *test, void (*count)(void *data),
			       void *data)
{
	struct crew *crew = kunit_kzalloc(test, sizeof(*crew), GFP_KERNEL);
	struct task_struct *task;
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, crew);
	crew->count = count;
	crew->data = data;
	crew_timer(crew);
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, crew_stop,
							   crew));
	for (i = 0; i < THREADS; i++) {
		crew->member[i].crew = crew;
		task = kthread_create(crew_thread, &crew->member[i],
				      "vseg_count%u", i);
		KUNIT_ASSERT_FALSE(test, IS_ERR(task));
		crew->member[i].task = get_task_struct(task);
		wake_up_process(task);
	}
	hrtimer_start(&crew->timer, ns_to_ktime(TICK), HRTIMER_MODE_REL_SOFT);
	return crew;
}

/* Has each of them counted for a while? */
static bool crew_warm(struct crew *crew)
{
	bool warm = READ_ONCE(crew->ticks) >= TICKS;
	unsigned int i;

	schedule();
	for (i = 0; i < THREADS; i++)
		warm &= READ_ONCE(crew->member[i].frames) >= FRAMES;
	return warm;
}

/* All that the crew has counted, when it has stopped. */
static u64 crew_total(struct crew *crew)
{
	u64 total = 0;
	unsigned int i;

	crew_stop(crew);
	for (i = 0; i < THREADS; i++)
		total += crew->member[i].frames;
	return total + crew->ticks;
}

/*
 * A label.
 */

static void label_count(void *data)
{
	struct vseg_stats *stats = data;

	vseg_count_rx(stats->pcpu, 60);
	vseg_count_tx(stats->pcpu, 70);
	atomic64_inc(&stats->dropped[VSEG_REASON_CELL_DENY]);
}

static void count_label(struct kunit *test)
{
	struct vseg_stats *stats = kunit_kzalloc(test, sizeof(*stats),
						 GFP_KERNEL);
	struct vseg_sum sum = {}, last = {};
	struct crew *crew;
	u64 total;

	KUNIT_ASSERT_NOT_NULL(test, stats);
	KUNIT_ASSERT_EQ(test, 0, vseg_stats_init(stats));
	crew = crew_start(test, label_count, stats);
	while (!crew_warm(crew)) {
		memset(&sum, 0, sizeof(sum));
		vseg_stats_read(stats, &sum);
		KUNIT_EXPECT_GE(test, sum.rx_packets, last.rx_packets);
		KUNIT_EXPECT_GE(test, sum.tx_bytes, last.tx_bytes);
		KUNIT_EXPECT_GE(test, sum.rx_dropped, last.rx_dropped);
		last = sum;
	}
	total = crew_total(crew);
	memset(&sum, 0, sizeof(sum));
	vseg_stats_read(stats, &sum);
	KUNIT_EXPECT_EQ(test, sum.rx_packets, total);
	KUNIT_EXPECT_EQ(test, sum.rx_bytes, 60 * total);
	KUNIT_EXPECT_EQ(test, sum.tx_packets, total);
	KUNIT_EXPECT_EQ(test, sum.tx_bytes, 70 * total);
	KUNIT_EXPECT_EQ(test, sum.rx_dropped, total);
	vseg_stats_destroy(stats);
}

/*
 * Cells that get their own counters meanwhile.
 */

#define CELLS		64

/**
 * struct cells - cells that are counted in turn
 * @pool: their budget
 * @stats: their counters
 * @next: the next one
 */
struct cells {
	struct vseg_cell_pool pool;
	struct vseg_cell_stats *stats[CELLS];
	atomic_t next;
};

static void cells_count(void *data)
{
	struct cells *cells = data;
	unsigned int next = atomic_inc_return(&cells->next);

	/* Each for a while, so that upgrades come one after the other. */
	vseg_cell_count(cells->stats[next / 50 % CELLS], 60);
}

static u64 cells_read(const struct cells *cells, struct vseg_cell_pcpu *sum)
{
	unsigned int i;

	memset(sum, 0, sizeof(*sum));
	for (i = 0; i < CELLS; i++)
		vseg_cell_stats_read(cells->stats[i], sum);
	return sum->packets;
}

static void count_cells(struct kunit *test)
{
	struct cells *cells = kunit_kzalloc(test, sizeof(*cells), GFP_KERNEL);
	struct vseg_cell_pcpu sum;
	unsigned int i, upgraded = 0;
	u64 total, last = 0;
	struct crew *crew;

	KUNIT_ASSERT_NOT_NULL(test, cells);
	vseg_cell_pool_init(&cells->pool);
	/* Not for all of them. */
	cells->pool.max = 50L * sizeof(sum) * num_possible_cpus();
	for (i = 0; i < CELLS; i++) {
		cells->stats[i] = vseg_cell_stats_alloc(&cells->pool);
		KUNIT_ASSERT_NOT_NULL(test, cells->stats[i]);
	}
	crew = crew_start(test, cells_count, cells);
	while (!crew_warm(crew) || last < 2 * 50 * CELLS) {
		KUNIT_EXPECT_GE(test, cells_read(cells, &sum), last);
		last = sum.packets;
	}
	total = crew_total(crew);
	KUNIT_EXPECT_EQ(test, cells_read(cells, &sum), total);
	KUNIT_EXPECT_EQ(test, sum.bytes, 60 * total);
	flush_work(&cells->pool.work);
	for (i = 0; i < CELLS; i++) {
		upgraded += !!cells->stats[i]->pcpu;
		vseg_cell_stats_put(cells->stats[i]);
	}
	KUNIT_EXPECT_EQ(test, upgraded, 50);
	KUNIT_EXPECT_EQ(test, atomic_long_read(&cells->pool.used), 0);
	vseg_cell_pool_destroy(&cells->pool);
}

/*
 * A port that is bound anew again and again: its labels fold.
 */

#define ROUNDS		50

/**
 * struct bound - a port that frames enter by
 * @bridge: its bridge
 * @port: the port
 * @lost: frames that found no label
 */
struct bound {
	struct bridge *bridge;
	struct vseg_port *port;
	atomic_t lost;
};

static void bound_count(void *data)
{
	struct bound *bound = data;
	struct vseg_label *label = bridge_label(bound->bridge,
						bound->port->dev, 0);

	if (label)
		vseg_count_rx(label->stats.pcpu, 60);
	else
		atomic_inc(&bound->lost);
}

static void bound_read(struct kunit *test, struct bound *bound,
		       struct vseg_domain **domain, u64 *last)
{
	struct vseg_net *vn = bound->bridge->vn;
	struct vseg_sum sum, second;

	vseg_net_sum(vn, &sum);
	KUNIT_EXPECT_GE(test, sum.rx_packets, last[0]);
	last[0] = sum.rx_packets;
	vseg_port_sum(vn, bound->port, &sum);
	KUNIT_EXPECT_GE(test, sum.rx_packets, last[1]);
	last[1] = sum.rx_packets;
	vseg_domain_sum(vn, domain[0], &sum);
	vseg_domain_sum(vn, domain[1], &second);
	KUNIT_EXPECT_GE(test, sum.rx_packets, last[2]);
	KUNIT_EXPECT_GE(test, second.rx_packets, last[3]);
	last[2] = sum.rx_packets;
	last[3] = second.rx_packets;
}

static void count_folding(struct kunit *test)
{
	struct bridge *bridge = bridge_new(test);
	struct bound bound = { .bridge = bridge };
	struct vseg_bind bind = { .kind = VSEG_PORT_KIND_GUEST };
	struct vseg_domain *domain[2];
	unsigned int i, n;
	u64 last[4] = {}, total;
	struct vseg_sum sum;
	struct crew *crew;

	bound.port = bridge_join(bridge, bridge_device(bridge, 10), BOTH);
	KUNIT_ASSERT_NOT_NULL(test, bound.port);
	for (i = 0; i < ARRAY_SIZE(domain); i++)
		domain[i] = bridge_domain(bridge, 16 + i);
	/* The first label of all is "unlabelled", and counts as well. */
	crew = crew_start(test, bound_count, &bound);
	for (n = 0; n < ROUNDS || !crew_warm(crew); n++) {
		bind.domain = domain[n % 2];
		KUNIT_ASSERT_NOT_NULL(test, bridge_rebind(bridge, bound.port,
							  &bind));
		for (i = 0; i < 4; i++) {
			schedule();
			bound_read(test, &bound, domain, last);
		}
	}
	total = crew_total(crew);
	KUNIT_EXPECT_EQ(test, atomic_read(&bound.lost), 0);
	bridge_settle();
	vseg_net_sum(bridge->vn, &sum);
	KUNIT_EXPECT_EQ(test, sum.rx_packets, total);
	KUNIT_EXPECT_EQ(test, sum.rx_bytes, 60 * total);
	vseg_port_sum(bridge->vn, bound.port, &sum);
	KUNIT_EXPECT_EQ(test, sum.rx_packets, total);
}

static struct kunit_case counting_cases[] = {
	KUNIT_CASE(count_label),
	KUNIT_CASE(count_cells),
	KUNIT_CASE(count_folding),
	{}
};

static struct kunit_suite counting_suite = {
	.name = "vseg_counting",
	.test_cases = counting_cases,
};

kunit_test_suite(counting_suite);
