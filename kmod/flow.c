// SPDX-License-Identifier: GPL-2.0
/*
 * How many flows each domain may have at once.
 *
 * Each source domain has a ring of the entries of connection tracking that its
 * flows have, and the ring holds a reference to each.  A new flow finds a free
 * place, or has a hand look at a few places: an entry that is about to go, or
 * whose flow was never answered, gives its place away.  So who floods loses
 * what it began itself, and nobody else loses anything.
 *
 * A worker takes out what connection tracking has given up.
 */
#include <linux/xarray.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_conntrack_zones.h>

#include "flow.h"
#include "policy.h"
#include "state.h"

/* Places that the hand looks at for one new flow. */
#define VSEG_RING_LOOKS		8

/* Entries that one hold of a ring's lock takes out. */
#define VSEG_RING_BATCH		64

/**
 * struct vseg_ring - the flows that a domain began
 * @hash: in vseg_flows.rings; RCU
 * @gone: on its way out, when frames may still be at @hash
 * @domain: holds a reference
 * @places: entries; each with a reference; its lock guards all of the ring
 * @n: entries in @places
 * @hand: where the search for a flow without an answer goes on
 * @rcu: frees it after the last frame
 */
struct vseg_ring {
	struct hlist_node hash;
	struct hlist_node gone;
	struct vseg_domain *domain;
	struct xarray places;
	u32 n;
	unsigned long hand;
	struct rcu_head rcu;
};

/**
 * vseg_flows_init - get ready
 * @flows: zeroed
 */
void vseg_flows_init(struct vseg_flows *flows)
{
	spin_lock_init(&flows->lock);
}

/**
 * vseg_flows_max - how many flows all domains may have at once
 *
 * A quarter of the host's table is left to the host.
 *
 * Return: their number.
 */
u32 vseg_flows_max(void)
{
	u32 max = READ_ONCE(nf_conntrack_max);

	return max ? max / 4 * 3 : U32_MAX;
}

static struct vseg_ring *vseg_ring_find(struct vseg_flows *flows, u16 slot)
{
	struct vseg_ring *ring;

	hlist_for_each_entry_rcu(ring, &flows->rings[slot % VSEG_FLOW_RINGS],
				 hash, lockdep_is_held(&flows->lock))
		if (ring->domain->slot == slot)
			return ring;
	return NULL;
}

static noinline struct vseg_ring *vseg_ring_make(struct vseg_flows *flows,
						 struct vseg_domain *domain)
{
	struct vseg_ring *ring, *other;

	ring = kzalloc(sizeof(*ring), GFP_ATOMIC | __GFP_NOWARN);
	if (!ring)
		return NULL;
	xa_init_flags(&ring->places, XA_FLAGS_ALLOC | XA_FLAGS_LOCK_BH);

	spin_lock_bh(&flows->lock);
	other = vseg_ring_find(flows, domain->slot);
	if (!other) {
		/* RCU keeps the label of the frame, and it the domain. */
		ring->domain = vseg_domain_get(domain);
		hlist_add_head_rcu(&ring->hash,
				   &flows->rings[domain->slot %
						 VSEG_FLOW_RINGS]);
	}
	spin_unlock_bh(&flows->lock);
	if (!other)
		return ring;
	kfree(ring);
	return other;
}

/* Connection tracking has given it up, or will when it looks. */
static bool vseg_flow_over(const struct nf_conn *ct)
{
	return nf_ct_is_dying(ct) || nf_ct_should_gc(ct);
}

/* One that isn't confirmed yet is just about to be. */
static bool vseg_flow_gives_way(const struct nf_conn *ct)
{
	if (!nf_ct_is_confirmed(ct))
		return false;
	return !(READ_ONCE(ct->status) & (IPS_SEEN_REPLY | IPS_ASSURED)) ||
	       vseg_state_asleep(ct);
}

static void vseg_ring_take(struct vseg_flows *flows, struct vseg_ring *ring,
			   unsigned long place)
{
	__xa_erase(&ring->places, place);
	ring->n--;
	atomic_dec(&flows->n);
}

