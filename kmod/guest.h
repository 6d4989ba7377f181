/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What is known of the guest behind a port: its addresses, and what it may
 * send.
 *
 * Pure: no device, no skb, no netlink.
 */
#ifndef VSEG_GUEST_H
#define VSEG_GUEST_H

#include <linux/string.h>

#include "frame.h"
#include "wire.h"

/* Bytes of an Ethernet address. */
#define VSEG_MAC_LEN	6

/**
 * struct vseg_prefix - IP addresses of a guest
 * @address: the first of them
 * @mask: bits that count
 * @version: 4 or 6
 * @length: bits that count, as a number
 */
struct vseg_prefix {
	struct vseg_address address;
	struct vseg_address mask;
	u8 version;
	u8 length;
};

/**
 * struct vseg_guard - what an operator says of a guest
 * @ref: binds and bindings that have it
 * @permit: enum vseg_guard_permit
 * @nmacs: addresses in @macs
 * @nprefixes: prefixes in @prefixes
 * @macs: MAC addresses of the guest
 * @prefixes: its IP addresses, in the operator's order; without any, no IP
 *	address is checked
 *
 * Never changed once a bind has it.
 */
struct vseg_guard {
	refcount_t ref;
	u32 permit;
	u16 nmacs;
	u16 nprefixes;
	u8 (*macs)[VSEG_MAC_LEN];
	struct vseg_prefix prefixes[];
};

/**
 * struct vseg_guest - what is known of the guest behind a port
 * @guard: what the operator says, or NULL
 * @mac: one of its MAC addresses, those of @guard come on top; NULL when none
 *	is known, and then none is checked
 */
struct vseg_guest {
	const struct vseg_guard *guard;
	const u8 *mac;
};

/**
 * vseg_address_of - an address as a number
 * @version: 4 or 6
 * @address: 4 or 16 bytes
 *
 * Return: the number.
 */
static inline struct vseg_address vseg_address_of(u8 version,
						  const u8 *address)
{
	if (version == 4)
		return (struct vseg_address) {
			.lo = vseg_get32(address),
		};
	return (struct vseg_address) {
		.hi = vseg_get64(address),
		.lo = vseg_get64(address + 8),
	};
}

/**
 * vseg_prefix_has - is an address one of these?
 * @prefix: addresses
 * @version: 4 or 6
 * @address: address
 *
 * Return: whether it is.
 */
static inline bool vseg_prefix_has(const struct vseg_prefix *prefix, u8 version,
				   struct vseg_address address)
{
	return prefix->version == version &&
	       !((address.hi ^ prefix->address.hi) & prefix->mask.hi) &&
	       !((address.lo ^ prefix->address.lo) & prefix->mask.lo);
}

struct vseg_guard *vseg_guard_alloc(u16 macs, u16 prefixes);
void vseg_guard_put(struct vseg_guard *guard);

static inline struct vseg_guard *vseg_guard_get(struct vseg_guard *guard)
{
	if (guard)
		refcount_inc(&guard->ref);
	return guard;
}

bool vseg_prefix_set(struct vseg_prefix *prefix, u8 version, const u8 *address,
		     u8 length);
void vseg_prefix_bytes(const struct vseg_prefix *prefix, u8 *address);
bool vseg_guard_same(const struct vseg_guard *a, const struct vseg_guard *b);

bool vseg_guest_lists_mac(const struct vseg_guest *guest, const u8 *mac);

/**
 * vseg_guest_has_mac - is this a MAC address of the guest?
 * @guest: what is known of it, and a MAC address is
 * @mac: address
 *
 * Return: whether it is.
 */
static inline bool vseg_guest_has_mac(const struct vseg_guest *guest,
				      const u8 *mac)
{
	return !memcmp(mac, guest->mac, VSEG_MAC_LEN) ||
	       vseg_guest_lists_mac(guest, mac);
}

/* Has the operator said which IP addresses the guest has? */
static inline bool vseg_guest_listed(const struct vseg_guest *guest)
{
	return guest->guard && guest->guard->nprefixes;
}

bool vseg_guest_has_listed(const struct vseg_guest *guest, u8 version,
			   struct vseg_address address);

/**
 * vseg_guest_owns - is this an IP address of the guest?
 * @guest: what is known of it
 * @version: 4 or 6
 * @address: address
 *
 * Return: whether it is; true as well where no address is known.
 */
static inline bool vseg_guest_owns(const struct vseg_guest *guest, u8 version,
				   struct vseg_address address)
{
	return !vseg_guest_listed(guest) ||
	       vseg_guest_has_listed(guest, version, address);
}

#endif /* VSEG_GUEST_H */
