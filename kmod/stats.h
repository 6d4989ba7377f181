/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Counters of labels and of cells.
 *
 * What an allowed frame counts is per CPU.  What only a dropped frame counts
 * is a plain atomic: a port's frames mostly come from one CPU, and the drop
 * path may touch a shared cache line.
 */
#ifndef VSEG_STATS_H
#define VSEG_STATS_H

#include "compat.h"

/* For what grows with the policy.  Who asked learns of a lack of memory by an
 * error; a trace in the kernel's log would tell nothing more.
 */
#define VSEG_GFP_TABLE		(GFP_KERNEL_ACCOUNT | __GFP_NOWARN)

/**
 * struct vseg_pcpu_stats - the counters of a label that an allowed frame moves
 * @rx_packets: copies that entered by the label's port and passed
 * @rx_bytes: their bytes, Ethernet header included
 * @tx_packets: copies that left by the label's port
 * @tx_bytes: their bytes
 * @tx_dropped: copies that were dropped before they left by the port
 * @tx_dropped_bytes: their bytes
 * @pass: of @rx_packets, those let through by a built-in pass, by
 *	enum vseg_pass, less %VSEG_PASS_NONE; services are counted apart
 * @pass_state: of @rx_packets, those let through as part of a flow
 *
 * One cache line for each CPU, and another one for flows.
 */
struct vseg_pcpu_stats {
	u64 rx_packets;
	u64 rx_bytes;
	u64 tx_packets;
	u64 tx_bytes;
	u64 tx_dropped;
	u64 tx_dropped_bytes;
	u64 pass[VSEG_PASS_BRIDGE_CONTROL];
	u64 pass_state;
} __aligned(64);

static_assert(offsetof(struct vseg_pcpu_stats, pass_state) == 64);

/**
 * struct vseg_stats - all counters of a label
 * @pcpu: see struct vseg_pcpu_stats
 * @pass_service: of the copies that entered here and passed, those let through
 *	by a named service
 * @rx_dropped_bytes: bytes of all copies that entered here and were dropped
 * @dropped: copies that entered here and were dropped, by enum vseg_reason
 * @would: copies that entered here and passed only because of monitor mode
 */
struct vseg_stats {
	struct vseg_pcpu_stats __percpu *pcpu;
	atomic64_t pass_service;
	atomic64_t rx_dropped_bytes;
	atomic64_t dropped[__VSEG_REASON_MAX];
	atomic64_t would[__VSEG_REASON_MAX];
};

/**
 * struct vseg_sum - counters added up, for a reader
 * @rx_packets: as in struct vseg_pcpu_stats
 * @rx_bytes: as in struct vseg_pcpu_stats
 * @tx_packets: as in struct vseg_pcpu_stats
 * @tx_bytes: as in struct vseg_pcpu_stats
 * @rx_dropped: the sum of @dropped
 * @rx_dropped_bytes: as in struct vseg_stats
 * @tx_dropped: as in struct vseg_pcpu_stats
 * @tx_dropped_bytes: as in struct vseg_pcpu_stats
 * @would_drop: the sum of @would
 * @pass: passed by built-in passes, by enum vseg_pass, less %VSEG_PASS_NONE
 * @dropped: as in struct vseg_stats
 * @would: as in struct vseg_stats
 */
struct vseg_sum {
	u64 rx_packets;
	u64 rx_bytes;
	u64 tx_packets;
	u64 tx_bytes;
	u64 rx_dropped;
	u64 rx_dropped_bytes;
	u64 tx_dropped;
	u64 tx_dropped_bytes;
	u64 would_drop;
	u64 pass[VSEG_PASS_MAX];
	u64 dropped[__VSEG_REASON_MAX];
	u64 would[__VSEG_REASON_MAX];
};

int vseg_stats_init(struct vseg_stats *stats);
void vseg_stats_destroy(struct vseg_stats *stats);
void vseg_stats_read(const struct vseg_stats *stats, struct vseg_sum *sum);
void vseg_sum_add(struct vseg_sum *sum, const struct vseg_sum *part);

