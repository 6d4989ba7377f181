/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How many flows each domain may have at once.
 */
#ifndef VSEG_FLOW_H
#define VSEG_FLOW_H

#include <linux/spinlock.h>

#include "domain.h"

struct nf_conn;
struct vseg_tables;

#define VSEG_FLOW_RINGS		64

/**
 * struct vseg_flows - the flows of a namespace that stateful rules allowed
 * @rings: struct vseg_ring by the slot of its domain; RCU, changed under @lock
 * @lock: see @rings
 * @n: flows in all rings
 * @refused: flows that didn't begin because there were as many as may be
 * @evicted: flows without an answer that made room for others
 * @picked_up: TCP flows that began in their midst
 */
struct vseg_flows {
	struct hlist_head rings[VSEG_FLOW_RINGS];
	spinlock_t lock;	/* the table of rings */
	atomic_t n;
	atomic64_t refused;
	atomic64_t evicted;
	atomic64_t picked_up;
};

void vseg_flows_init(struct vseg_flows *flows);
u32 vseg_flows_max(void);
bool vseg_flow_add(struct vseg_flows *flows, struct vseg_domain *domain,
		   struct nf_conn *ct, u32 limit, u32 *place);
void vseg_flow_del(struct vseg_flows *flows, const struct vseg_domain *domain,
		   struct nf_conn *ct, u32 place);
void vseg_flows_sweep(struct vseg_flows *flows, const struct vseg_tables *t,
		      unsigned long *live);
void vseg_flows_clear(struct vseg_flows *flows);

#endif /* VSEG_FLOW_H */
