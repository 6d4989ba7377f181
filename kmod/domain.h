/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Security domains.
 *
 * Pure: no device, no skb, no netlink.
 */
#ifndef VSEG_DOMAIN_H
#define VSEG_DOMAIN_H

#include <linux/bitmap.h>
#include <linux/idr.h>

#include "stats.h"

/* Slots of the built-in domains; operator domains follow. */
#define VSEG_SLOT_UNLABELLED	0
#define VSEG_SLOT_HOST		1
#define VSEG_SLOT_ROUTED	2
#define VSEG_SLOT_FIRST		3

/* One slot more than the domains of a policy and those on their way out. */
#define VSEG_SLOT_LAST		0xfffe

/* Ids of the built-in domains are their slots; ids 3 to 15 are reserved. */
#define VSEG_DOMAIN_HASH_BITS	10

/**
 * struct vseg_domain - a security domain
 * @slot: small number that frames carry inside the kernel; not used again
 *	before the last reference is gone
 * @id: the operator's number, the one on the wire
 * @name: unique in its policy
 * @ref: policies that have it, labels that carry it, its sysfs directory
 * @labels: labels that carry it, RCU; changed under vseg_net.lock
 * @retired: counters of labels that carried it once; under vseg_net.fold
 * @zones: zones of connection tracking that it got by tags of its guests' choice;
 *	under vseg_zones.lock
 * @slots: where @slot came from
 * @rcu: frees it after the last reader
 */
struct vseg_domain {
	u16 slot;
	u16 id;
	char name[VSEG_NAME_MAX + 1];
	refcount_t ref;
	struct list_head labels;
	struct vseg_sum retired;
	u32 zones;
	struct ida *slots;
	struct rcu_head rcu;
};

/**
 * struct vseg_domain_node - a domain in the set of one policy
 * @hash: in vseg_domain_set.names
 * @domain: holds a reference
 * @permit: enum vseg_guard_permit of its guests
 */
struct vseg_domain_node {
	struct hlist_node hash;
	struct vseg_domain *domain;
	u32 permit;
};

/**
 * struct vseg_domain_set - the operator domains of one policy
 * @ids: ids in use
 * @names: by name
 */
struct vseg_domain_set {
	DECLARE_BITMAP(ids, VSEG_DOMAIN_ID_MAX + 1);
	struct hlist_head names[1 << VSEG_DOMAIN_HASH_BITS];
};

struct vseg_domain *vseg_domain_alloc(const char *name, u16 id,
				      struct ida *slots, int slot);
void vseg_domain_put(struct vseg_domain *domain);

static inline struct vseg_domain *vseg_domain_get(struct vseg_domain *domain)
{
	refcount_inc(&domain->ref);
	return domain;
}

bool vseg_domain_name_ok(const char *name);
bool vseg_domain_name_reserved(const char *name);

int vseg_domain_set_add(struct vseg_domain_set *set,
			struct vseg_domain *domain);
void vseg_domain_set_del(struct vseg_domain_set *set,
			 struct vseg_domain *domain);
int vseg_domain_set_copy(struct vseg_domain_set *to,
			 const struct vseg_domain_set *from);
void vseg_domain_set_clear(struct vseg_domain_set *set);
struct vseg_domain *vseg_domain_set_find(const struct vseg_domain_set *set,
					 const char *name);
void vseg_domain_set_permit(struct vseg_domain_set *set,
			    const struct vseg_domain *domain, u32 permit);
u32 vseg_domain_set_permits(const struct vseg_domain_set *set,
			    const struct vseg_domain *domain);

#define vseg_domain_set_for_each(set, bkt, node)			\
	for ((bkt) = 0; (bkt) < ARRAY_SIZE((set)->names); (bkt)++)	\
		hlist_for_each_entry(node, &(set)->names[bkt], hash)

#endif /* VSEG_DOMAIN_H */
