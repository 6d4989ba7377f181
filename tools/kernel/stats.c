// SPDX-License-Identifier: GPL-2.0
/* Cells of a file have counters that nothing counts; the policy holds them. */
#include "../../kmod/stats.h"

/** vseg_cell_stats_alloc() - as kmod/stats.c has it, without a budget */
struct vseg_cell_stats *vseg_cell_stats_alloc(struct vseg_cell_pool *pool)
{
	struct vseg_cell_stats *stats = kzalloc(sizeof(*stats), GFP_KERNEL);

	if (!stats)
		return NULL;
	refcount_set(&stats->ref, 1);
	stats->pool = pool;
	return stats;
}

/** vseg_cell_stats_put() - give a reference back */
void vseg_cell_stats_put(struct vseg_cell_stats *stats)
{
	if (refcount_dec_and_test(&stats->ref))
		kfree(stats);
}
