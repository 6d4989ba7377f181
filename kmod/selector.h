/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Selectors: which domain a port gets by what it is.
 *
 * Pure: no device, no skb, no netlink.
 */
#ifndef VSEG_SELECTOR_H
#define VSEG_SELECTOR_H

#include "domain.h"
#include "guest.h"

/* First byte that libvirt gives a tap in place of its guest's. */
#define VSEG_MAC_TAP	0xfe

/**
 * struct vseg_vlan_range - a range of VLANs of a trunk port
 * @first: first VLAN id
 * @last: last VLAN id
 * @domain: holds a reference
 */
struct vseg_vlan_range {
	u16 first;
	u16 last;
	struct vseg_domain *domain;
};

/**
 * struct vseg_bind - what an operator wants of a port
 * @kind: enum vseg_port_kind
 * @match: enum vseg_port_match
 * @domain: guest: its domain; trunk: the domain of VLANs that aren't mapped
 * @map: VLAN ranges of a trunk port; they don't overlap
 * @nmap: ranges in @map
 * @guard: guest: what the operator says of it, or NULL; holds a reference
 * @mac: guest: the MAC address of the selector that it belongs to, or NULL
 */
struct vseg_bind {
	u8 kind;
	u8 match;
	struct vseg_domain *domain;
	struct vseg_vlan_range *map;
	u32 nmap;
	struct vseg_guard *guard;
	const u8 *mac;
};

void vseg_bind_clear(struct vseg_bind *bind);
bool vseg_bind_same(const struct vseg_bind *a, const struct vseg_bind *b);
bool vseg_bind_names(const struct vseg_bind *bind,
		     const struct vseg_domain *domain);
/**
 * vseg_bind_guest - what is known of the guest that a bind is for
 * @bind: bind
 *
 * Return: that, as long as the bind.
 */
static inline struct vseg_guest vseg_bind_guest(const struct vseg_bind *bind)
{
	const struct vseg_guard *guard = bind->guard;

	return (struct vseg_guest) {
		.guard = guard,
		.mac = bind->mac ?: (guard && guard->nmacs ? guard->macs[0] :
							     NULL),
	};
}

struct vseg_domain *vseg_bind_vlan(const struct vseg_bind *bind, u16 vid);

/**
 * struct vseg_selector - gives a domain to the ports that fit
 * @ref: policies that have it, bindings that come from it
 * @bind: what it gives; owns its domains, map and guard
 * @type: enum vseg_selector_type
 * @mac: the guest's address, for %VSEG_SELECTOR_TYPE_MAC
 * @group: the device group, for %VSEG_SELECTOR_TYPE_GROUP
 * @nports: bindings in force that come from it; under vseg_net.lock
 * @len: bytes of @pattern without its end
 * @pattern: name, alias or pattern, for the other types
 *
 * But for @nports never changed once it is in a set.
 */
struct vseg_selector {
	refcount_t ref;
	struct vseg_bind bind;
	u8 type;
	u8 mac[VSEG_MAC_LEN];
	u32 group;
	u32 nports;
	u16 len;
	char pattern[];
};

/**
 * struct vseg_selector_set - the selectors of one policy
 * @v: sorted by rank, so that the first that fits counts
 * @n: selectors in @v
 * @max: room in @v
 * @first: where each type begins in @v; the last entry is @n
 */
struct vseg_selector_set {
	struct vseg_selector **v;
	u32 n;
	u32 max;
	u32 first[VSEG_SELECTOR_TYPE_MAX + 2];
};

/**
 * struct vseg_identity - what a device is to selectors
 * @name: interface name
 * @alias: interface alias, or NULL
 * @mac: its address, or NULL when it has no Ethernet address
 * @group: device group
 */
struct vseg_identity {
	const char *name;
	const char *alias;
	const u8 *mac;
	u32 group;
};

/**
 * struct vseg_match - what the selectors say of a device
 * @match: enum vseg_port_match: none, ambiguous, or what matched
 * @selector: the selector that gives the binding; NULL without one
 */
struct vseg_match {
	u8 match;
	const struct vseg_selector *selector;
};

struct vseg_selector *vseg_selector_alloc(u8 type, const char *pattern);
void vseg_selector_put(struct vseg_selector *s);

static inline struct vseg_selector *vseg_selector_get(struct vseg_selector *s)
{
	refcount_inc(&s->ref);
	return s;
}

bool vseg_glob(const char *pattern, const char *name);
bool vseg_glob_ok(const char *pattern);
bool vseg_glob_has_wildcard(const char *pattern);

struct vseg_selector *vseg_selector_set_find(const struct vseg_selector_set *set,
					     const struct vseg_selector *like);
int vseg_selector_set_add(struct vseg_selector_set *set,
			  struct vseg_selector *s);
void vseg_selector_set_del(struct vseg_selector_set *set,
			   struct vseg_selector *s);
int vseg_selector_set_copy(struct vseg_selector_set *to,
			   const struct vseg_selector_set *from);
void vseg_selector_set_clear(struct vseg_selector_set *set);
bool vseg_selector_set_names(const struct vseg_selector_set *set,
			     const struct vseg_domain *domain);

static inline u32 vseg_selector_set_count(const struct vseg_selector_set *set,
					  u8 type)
{
	return set->first[type + 1] - set->first[type];
}

void vseg_selector_match(const struct vseg_selector_set *set,
			 const struct vseg_identity *id,
			 struct vseg_match *match);

#endif /* VSEG_SELECTOR_H */