/**
 * vseg_count_rx - count a copy that entered here and passed
 * @pcpu: counters of the label that it entered by
 * @bytes: its length with the Ethernet header
 *
 * Context: any that runs with migration disabled; safe against interrupts.
 */
static inline void vseg_count_rx(struct vseg_pcpu_stats __percpu *pcpu,
				 unsigned int bytes)
{
	this_cpu_inc(pcpu->rx_packets);
	this_cpu_add(pcpu->rx_bytes, bytes);
}

/**
 * vseg_count_tx - count a copy that leaves here
 * @pcpu: counters of the label that it leaves by
 * @bytes: its length with the Ethernet header
 *
 * Context: as vseg_count_rx().
 */
static inline void vseg_count_tx(struct vseg_pcpu_stats __percpu *pcpu,
				 unsigned int bytes)
{
	this_cpu_inc(pcpu->tx_packets);
	this_cpu_add(pcpu->tx_bytes, bytes);
}

/**
 * struct vseg_cell_pcpu - per-CPU counters of a cell
 * @packets: copies that the cell passed or dropped, as it says
 * @bytes: their bytes
 * @would_packets: copies that it would have dropped but for monitor mode
 * @would_bytes: their bytes
 */
struct vseg_cell_pcpu {
	u64 packets;
	u64 bytes;
	u64 would_packets;
	u64 would_bytes;
};

/* For what frames leave behind; see main.c. */
extern struct workqueue_struct *vseg_wq;

struct vseg_cell_pool;

/**
 * struct vseg_cell_stats - counters of one cell; they outlive the policy
 * @pcpu: NULL until a worker has allocated it after the first hit, and for
 *	good when the pool's budget is spent
 * @packets: counted while @pcpu was NULL; see struct vseg_cell_pcpu
 * @bytes: likewise
 * @would_packets: likewise
 * @would_bytes: likewise
 * @logged: jiffies of the last event of what it let pass
 * @wanted: set once, by the first hit
 * @ref: one for each policy that has the cell, one for the pool's list
 * @wait: in the pool's list of cells that want per-CPU counters
 * @pool: the namespace's budget
 */
struct vseg_cell_stats {
	struct vseg_cell_pcpu __percpu *pcpu;
	atomic64_t packets;
	atomic64_t bytes;
	atomic64_t would_packets;
	atomic64_t would_bytes;
	atomic_long_t logged;
	unsigned long wanted;
	refcount_t ref;
	struct llist_node wait;
	struct vseg_cell_pool *pool;
};

/**
 * struct vseg_cell_pool - per-CPU memory of a namespace's cells
 * @work: allocates for the cells in @wait
 * @wait: cells that were hit and have no per-CPU counters yet
 * @used: bytes in use
 * @max: most bytes that may be in use
 */
struct vseg_cell_pool {
	struct work_struct work;
	struct llist_head wait;
	atomic_long_t used;
	long max;
};

void vseg_cell_pool_init(struct vseg_cell_pool *pool);
void vseg_cell_pool_destroy(struct vseg_cell_pool *pool);

struct vseg_cell_stats *vseg_cell_stats_alloc(struct vseg_cell_pool *pool);
void vseg_cell_stats_put(struct vseg_cell_stats *stats);
void vseg_cell_stats_read(const struct vseg_cell_stats *stats,
			  struct vseg_cell_pcpu *sum);
void vseg_cell_count_shared(struct vseg_cell_stats *stats, unsigned int bytes,
			    bool would);

/**
 * vseg_cell_count - count a copy that the cell decided
 * @stats: counters of the cell, in an RCU read-side section
 * @bytes: its length with the Ethernet header
 *
 * Context: as vseg_count_rx().
 */
static inline void vseg_cell_count(struct vseg_cell_stats *stats,
				   unsigned int bytes)
{
	/* Published once, with release, and never taken back while RCU runs. */
	struct vseg_cell_pcpu __percpu *pcpu = READ_ONCE(stats->pcpu);

	if (likely(pcpu)) {
		this_cpu_inc(pcpu->packets);
		this_cpu_add(pcpu->bytes, bytes);
	} else {
		vseg_cell_count_shared(stats, bytes, false);
	}
}

#endif /* VSEG_STATS_H */
