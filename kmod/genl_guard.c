// SPDX-License-Identifier: GPL-2.0
/*
 * Netlink: guards, as bindings and selectors give them.
 */
#include <linux/etherdevice.h>

#include "genl.h"

static const struct nla_policy vseg_prefix_nl[VSEG_A_PREFIX_MAX + 1] = {
	[VSEG_A_PREFIX_ADDRESS] = NLA_POLICY_RANGE(NLA_BINARY, 4, 16),
	[VSEG_A_PREFIX_LENGTH] = NLA_POLICY_MAX(NLA_U32, 128),
};

const struct nla_policy vseg_guard_nl[VSEG_A_GUARD_MAX + 1] = {
	[VSEG_A_GUARD_PERMIT] = VSEG_PERMIT_NL,
	[VSEG_A_GUARD_MAC] = NLA_POLICY_EXACT_LEN(ETH_ALEN),
	[VSEG_A_GUARD_PREFIX] = NLA_POLICY_NESTED(vseg_prefix_nl),
};

static int vseg_guard_mac(struct vseg_guard *guard, const struct nlattr *attr,
			  struct netlink_ext_ack *extack)
{
	const u8 *mac = nla_data(attr);

	if (is_zero_ether_addr(mac) || is_multicast_ether_addr(mac)) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "not an address that a guest can have");
		return -EINVAL;
	}
	memcpy(guard->macs[guard->nmacs++], mac, VSEG_MAC_LEN);
	return 0;
}

static int vseg_guard_prefix(struct vseg_guard *guard, struct nlattr *nest,
			     struct netlink_ext_ack *extack)
{
	struct nlattr *attrs[VSEG_A_PREFIX_MAX + 1], *address, *length;
	u32 bytes, bits;
	int err;

	err = nla_parse_nested(attrs, VSEG_A_PREFIX_MAX, nest, vseg_prefix_nl,
			       extack) ?: vseg_genl_once_nested(nest, extack);
	if (err)
		return err;
	address = attrs[VSEG_A_PREFIX_ADDRESS];
	length = attrs[VSEG_A_PREFIX_LENGTH];
	if (!address) {
		NL_SET_ERR_ATTR_MISS(extack, nest, VSEG_A_PREFIX_ADDRESS);
		NL_SET_ERR_MSG(extack, "address of a prefix missing");
		return -EINVAL;
	}
	bytes = nla_len(address);
	if (bytes != 4 && bytes != 16) {
		NL_SET_ERR_MSG_ATTR(extack, address,
				    "an address has 4 bytes, or 16");
		return -EINVAL;
	}
	bits = length ? nla_get_u32(length) : bytes * 8;
	if (bits > bytes * 8) {
		NL_SET_ERR_MSG_ATTR(extack, length,
				    "a prefix longer than its address");
		return -EINVAL;
	}
	if (!vseg_prefix_set(&guard->prefixes[guard->nprefixes++],
			     bytes == 4 ? 4 : 6, nla_data(address), bits)) {
		NL_SET_ERR_MSG_ATTR(extack, address,
				    "bits behind the prefix are set");
		return -EINVAL;
	}
	return 0;
}

/* How many addresses of each kind a guard has. */
static int vseg_guard_count(const struct nlattr *nest, u32 *macs, u32 *prefixes,
			    struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	u32 permits = 0;
	int rem;

	nla_for_each_nested(attr, nest, rem) {
		u32 *n = nla_type(attr) == VSEG_A_GUARD_MAC ? macs :
			 nla_type(attr) == VSEG_A_GUARD_PREFIX ? prefixes :
			 &permits;

		if (++*n > (n == &permits ? 1 : VSEG_MAX_GUARD_ADDRESSES)) {
			if (n == &permits)
				NL_SET_ERR_MSG_ATTR(extack, attr,
						    "attribute given twice");
			else
				NL_SET_ERR_MSG_ATTR(extack, attr,
						    "too many addresses of a guest; 64 of each kind are the most");
			return n == &permits ? -EINVAL : -ENOSPC;
		}
	}
	return 0;
}

