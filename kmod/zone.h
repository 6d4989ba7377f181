/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Zones of connection tracking: one for each two domains in each VLAN of each
 * bridge.
 */
#ifndef VSEG_ZONE_H
#define VSEG_ZONE_H

#include "port.h"

#define VSEG_ZONE_BITS		12

/* Of all zones, those by tags that guests choose: half at most, and an eighth
 * for one domain.
 */
#define VSEG_ZONE_TAGGED	2
#define VSEG_ZONE_TAGGED_ONE	8

/**
 * struct vseg_zone - a zone in use
 * @hash: in vseg_zones.buckets; RCU
 * @gone: next of those that no frame finds any more
 * @bridge: holds a reference
 * @pair: vseg_key() of the slots of @domain, in their order
 * @vid: VLAN of the bridge
 * @id: its number
 * @idle: looks in a row, up to a bound, that saw no flow here
 * @keep: flows began here that outlive their rule
 * @asked: the operator made it, and no flow was seen here since
 * @lingers: no stateful rule wants it, but its flows may be allowed again
 * @since: when that began, in jiffies
 * @tagged: a guest chose the VLAN
 * @maker: which of @domain began the first flow
 * @domain: the two domains, the lower slot first; hold references
 * @rcu: frees it after the last frame
 */
struct vseg_zone {
	struct hlist_node hash;
	struct vseg_zone *gone;
	struct vseg_bridge *bridge;
	u32 pair;
	u16 vid;
	u16 id;
	u8 idle;
	bool keep;
	bool asked;
	bool lingers;
	bool tagged;
	u8 maker;
	unsigned long since;
	struct vseg_domain *domain[2];
	struct rcu_head rcu;
};

/**
 * struct vseg_zones - the zones of a namespace
 * @buckets: struct vseg_zone; RCU, changed under @lock
 * @lock: everything here
 * @n: zones in use
 * @nkeep: of them, those with @keep
 * @ntagged: of them, and of those whose number isn't free yet, those with @tagged
 * @lacking: somebody was refused one since the last look
 * @next: where the search for a free number goes on
 * @used: numbers in use, with those that frames may still see
 */
struct vseg_zones {
	struct hlist_head buckets[1 << VSEG_ZONE_BITS];
	spinlock_t lock;	/* all of this */
	u32 n;
	u32 nkeep;
	u32 ntagged;
	bool lacking;
	u32 next;
	DECLARE_BITMAP(used, VSEG_ZONE_MAX + 1);
};

/* Either direction has the same. */
static inline u32 vseg_zone_pair(u16 a, u16 b)
{
	return a < b ? vseg_key(a, b) : vseg_key(b, a);
}

static inline u32 vseg_zone_bucket(const struct vseg_bridge *bridge, u16 vid,
				   u32 pair)
{
	return hash_64((unsigned long)bridge ^ (u64)pair << 16 ^ vid,
		       VSEG_ZONE_BITS);
}

/**
 * vseg_zone_find - the zone of two domains
 * @zones: zones
 * @bridge: bridge
 * @vid: VLAN of the bridge
 * @pair: vseg_zone_pair() of their slots
 *
 * Context: RCU read-side section.
 * Return: the zone, or NULL.
 */
static inline struct vseg_zone *vseg_zone_find(struct vseg_zones *zones,
					       const struct vseg_bridge *bridge,
					       u16 vid, u32 pair)
{
	u32 bucket = vseg_zone_bucket(bridge, vid, pair);
	struct vseg_zone *zone;

	hlist_for_each_entry_rcu(zone, &zones->buckets[bucket], hash,
				 lockdep_is_held(&zones->lock))
		if (zone->pair == pair && zone->bridge == bridge &&
		    zone->vid == vid)
			return zone;
	return NULL;
}

void vseg_zones_init(struct vseg_zones *zones);
struct vseg_zone *vseg_zone_make(struct vseg_zones *zones,
				 const struct vseg_settings *settings,
				 struct vseg_bridge *bridge, u16 vid,
				 struct vseg_domain *a, struct vseg_domain *b);
bool vseg_zone_managed(const struct vseg_net *vn, const struct vseg_zone *zone);
void vseg_zone_keep(struct vseg_zones *zones, struct vseg_zone *zone);
void vseg_zone_ask(struct vseg_zones *zones, struct vseg_zone *zone);
void vseg_zones_mark_kept(struct vseg_zones *zones, struct vseg_tables *t);
bool vseg_zones_sweep(struct vseg_net *vn, struct vseg_zones *zones,
		      const unsigned long *live);
void vseg_zones_reclaim(struct vseg_net *vn, struct vseg_zones *zones,
			const unsigned long *live);
void vseg_zones_clear(struct vseg_net *vn, struct vseg_zones *zones);

#endif /* VSEG_ZONE_H */
