// SPDX-License-Identifier: GPL-2.0
/*
 * Zones of connection tracking: one for each two domains in each VLAN of each
 * bridge.
 *
 * So equal addresses of two tenants never meet, and what a third domain sends
 * can't touch what connection tracking knows of a flow between two others.  A
 * zone comes with the first frame that a stateful rule lets begin a flow there,
 * and goes when its bridge or one of its domains goes; some time after the last
 * stateful rule that needs it, or with its last flow then; or when it has no flows
 * while somebody lacks one.
 *
 * On a bridge that filters no VLANs guests write the tags, and so could take
 * zone after zone.  What they get that way is bounded, for each domain and for
 * all of them.
 */
#include <linux/if_bridge.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_conntrack_zones.h>

#include "state.h"
#include "zone.h"

/* Looks in a row that saw no flow in a zone, before it may go. */
#define VSEG_ZONE_IDLE		2

/* How long flows are kept that no rule allows any more, should one come back:
 * as long as TCP tries to send, by default.
 */
#define VSEG_ZONE_LINGER	(15 * 60 * HZ)

/**
 * vseg_zones_init - get ready
 * @zones: zeroed
 */
void vseg_zones_init(struct vseg_zones *zones)
{
	spin_lock_init(&zones->lock);
}

/* A number that nobody uses, from @first to @last; 0 when there is none. */
static u16 vseg_zone_number(struct vseg_zones *zones, u32 first, u32 last)
{
	u32 from = clamp(zones->next, first, last), id;

	id = find_next_zero_bit(zones->used, last + 1, from);
	if (id > last)
		id = find_next_zero_bit(zones->used, last + 1, first);
	if (id > last)
		return 0;
	__set_bit(id, zones->used);
	zones->next = id + 1;
	return id;
}

/* May the domain have one more zone by a tag that a guest chose? */
static bool vseg_zone_may_be(const struct vseg_zones *zones,
			     const struct vseg_zone *zone,
			     const struct vseg_settings *settings)
{
	u32 all = settings->zone_last - settings->zone_first + 1;

	if (!zone->tagged)
		return true;
	return zones->ntagged < max(all / VSEG_ZONE_TAGGED, 1U) &&
	       zone->domain[zone->maker]->zones <
	       max(all / VSEG_ZONE_TAGGED_ONE, 1U);
}

static void vseg_zone_count(struct vseg_zones *zones, struct vseg_zone *zone,
			    int more)
{
	if (!zone->tagged)
		return;
	zones->ntagged += more;
	zone->domain[zone->maker]->zones += more;
}

static int vseg_zone_fill(struct vseg_zones *zones, struct vseg_zone *zone,
			  const struct vseg_settings *settings)
{
	lockdep_assert_held(&zones->lock);

	if (!refcount_inc_not_zero(&zone->bridge->ref))
		return -ENOENT;
	if (vseg_zone_may_be(zones, zone, settings))
		zone->id = vseg_zone_number(zones, settings->zone_first,
					    settings->zone_last);
	if (!zone->id) {
		/* The port of the frame has one too, so it isn't the last. */
		vseg_bridge_put(zone->bridge);
		zones->lacking = true;
		return -ENOSPC;
	}
	vseg_zone_count(zones, zone, 1);
	/* RCU keeps the labels of the frame, and they the domains. */
	vseg_domain_get(zone->domain[0]);
	vseg_domain_get(zone->domain[1]);
	hlist_add_head_rcu(&zone->hash,
			   &zones->buckets[vseg_zone_bucket(zone->bridge,
							    zone->vid,
							    zone->pair)]);
	WRITE_ONCE(zones->n, zones->n + 1);
	return 0;
}

/**
 * vseg_zone_make - the zone of two domains, a new one if need be
 * @zones: zones
 * @settings: of the policy
 * @bridge: bridge
 * @vid: VLAN of the bridge
 * @a: domain that begins a flow
 * @b: the other, or the same
 *
 * Context: RCU read-side section, any; doesn't sleep.
 * Return: the zone; or ERR_PTR(): -ENOSPC when all numbers are in use, or those
 * that guests may take by their tags; -ENOMEM; -ENOENT when the bridge is going.
 */
struct vseg_zone *vseg_zone_make(struct vseg_zones *zones,
				 const struct vseg_settings *settings,
				 struct vseg_bridge *bridge, u16 vid,
				 struct vseg_domain *a, struct vseg_domain *b)
{
	u32 pair = vseg_zone_pair(a->slot, b->slot);
	struct vseg_zone *zone, *other;
	int err = 0;

	zone = kzalloc(sizeof(*zone), GFP_ATOMIC | __GFP_NOWARN);
	if (!zone)
		return ERR_PTR(-ENOMEM);
	zone->bridge = bridge;
	zone->pair = pair;
	zone->vid = vid;
	zone->tagged = vid && !br_vlan_enabled(bridge->dev);
	zone->maker = a->slot > b->slot;
	zone->domain[0] = a->slot < b->slot ? a : b;
	zone->domain[1] = a->slot < b->slot ? b : a;

