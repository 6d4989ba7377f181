// SPDX-License-Identifier: GPL-2.0
/*
 * What is known of the guest behind a port.
 */
#include "guest.h"
#include "wire.h"

/* First half of link-local addresses. */
#define GUEST_LINK_LOCAL	0xfe80000000000000ULL

/**
 * vseg_guard_alloc - make a guard
 * @macs: room for MAC addresses
 * @prefixes: room for prefixes
 *
 * Return: an empty guard with one reference, the caller's, who fills it; or
 * NULL.
 */
struct vseg_guard *vseg_guard_alloc(u16 macs, u16 prefixes)
{
	struct vseg_guard *guard;
	size_t size = struct_size(guard, prefixes, prefixes);

	guard = kzalloc(size + macs * VSEG_MAC_LEN, GFP_KERNEL_ACCOUNT);
	if (!guard)
		return NULL;
	refcount_set(&guard->ref, 1);
	guard->macs = (void *)guard + size;
	return guard;
}

/**
 * vseg_guard_put - give a reference back
 * @guard: guard, or NULL
 *
 * Frames must be through with it.
 */
void vseg_guard_put(struct vseg_guard *guard)
{
	if (guard && refcount_dec_and_test(&guard->ref))
		kfree(guard);
}

static u64 vseg_mask(unsigned int bits)
{
	return bits ? ~0ULL << (64 - bits) : 0;
}

/**
 * vseg_prefix_set - fill in a prefix
 * @prefix: result
 * @version: 4 or 6
 * @address: 4 or 16 bytes
 * @length: bits that count
 *
 * Return: whether the bits that don't count are zero.
 */
bool vseg_prefix_set(struct vseg_prefix *prefix, u8 version, const u8 *address,
		     u8 length)
{
	prefix->version = version;
	prefix->length = length;
	prefix->address = vseg_address_of(version, address);
	if (version == 4) {
		prefix->mask.hi = 0;
		prefix->mask.lo = vseg_mask(length) >> 32;
	} else {
		prefix->mask.hi = vseg_mask(min_t(u8, length, 64));
		prefix->mask.lo = vseg_mask(length > 64 ? length - 64 : 0);
	}
	return !(prefix->address.hi & ~prefix->mask.hi) &&
	       !(prefix->address.lo & ~prefix->mask.lo);
}

/**
 * vseg_prefix_bytes - the address of a prefix as it is on the wire
 * @prefix: prefix
 * @address: result: 4 or 16 bytes
 */
void vseg_prefix_bytes(const struct vseg_prefix *prefix, u8 *address)
{
	unsigned int n = prefix->version == 4 ? 4 : 16;
	unsigned int i;

	for (i = 0; i < n; i++)
		address[n - 1 - i] = (i < 8 ? prefix->address.lo :
					      prefix->address.hi) >>
				     8 * (i % 8);
}

/**
 * vseg_guard_same - do two guards say the same in the same order?
 * @a: guard, or NULL
 * @b: guard, or NULL
 *
 * Return: whether they do.
 */
bool vseg_guard_same(const struct vseg_guard *a, const struct vseg_guard *b)
{
	u16 i;

	if (!a || !b)
		return a == b;
	if (a->permit != b->permit || a->nmacs != b->nmacs ||
	    a->nprefixes != b->nprefixes ||
	    memcmp(a->macs, b->macs, a->nmacs * VSEG_MAC_LEN))
		return false;
	for (i = 0; i < a->nprefixes; i++)
		if (a->prefixes[i].version != b->prefixes[i].version ||
		    a->prefixes[i].length != b->prefixes[i].length ||
		    a->prefixes[i].address.hi != b->prefixes[i].address.hi ||
		    a->prefixes[i].address.lo != b->prefixes[i].address.lo)
			return false;
	return true;
}

/**
 * vseg_guest_lists_mac - is this a MAC address that the operator lists?
 * @guest: what is known of the guest
 * @mac: address
 *
 * Return: whether it is.
 */
bool vseg_guest_lists_mac(const struct vseg_guest *guest, const u8 *mac)
{
	u16 i;

	for (i = 0; guest->guard && i < guest->guard->nmacs; i++)
		if (!memcmp(mac, guest->guard->macs[i], VSEG_MAC_LEN))
			return true;
	return false;
}

static bool vseg_guest_has_address(const struct vseg_guest *guest, u8 version,
				   struct vseg_address address)
{
	const struct vseg_prefix *p = guest->guard->prefixes;
	u16 i;

	for (i = 0; i < guest->guard->nprefixes; i++, p++)
		if (vseg_prefix_has(p, version, address))
			return true;
	return false;
}

static u64 vseg_interface_id(const u8 *mac)
{
	return (u64)(mac[0] ^ 2) << 56 | (u64)mac[1] << 48 |
	       (u64)mac[2] << 40 | 0xfffeULL << 24 | (u64)mac[3] << 16 |
	       (u64)mac[4] << 8 | mac[5];
}

/* The link-local address that a guest makes of its MAC address.  One that it
 * makes otherwise could be anybody's, so it has to be listed.
 */
static bool vseg_guest_link_local(const struct vseg_guest *guest,
				  struct vseg_address address)
{
	u16 i;

	if (address.hi != GUEST_LINK_LOCAL || !guest->mac)
		return false;
	if (address.lo == vseg_interface_id(guest->mac))
		return true;
	for (i = 0; i < guest->guard->nmacs; i++)
		if (address.lo == vseg_interface_id(guest->guard->macs[i]))
			return true;
	return false;
}

/**
 * vseg_guest_has_listed - is this one of the addresses that are known?
 * @guest: what is known of it, and an IP address is
 * @version: 4 or 6
 * @address: address
 *
 * Return: whether it is.
 */
bool vseg_guest_has_listed(const struct vseg_guest *guest, u8 version,
			   struct vseg_address address)
{
	return vseg_guest_has_address(guest, version, address) ||
	       (version == 6 && vseg_guest_link_local(guest, address));
}