static int vseg_guard_fill(struct vseg_guard *guard, const struct nlattr *nest,
			   struct netlink_ext_ack *extack)
{
	struct nlattr *attr;
	int err = 0, rem;

	nla_for_each_nested(attr, nest, rem) {
		switch (nla_type(attr)) {
		case VSEG_A_GUARD_PERMIT:
			guard->permit = nla_get_u32(attr);
			break;
		case VSEG_A_GUARD_MAC:
			err = vseg_guard_mac(guard, attr, extack);
			break;
		case VSEG_A_GUARD_PREFIX:
			err = vseg_guard_prefix(guard, attr, extack);
			break;
		}
		if (err)
			break;
	}
	return err;
}

/**
 * vseg_genl_guard_parse - read a guard
 * @nest: attribute of a request, validated with vseg_guard_nl
 * @extack: told why not
 *
 * Return: the guard with one reference, the caller's; or an ERR_PTR() with an
 * extack.
 */
struct vseg_guard *vseg_genl_guard_parse(const struct nlattr *nest,
					 struct netlink_ext_ack *extack)
{
	u32 macs = 0, prefixes = 0;
	struct vseg_guard *guard;
	int err;

	err = vseg_guard_count(nest, &macs, &prefixes, extack);
	if (err)
		return ERR_PTR(err);
	guard = vseg_guard_alloc(macs, prefixes);
	if (!guard)
		return ERR_PTR(-ENOMEM);
	err = vseg_guard_fill(guard, nest, extack);
	if (err) {
		vseg_guard_put(guard);
		return ERR_PTR(err);
	}
	return guard;
}

static int vseg_put_prefix(struct sk_buff *skb, const struct vseg_prefix *p)
{
	struct nlattr *nest = nla_nest_start(skb, VSEG_A_GUARD_PREFIX);
	u8 address[16];

	vseg_prefix_bytes(p, address);
	if (!nest ||
	    nla_put(skb, VSEG_A_PREFIX_ADDRESS, p->version == 4 ? 4 : 16,
		    address) ||
	    nla_put_u32(skb, VSEG_A_PREFIX_LENGTH, p->length))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int vseg_put_guard(struct sk_buff *skb, const struct vseg_guard *guard)
{
	u16 i;

	if (nla_put_u32(skb, VSEG_A_GUARD_PERMIT, guard->permit))
		return -EMSGSIZE;
	for (i = 0; i < guard->nmacs; i++)
		if (nla_put(skb, VSEG_A_GUARD_MAC, VSEG_MAC_LEN,
			    guard->macs[i]))
			return -EMSGSIZE;
	for (i = 0; i < guard->nprefixes; i++)
		if (vseg_put_prefix(skb, &guard->prefixes[i]))
			return -EMSGSIZE;
	return 0;
}

/**
 * vseg_genl_put_guard - put what is known of a guest
 * @skb: message
 * @type: attribute that holds it
 * @guard: what the operator says, or NULL
 * @mac: a MAC address that its selector gives it, or NULL
 *
 * Return: 0 or -EMSGSIZE; nothing is put where nothing is known.
 */
int vseg_genl_put_guard(struct sk_buff *skb, int type,
			const struct vseg_guard *guard, const u8 *mac)
{
	struct nlattr *nest;

	if (!guard && !mac)
		return 0;
	nest = nla_nest_start(skb, type);
	if (!nest ||
	    (mac && nla_put(skb, VSEG_A_GUARD_MAC, VSEG_MAC_LEN, mac)) ||
	    (guard && vseg_put_guard(skb, guard)))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/**
 * vseg_genl_guard_bytes - room that a guard takes in a message
 * @guard: guard, or NULL
 *
 * Return: bytes, at most, its selector's MAC address not counted.
 */
u32 vseg_genl_guard_bytes(const struct vseg_guard *guard)
{
	u32 prefix = nla_total_size(nla_total_size(16) + nla_total_size(4));

	if (!guard)
		return 0;
	return nla_total_size(nla_total_size(4) +
			      guard->nmacs * nla_total_size(VSEG_MAC_LEN) +
			      guard->nprefixes * prefix);
}