/* An entry that gave its place away, with the ring's reference; or NULL. */
static struct nf_conn *vseg_ring_evict(struct vseg_flows *flows,
				       struct vseg_ring *ring)
{
	unsigned long place = ring->hand;
	struct nf_conn *ct;
	u32 i;

	for (i = 0; i < VSEG_RING_LOOKS; i++) {
		ct = xa_find(&ring->places, &place, ULONG_MAX, XA_PRESENT);
		if (!ct) {
			place = 0;
			continue;
		}
		ring->hand = place + 1;
		if (vseg_flow_over(ct) || vseg_flow_gives_way(ct)) {
			if (!vseg_flow_over(ct))
				atomic64_inc(&flows->evicted);
			vseg_ring_take(flows, ring, place);
			return ct;
		}
		place++;
	}
	return NULL;
}

/* A domain may have twice what is left for all.  So one that floods leaves a third
 * of the places, several leave less, and whoever has few flows finds room.
 */
static bool vseg_ring_full(const struct vseg_flows *flows,
			   const struct vseg_ring *ring, u32 limit)
{
	u32 max = vseg_flows_max();
	u32 left = max - min_t(u32, atomic_read(&flows->n), max);

	return ring->n >= limit || ring->n / 2 >= left;
}

static bool vseg_ring_put(struct vseg_flows *flows, struct vseg_ring *ring,
			  struct nf_conn *ct, u32 *place)
{
	/* Places behind a limit that was lowered may be in use. */
	if (__xa_alloc(&ring->places, place, ct, xa_limit_31b,
		       GFP_ATOMIC | __GFP_NOWARN))
		return false;
	nf_conntrack_get(&ct->ct_general);
	ring->n++;
	atomic_inc(&flows->n);
	return true;
}

/**
 * vseg_flow_add - count a flow that is about to begin
 * @flows: flows
 * @domain: domain that begins it
 * @ct: its entry, not confirmed yet or not counted yet
 * @limit: most flows of the domain
 * @place: result: its place
 *
 * Context: netfilter hook.
 * Return: false when there are as many as may be, or no memory; counted.
 */
bool vseg_flow_add(struct vseg_flows *flows, struct vseg_domain *domain,
		   struct nf_conn *ct, u32 limit, u32 *place)
{
	struct vseg_ring *ring = vseg_ring_find(flows, domain->slot);
	struct nf_conn *evicted = NULL;
	bool added = false;

	if (!ring)
		ring = vseg_ring_make(flows, domain);
	if (ring) {
		xa_lock_bh(&ring->places);
		if (vseg_ring_full(flows, ring, limit))
			evicted = vseg_ring_evict(flows, ring);
		if (!vseg_ring_full(flows, ring, limit))
			added = vseg_ring_put(flows, ring, ct, place);
		xa_unlock_bh(&ring->places);
	}
	if (evicted) {
		nf_ct_kill(evicted);
		nf_ct_put(evicted);
	}
	if (!added)
		atomic64_inc(&flows->refused);
	return added;
}

/**
 * vseg_flow_del - count a flow no longer that didn't begin after all
 * @flows: flows
 * @domain: domain that was about to begin it
 * @ct: its entry
 * @place: its place
 *
 * Context: netfilter hook, the one that counted it.
 */
void vseg_flow_del(struct vseg_flows *flows, const struct vseg_domain *domain,
		   struct nf_conn *ct, u32 place)
{
	struct vseg_ring *ring = vseg_ring_find(flows, domain->slot);
	bool found;

	if (!ring)
		return;
	xa_lock_bh(&ring->places);
	found = xa_load(&ring->places, place) == ct;
	if (found)
		vseg_ring_take(flows, ring, place);
	xa_unlock_bh(&ring->places);
	if (found)
		nf_ct_put(ct);
}

/* Takes out a batch from @place on: what is over; or all, without @live, which
 * gets the zones of the others.  Returns false at the end.
 */
