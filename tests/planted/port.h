/* SPDX-License-Identifier: GPL-2.0 */
#include <linux/rculist.h>
#include <linux/refcount.h>
#include <linux/slab.h>

#include "planted.h"

/* map-short: a trunk's table of labels has 8 places, not one for each VLAN. */
static inline void *planted_kvcalloc(size_t n, size_t size, gfp_t gfp)
{
	return kvcalloc(planted("map-short") ? 8 : n, size, gfp);
}

#undef kvcalloc
#define kvcalloc(n, size, gfp) planted_kvcalloc(n, size, gfp)

/* binding-found: frames still find a binding that is freed. */
static inline void planted_hlist_del_rcu(struct hlist_node *n)
{
	if (!planted("binding-found"))
		hlist_del_rcu(n);
}

#define hlist_del_rcu(n) planted_hlist_del_rcu(n)

/* reference-missed: a binding doesn't hold its port. */
static inline void planted_refcount_inc(refcount_t *ref)
{
	if (!planted("reference-missed"))
		refcount_inc(ref);
}

#define refcount_inc(ref) planted_refcount_inc(ref)