	spin_lock_bh(&zones->lock);
	other = vseg_zone_find(zones, bridge, vid, pair);
	if (!other) {
		err = vseg_zone_fill(zones, zone, settings);
		if (!err)
			swap(zone, other);
	}
	spin_unlock_bh(&zones->lock);
	kfree(zone);
	return err ? ERR_PTR(err) : other;
}

/**
 * vseg_zone_keep - remember that a flow began which outlives its rule
 * @zones: zones
 * @zone: its zone
 *
 * Context: RCU read-side section.
 */
void vseg_zone_keep(struct vseg_zones *zones, struct vseg_zone *zone)
{
	spin_lock_bh(&zones->lock);
	if (!zone->keep && !hlist_unhashed(&zone->hash)) {
		WRITE_ONCE(zone->keep, true);
		WRITE_ONCE(zones->nkeep, zones->nkeep + 1);
	}
	spin_unlock_bh(&zones->lock);
}

/**
 * vseg_zone_ask - the operator wants a zone, though no flow may be there yet
 * @zones: zones
 * @zone: one of them
 *
 * Context: vseg_net.lock held.
 */
void vseg_zone_ask(struct vseg_zones *zones, struct vseg_zone *zone)
{
	spin_lock_bh(&zones->lock);
	zone->asked = true;
	spin_unlock_bh(&zones->lock);
}

/**
 * vseg_zones_mark_kept - have tables show the frames of kept flows
 * @zones: zones
 * @t: sealed tables that no frame sees yet
 *
 * Context: process.
 */
void vseg_zones_mark_kept(struct vseg_zones *zones, struct vseg_tables *t)
{
	struct vseg_zone *zone;
	u32 i;

	if (!READ_ONCE(zones->nkeep))
		return;
	spin_lock_bh(&zones->lock);
	for (i = 0; i < ARRAY_SIZE(zones->buckets); i++)
		hlist_for_each_entry(zone, &zones->buckets[i], hash)
			if (zone->keep)
				vseg_tables_mark_back(t, zone->domain[0]->slot,
						      zone->domain[1]->slot);
	spin_unlock_bh(&zones->lock);
}

/*
 * Their end.
 */

/**
 * vseg_zone_managed - is its bridge still managed?
 * @vn: namespace
 * @zone: zone
 *
 * Context: vseg_net.lock held, and keeps the bridge.
 * Return: whether it is.
 */
bool vseg_zone_managed(const struct vseg_net *vn, const struct vseg_zone *zone)
{
	const struct vseg_bridge *br;

	list_for_each_entry(br, &vn->bridges, in_net)
		if (br == zone->bridge && !br->leaving)
			return true;
	return false;
}

static bool vseg_zone_ruled(const struct vseg_zone *zone,
			    const struct vseg_policy *policy)
{
	u16 a = zone->domain[0]->slot, b = zone->domain[1]->slot;

	return zone->keep || vseg_policy_back_stateful(policy, a, b) ||
	       vseg_policy_back_stateful(policy, b, a);
}

/* No frame asks for its flows, but a rule may come back before they end. */
static bool vseg_zone_lingers(struct vseg_zone *zone, const unsigned long *live)
{
	if (!live || !test_bit(zone->id, live))
		return false;
	if (!zone->lingers)
		zone->since = jiffies;
	zone->lingers = true;
	return time_before(jiffies, zone->since + VSEG_ZONE_LINGER);
}

static bool vseg_zone_wanted(struct vseg_net *vn, struct vseg_zone *zone,
			     const struct vseg_policy *policy,
			     const unsigned long *live)
{
	const struct vseg_settings *settings;

	if (!policy || !vseg_zone_managed(vn, zone) ||
	    !vseg_tables_has_domain(policy->tables, zone->domain[0]) ||
	    !vseg_tables_has_domain(policy->tables, zone->domain[1]))
		return false;
	settings = &policy->settings;
	if (zone->id < settings->zone_first || zone->id > settings->zone_last)
		return false;
	if (!vseg_zone_ruled(zone, policy))
		return vseg_zone_lingers(zone, live);
	zone->lingers = false;
	return true;
}

static void vseg_zone_unlink(struct vseg_zones *zones, struct vseg_zone *zone,
			     struct vseg_zone **gone)
{
	lockdep_assert_held(&zones->lock);

	/* Frames that are there go on along the chain. */
	hlist_del_init_rcu(&zone->hash);
	zone->gone = *gone;
	*gone = zone;
	WRITE_ONCE(zones->n, zones->n - 1);
	WRITE_ONCE(zones->nkeep, zones->nkeep - zone->keep);
}

static void vseg_zones_unlink(struct vseg_net *vn, struct vseg_zones *zones,
			      const struct vseg_policy *policy,
			      const unsigned long *live,
			      struct vseg_zone **gone)
{
	struct vseg_zone *zone;
	struct hlist_node *next;
	u32 i;

