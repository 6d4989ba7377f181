// SPDX-License-Identifier: GPL-2.0
/*
 * Counters of labels and of cells.
 */
#include <linux/cpumask.h>
#include <linux/sched.h>

#include "stats.h"

/* Per-CPU counters of the cells of one namespace use at most this. */
#define VSEG_CELL_POOL_BYTES	(48L << 20)

/**
 * vseg_stats_init - get counters ready
 * @stats: counters, all zero
 *
 * Context: process, may sleep.
 * Return: 0 or -ENOMEM.
 */
int vseg_stats_init(struct vseg_stats *stats)
{
	stats->pcpu = alloc_percpu_gfp(struct vseg_pcpu_stats,
				       GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	return stats->pcpu ? 0 : -ENOMEM;
}

/**
 * vseg_stats_destroy - free counters
 * @stats: counters that no frame can reach any more
 */
void vseg_stats_destroy(struct vseg_stats *stats)
{
	free_percpu(stats->pcpu);
}

/**
 * vseg_stats_read - add a label's counters to a sum
 * @stats: counters
 * @sum: what they are added to
 *
 * Context: any; the counters may move meanwhile.
 */
void vseg_stats_read(const struct vseg_stats *stats, struct vseg_sum *sum)
{
	int cpu, i;

	for_each_possible_cpu(cpu) {
		const struct vseg_pcpu_stats *p = per_cpu_ptr(stats->pcpu, cpu);

		sum->rx_packets += READ_ONCE(p->rx_packets);
		sum->rx_bytes += READ_ONCE(p->rx_bytes);
		sum->tx_packets += READ_ONCE(p->tx_packets);
		sum->tx_bytes += READ_ONCE(p->tx_bytes);
		sum->tx_dropped += READ_ONCE(p->tx_dropped);
		sum->tx_dropped_bytes += READ_ONCE(p->tx_dropped_bytes);
		for (i = 0; i < ARRAY_SIZE(p->pass); i++)
			sum->pass[i] += READ_ONCE(p->pass[i]);
		sum->pass[VSEG_PASS_STATE - 1] += READ_ONCE(p->pass_state);
	}

	sum->pass[VSEG_PASS_SERVICE - 1] +=
		atomic64_read(&stats->pass_service);
	sum->rx_dropped_bytes += atomic64_read(&stats->rx_dropped_bytes);
	for (i = 0; i < __VSEG_REASON_MAX; i++) {
		u64 dropped = atomic64_read(&stats->dropped[i]);
		u64 would = atomic64_read(&stats->would[i]);

		sum->dropped[i] += dropped;
		sum->rx_dropped += dropped;
		sum->would[i] += would;
		sum->would_drop += would;
	}
}

/**
 * vseg_sum_add - add one sum to another
 * @sum: what is added to
 * @part: what is added
 */
void vseg_sum_add(struct vseg_sum *sum, const struct vseg_sum *part)
{
	const u64 *from = (const u64 *)part;
	u64 *to = (u64 *)sum;
	size_t i;

	/* Nothing but u64, see the struct; a padding would show here. */
	BUILD_BUG_ON(sizeof(*sum) != sizeof(u64) *
		     (9 + VSEG_PASS_MAX + 2 * __VSEG_REASON_MAX));

	for (i = 0; i < sizeof(*sum) / sizeof(u64); i++)
		to[i] += from[i];
}

/*
 * Cells.
 *
 * A policy may have 65,536 of them and a host 128 CPUs; most cells are never
 * hit.  So a cell starts with shared atomics, its first hit asks a worker for
 * per-CPU counters, and a budget bounds what all cells of a namespace get.
 */

static long vseg_cell_pcpu_bytes(void)
{
	return sizeof(struct vseg_cell_pcpu) * num_possible_cpus();
}

static void vseg_cell_stats_upgrade(struct vseg_cell_stats *stats)
{
	struct vseg_cell_pool *pool = stats->pool;
	struct vseg_cell_pcpu __percpu *pcpu;
	long bytes = vseg_cell_pcpu_bytes();

	if (atomic_long_add_return(bytes, &pool->used) > pool->max)
		goto err;
	pcpu = alloc_percpu_gfp(struct vseg_cell_pcpu,
				GFP_KERNEL | __GFP_NOWARN);
	if (!pcpu)
		goto err;

	/* Pairs with READ_ONCE() in vseg_cell_count(): zeroed before seen. */
	smp_store_release(&stats->pcpu, pcpu);
	return;

err:
	/* The shared counters go on; nothing is lost but a little speed. */
	atomic_long_sub(bytes, &pool->used);
}

static void vseg_cell_pool_work(struct work_struct *work)
{
	struct vseg_cell_pool *pool = container_of(work, struct vseg_cell_pool,
						   work);
	struct vseg_cell_stats *stats, *next;

	llist_for_each_entry_safe(stats, next, llist_del_all(&pool->wait),
				  wait) {
		/* The last reference would free what nobody counts any more. */
		if (refcount_read(&stats->ref) > 1)
			vseg_cell_stats_upgrade(stats);
		vseg_cell_stats_put(stats);
		cond_resched();
	}
}

/**
 * vseg_cell_pool_init - get a namespace's budget ready
 * @pool: the budget
 */
void vseg_cell_pool_init(struct vseg_cell_pool *pool)
{
	INIT_WORK(&pool->work, vseg_cell_pool_work);
	init_llist_head(&pool->wait);
	atomic_long_set(&pool->used, 0);
	pool->max = VSEG_CELL_POOL_BYTES;
}

/**
 * vseg_cell_pool_destroy - drop what still waits
 * @pool: the budget; no frame may reach a cell of it any more
 *
 * Context: process, may sleep.
 */
void vseg_cell_pool_destroy(struct vseg_cell_pool *pool)
{
	flush_work(&pool->work);
	WARN_ON_ONCE(!llist_empty(&pool->wait));
}

/**
 * vseg_cell_stats_alloc - counters for a new cell
 * @pool: budget for its per-CPU memory
 *
 * Return: counters with one reference, the caller's; or NULL.
 */
struct vseg_cell_stats *vseg_cell_stats_alloc(struct vseg_cell_pool *pool)
{
	struct vseg_cell_stats *stats;

	stats = kzalloc(sizeof(*stats), GFP_KERNEL_ACCOUNT);
	if (!stats)
		return NULL;
	refcount_set(&stats->ref, 1);
	stats->pool = pool;
	return stats;
}

/**
 * vseg_cell_stats_put - give a reference back
 * @stats: counters; a frame that still counts has a policy that holds them
 */
void vseg_cell_stats_put(struct vseg_cell_stats *stats)
{
	if (!refcount_dec_and_test(&stats->ref))
		return;
	if (stats->pcpu) {
		free_percpu(stats->pcpu);
		atomic_long_sub(vseg_cell_pcpu_bytes(), &stats->pool->used);
	}
	kfree(stats);
}

/**
 * vseg_cell_stats_read - add a cell's counters to a sum
 * @stats: counters
 * @sum: what they are added to
 *
 * Context: any; the counters may move meanwhile.
 */
void vseg_cell_stats_read(const struct vseg_cell_stats *stats,
			  struct vseg_cell_pcpu *sum)
{
	struct vseg_cell_pcpu __percpu *pcpu;
	int cpu;

	/* Pairs with smp_store_release() in vseg_cell_stats_upgrade(). */
	pcpu = smp_load_acquire(&stats->pcpu);

	sum->packets += atomic64_read(&stats->packets);
	sum->bytes += atomic64_read(&stats->bytes);
	sum->would_packets += atomic64_read(&stats->would_packets);
	sum->would_bytes += atomic64_read(&stats->would_bytes);
	if (!pcpu)
		return;

	for_each_possible_cpu(cpu) {
		const struct vseg_cell_pcpu *p = per_cpu_ptr(pcpu, cpu);

		sum->packets += READ_ONCE(p->packets);
		sum->bytes += READ_ONCE(p->bytes);
		sum->would_packets += READ_ONCE(p->would_packets);
		sum->would_bytes += READ_ONCE(p->would_bytes);
	}
}

/**
 * vseg_cell_count_shared - count before per-CPU counters are there
 * @stats: counters, in an RCU read-side section
 * @bytes: length with the Ethernet header
 * @would: the copy passes only because of monitor mode
 *
 * Context: softirq; neither allocates nor waits.
 */
void vseg_cell_count_shared(struct vseg_cell_stats *stats, unsigned int bytes,
			    bool would)
{
	if (would) {
		atomic64_inc(&stats->would_packets);
		atomic64_add(bytes, &stats->would_bytes);
	} else {
		atomic64_inc(&stats->packets);
		atomic64_add(bytes, &stats->bytes);
	}

	if (test_bit(0, &stats->wanted) || test_and_set_bit(0, &stats->wanted))
		return;
	/* RCU keeps the policy, the policy keeps one reference. */
	refcount_inc(&stats->ref);
	if (llist_add(&stats->wait, &stats->pool->wait))
		queue_work(vseg_wq, &stats->pool->work);
}