static bool vseg_ring_sweep(struct vseg_flows *flows, struct vseg_ring *ring,
			    unsigned long *place, unsigned long *live)
{
	struct nf_conn *batch[VSEG_RING_BATCH];
	struct nf_conn *ct;
	u32 n = 0, looks = 0, i;

	xa_lock_bh(&ring->places);
	for (ct = xa_find(&ring->places, place, ULONG_MAX, XA_PRESENT); ct;
	     ct = xa_find_after(&ring->places, place, ULONG_MAX, XA_PRESENT)) {
		if (n == ARRAY_SIZE(batch) || ++looks > 8 * ARRAY_SIZE(batch))
			break;
		if (live && !vseg_flow_over(ct)) {
			__set_bit(nf_ct_zone(ct)->id, live);
			continue;
		}
		vseg_ring_take(flows, ring, *place);
		batch[n++] = ct;
	}
	xa_unlock_bh(&ring->places);

	for (i = 0; i < n; i++) {
		if (nf_ct_is_confirmed(batch[i]))
			nf_ct_kill(batch[i]);
		nf_ct_put(batch[i]);
	}
	cond_resched();
	return ct;
}

static void vseg_ring_free(struct vseg_flows *flows, struct vseg_ring *ring)
{
	unsigned long place = 0;

	while (vseg_ring_sweep(flows, ring, &place, NULL))
		;
	xa_destroy(&ring->places);
	vseg_domain_put(ring->domain);
	kfree_rcu(ring, rcu);
}

static bool vseg_ring_wanted(const struct vseg_ring *ring,
			     const struct vseg_tables *t)
{
	return t && vseg_tables_has_domain(t, ring->domain);
}

/* Off the table those that @t doesn't want. */
static void vseg_rings_unlink(struct vseg_flows *flows,
			      const struct vseg_tables *t,
			      struct hlist_head *gone)
{
	struct vseg_ring *ring;
	struct hlist_node *next;
	u32 i;

	spin_lock_bh(&flows->lock);
	for (i = 0; i < VSEG_FLOW_RINGS; i++)
		hlist_for_each_entry_safe(ring, next, &flows->rings[i], hash) {
			if (vseg_ring_wanted(ring, t))
				continue;
			hlist_del_rcu(&ring->hash);
			hlist_add_head(&ring->gone, gone);
		}
	spin_unlock_bh(&flows->lock);
}

/**
 * vseg_flows_sweep - take out what is over, and who is gone
 * @flows: flows
 * @t: tables that decide every frame by now
 * @live: result: numbers of the zones that flows are in
 *
 * Context: process, may sleep; one caller at a time, which keeps @t.
 */
void vseg_flows_sweep(struct vseg_flows *flows, const struct vseg_tables *t,
		      unsigned long *live)
{
	struct hlist_head gone = HLIST_HEAD_INIT;
	struct vseg_ring *ring;
	struct hlist_node *next;
	unsigned long place;
	u32 i;

	bitmap_zero(live, VSEG_ZONE_MAX + 1);
	vseg_rings_unlink(flows, t, &gone);
	if (!hlist_empty(&gone))
		synchronize_net();
	hlist_for_each_entry_safe(ring, next, &gone, gone)
		vseg_ring_free(flows, ring);

	/* Only this takes rings off the table. */
	for (i = 0; i < VSEG_FLOW_RINGS; i++)
		hlist_for_each_entry(ring, &flows->rings[i], hash) {
			place = 0;
			while (vseg_ring_sweep(flows, ring, &place, live))
				;
		}
}

/**
 * vseg_flows_clear - end all flows
 * @flows: flows; no frame can begin one any more
 *
 * Context: process, may sleep.
 */
void vseg_flows_clear(struct vseg_flows *flows)
{
	struct hlist_head gone = HLIST_HEAD_INIT;
	struct vseg_ring *ring;
	struct hlist_node *next;

	vseg_rings_unlink(flows, NULL, &gone);
	hlist_for_each_entry_safe(ring, next, &gone, gone)
		vseg_ring_free(flows, ring);
}