	spin_lock_bh(&zones->lock);
	for (i = 0; i < ARRAY_SIZE(zones->buckets); i++)
		hlist_for_each_entry_safe(zone, next, &zones->buckets[i],
					  hash)
			if (!vseg_zone_wanted(vn, zone, policy, live))
				vseg_zone_unlink(zones, zone, gone);
	spin_unlock_bh(&zones->lock);
}

static int vseg_zone_has(struct nf_conn *ct, void *data)
{
	const unsigned long *numbers = data;

	return test_bit(nf_ct_zone(ct)->id, numbers);
}

/* No frame finds them any more.  Their numbers are free only when their entries
 * are gone.
 */
static void vseg_zones_free(struct vseg_net *vn, struct vseg_zones *zones,
			    struct vseg_zone *gone)
{
	unsigned long *numbers = bitmap_zalloc(VSEG_ZONE_MAX + 1, GFP_KERNEL);
	const struct nf_ct_iter_data iter = {
		.net = vn->net,
		/* Without memory all numbers of vseg lose their entries. */
		.data = numbers ?: zones->used,
	};
	struct vseg_zone *zone;

	for (zone = gone; zone && numbers; zone = zone->gone)
		__set_bit(zone->id, numbers);
	nf_ct_iterate_cleanup_net(vseg_zone_has, &iter);
	bitmap_free(numbers);

	spin_lock_bh(&zones->lock);
	for (zone = gone; zone; zone = zone->gone) {
		__clear_bit(zone->id, zones->used);
		vseg_zone_count(zones, zone, -1);
	}
	spin_unlock_bh(&zones->lock);
	while ((zone = gone)) {
		gone = zone->gone;
		vseg_domain_put(zone->domain[0]);
		vseg_domain_put(zone->domain[1]);
		vseg_bridge_put(zone->bridge);
		kfree_rcu(zone, rcu);
	}
}

/**
 * vseg_zones_sweep - end the zones that nobody needs any more
 * @vn: namespace
 * @zones: its zones
 * @live: numbers of those that flows were just seen in
 *
 * Context: process, may sleep; one caller at a time; vseg_net.lock not held,
 * and every frame is decided by the policy in force.
 * Return: whether flows ended with them.
 */
bool vseg_zones_sweep(struct vseg_net *vn, struct vseg_zones *zones,
		      const unsigned long *live)
{
	struct vseg_zone *gone = NULL;

	mutex_lock(&vn->lock);
	vseg_zones_unlink(vn, zones, vseg_policy_locked(vn), live, &gone);
	mutex_unlock(&vn->lock);
	if (!gone)
		return false;
	synchronize_net();
	vseg_zones_free(vn, zones, gone);
	return true;
}

/* Has it been without flows for long enough? */
static bool vseg_zone_idle(struct vseg_zone *zone, const unsigned long *live)
{
	if (test_bit(zone->id, live)) {
		zone->idle = 0;
		zone->asked = false;
		return false;
	}
	if (zone->keep || zone->asked)
		return false;
	if (zone->idle == VSEG_ZONE_IDLE)
		return true;
	zone->idle++;
	return false;
}

static void vseg_zones_unlink_idle(struct vseg_zones *zones,
				   const unsigned long *live,
				   struct vseg_zone **gone)
{
	struct vseg_zone *zone;
	struct hlist_node *next;
	bool lacking;
	u32 i;

	spin_lock_bh(&zones->lock);
	lacking = zones->lacking;
	zones->lacking = false;
	for (i = 0; i < ARRAY_SIZE(zones->buckets); i++)
		hlist_for_each_entry_safe(zone, next, &zones->buckets[i],
					  hash)
			if (vseg_zone_idle(zone, live) && lacking)
				vseg_zone_unlink(zones, zone, gone);
	spin_unlock_bh(&zones->lock);
}

/**
 * vseg_zones_reclaim - end zones without flows, if somebody lacks one
 * @vn: namespace
 * @zones: its zones
 * @live: numbers of those that flows were just seen in
 *
 * A flow that begins meanwhile in one that goes begins once more, by its next
 * frame.
 *
 * Context: process, may sleep; one caller at a time; vseg_net.lock not held.
 */
void vseg_zones_reclaim(struct vseg_net *vn, struct vseg_zones *zones,
			const unsigned long *live)
{
	struct vseg_zone *gone = NULL;

	if (!READ_ONCE(zones->n))
		return;
	mutex_lock(&vn->lock);
	vseg_zones_unlink_idle(zones, live, &gone);
	mutex_unlock(&vn->lock);
	if (!gone)
		return;
	synchronize_net();
	vseg_zones_free(vn, zones, gone);
}

/**
 * vseg_zones_clear - end all zones
 * @vn: namespace
 * @zones: its zones; no frame can make one any more
 *
 * Context: process, may sleep.
 */
void vseg_zones_clear(struct vseg_net *vn, struct vseg_zones *zones)
{
	struct vseg_zone *gone = NULL;

	vseg_zones_unlink(vn, zones, NULL, NULL, &gone);
	if (gone)
		vseg_zones_free(vn, zones, gone);
}
