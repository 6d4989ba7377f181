// SPDX-License-Identifier: GPL-2.0
/*
 * Netlink: what a rule looks at.
 */
#include "genl.h"
#include "wire.h"

#define VSEG_IP4_BYTES		4
#define VSEG_IP6_BYTES		16

const struct nla_policy vseg_match_nl[VSEG_A_MATCH_MAX + 1] = {
	[VSEG_A_MATCH_FIELD] = NLA_POLICY_MAX(NLA_U32, VSEG_MATCH_FIELD_MAX),
	[VSEG_A_MATCH_FIRST] = { .type = NLA_U32 },
	[VSEG_A_MATCH_LAST] = { .type = NLA_U32 },
	[VSEG_A_MATCH_MASK] = NLA_POLICY_MAX(NLA_U32, U8_MAX),
	[VSEG_A_MATCH_ADDRESS] = NLA_POLICY_RANGE(NLA_BINARY, VSEG_IP4_BYTES,
						  VSEG_IP6_BYTES),
	[VSEG_A_MATCH_PREFIX] = NLA_POLICY_MAX(NLA_U32, 128),
};

static bool vseg_field_is_address(u8 field)
{
	return field == VSEG_MATCH_FIELD_SOURCE ||
	       field == VSEG_MATCH_FIELD_DESTINATION;
}

/* An attribute that says nothing of this field. */
static int vseg_match_foreign(const struct nlattr *attr,
			      struct netlink_ext_ack *extack)
{
	if (!attr)
		return 0;
	NL_SET_ERR_MSG_ATTR(extack, attr,
			    "a match of this field isn't made of that");
	return -EINVAL;
}

static int vseg_match_missing(const struct nlattr *nest, int type,
			      struct netlink_ext_ack *extack)
{
	NL_SET_ERR_ATTR_MISS(extack, nest, type);
	NL_SET_ERR_MSG(extack,
		       "field of a match, or what it asks of it, missing");
	return -EINVAL;
}

static struct vseg_address vseg_prefix_mask(u8 version, u32 prefix)
{
	if (version == 4)
		return (struct vseg_address) {
			.lo = prefix ? U32_MAX << (32 - prefix) & U32_MAX : 0,
		};
	return (struct vseg_address) {
		.hi = prefix < 64 ? (prefix ? ~0ULL << (64 - prefix) : 0) :
				    ~0ULL,
		.lo = prefix > 64 ? ~0ULL << (128 - prefix) : 0,
	};
}

static int vseg_match_prefix(struct vseg_rule_match *match, struct nlattr **attrs,
			     struct netlink_ext_ack *extack)
{
	struct nlattr *attr = attrs[VSEG_A_MATCH_PREFIX];
	u32 bits = match->version == 4 ? 32 : 128;
	struct vseg_address mask;

	match->prefix = attr ? nla_get_u32(attr) : bits;
	if (match->prefix > bits) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "an IPv4 address has 32 bits");
		return -EINVAL;
	}
	mask = vseg_prefix_mask(match->version, match->prefix);
	if (match->first.hi & ~mask.hi || match->first.lo & ~mask.lo) {
		NL_SET_ERR_MSG_ATTR(extack, attrs[VSEG_A_MATCH_ADDRESS],
				    "the address has bits behind its prefix");
		return -EINVAL;
	}
	match->last = match->first;
	match->last.lo |= ~mask.lo & (match->version == 4 ? U32_MAX : ~0ULL);
	if (match->version == 6)
		match->last.hi |= ~mask.hi;
	return 0;
}

static int vseg_match_address(const struct nlattr *nest, struct nlattr **attrs,
			      struct vseg_rule_match *match,
			      struct netlink_ext_ack *extack)
{
	struct nlattr *attr = attrs[VSEG_A_MATCH_ADDRESS];
	int err;

	err = vseg_match_foreign(attrs[VSEG_A_MATCH_FIRST], extack) ?:
	      vseg_match_foreign(attrs[VSEG_A_MATCH_LAST], extack) ?:
	      vseg_match_foreign(attrs[VSEG_A_MATCH_MASK], extack);
	if (err)
		return err;
	if (!attr)
		return vseg_match_missing(nest, VSEG_A_MATCH_ADDRESS, extack);
	switch (nla_len(attr)) {
	case VSEG_IP4_BYTES:
		match->version = 4;
		match->first.lo = vseg_get32(nla_data(attr));
		break;
	case VSEG_IP6_BYTES:
		match->version = 6;
		match->first.hi = vseg_get64(nla_data(attr));
		match->first.lo = vseg_get64(nla_data(attr) + 8);
		break;
	default:
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "an address has 4 bytes or 16");
		return -EINVAL;
	}
	return vseg_match_prefix(match, attrs, extack);
}

static int vseg_match_flags(struct nlattr **attrs, struct vseg_rule_match *match,
			    struct netlink_ext_ack *extack)
{
	struct nlattr *mask = attrs[VSEG_A_MATCH_MASK];
	int err = vseg_match_foreign(attrs[VSEG_A_MATCH_LAST], extack);

	if (err)
		return err;
	match->mask = mask ? nla_get_u32(mask) : U8_MAX;
	if (!match->mask) {
		NL_SET_ERR_MSG_ATTR(extack, mask,
				    "a mask of 0 looks at no flag");
		return -EINVAL;
	}
	if (match->first.lo & ~match->mask) {
		NL_SET_ERR_MSG_ATTR(extack, attrs[VSEG_A_MATCH_FIRST],
				    "a flag that isn't looked at can't be set");
		return -EINVAL;
	}
	return 0;
}

static int vseg_match_last(struct nlattr **attrs, struct vseg_rule_match *match,
			   struct netlink_ext_ack *extack)
{
	struct nlattr *last = attrs[VSEG_A_MATCH_LAST];
	int err = vseg_match_foreign(attrs[VSEG_A_MATCH_MASK], extack);

	if (err || !last)
		return err;
	match->last.lo = nla_get_u32(last);
	if (match->last.lo > vseg_field_max(match->field)) {
		NL_SET_ERR_MSG_ATTR(extack, last,
				    "no value of this field is that large");
		return -EINVAL;
	}
	if (match->last.lo < match->first.lo) {
		NL_SET_ERR_MSG_ATTR(extack, last,
				    "last value of a match before the first");
		return -EINVAL;
	}
	return 0;
}

static int vseg_match_number(const struct nlattr *nest, struct nlattr **attrs,
			     struct vseg_rule_match *match,
			     struct netlink_ext_ack *extack)
{
	struct nlattr *first = attrs[VSEG_A_MATCH_FIRST];
	int err;

	err = vseg_match_foreign(attrs[VSEG_A_MATCH_ADDRESS], extack) ?:
	      vseg_match_foreign(attrs[VSEG_A_MATCH_PREFIX], extack);
	if (err)
		return err;
	if (!first)
		return vseg_match_missing(nest, VSEG_A_MATCH_FIRST, extack);
	match->first.lo = nla_get_u32(first);
	match->last = match->first;
	if (match->first.lo > vseg_field_max(match->field)) {
		NL_SET_ERR_MSG_ATTR(extack, first,
				    "no value of this field is that large");
		return -EINVAL;
	}
	if (match->field == VSEG_MATCH_FIELD_TCP_FLAGS)
		return vseg_match_flags(attrs, match, extack);
	return vseg_match_last(attrs, match, extack);
}

/**
 * vseg_genl_match_parse - read a match
 * @nest: its attributes
 * @match: result; zeroed
 * @extack: told why not
 *
 * Return: 0 or a negative errno, with an extack.
 */
int vseg_genl_match_parse(const struct nlattr *nest, struct vseg_rule_match *match,
			  struct netlink_ext_ack *extack)
{
	struct nlattr *attrs[VSEG_A_MATCH_MAX + 1];
	int err;

	err = nla_parse_nested(attrs, VSEG_A_MATCH_MAX, nest, vseg_match_nl,
			       extack) ?: vseg_genl_once_nested(nest, extack);
	if (err)
		return err;
	if (!attrs[VSEG_A_MATCH_FIELD])
		return vseg_match_missing(nest, VSEG_A_MATCH_FIELD, extack);
	match->field = nla_get_u32(attrs[VSEG_A_MATCH_FIELD]);
	return vseg_field_is_address(match->field) ?
	       vseg_match_address(nest, attrs, match, extack) :
	       vseg_match_number(nest, attrs, match, extack);
}

static int vseg_match_put_address(struct sk_buff *skb,
				  const struct vseg_rule_match *match)
{
	__be64 address[] = {
		cpu_to_be64(match->first.hi),
		cpu_to_be64(match->first.lo),
	};
	__be32 ip4 = cpu_to_be32(match->first.lo);
	int err;

	if (match->version == 4)
		err = nla_put(skb, VSEG_A_MATCH_ADDRESS, sizeof(ip4), &ip4);
	else
		err = nla_put(skb, VSEG_A_MATCH_ADDRESS, sizeof(address),
			      address);
	return err ?: nla_put_u32(skb, VSEG_A_MATCH_PREFIX, match->prefix);
}

static int vseg_match_put_number(struct sk_buff *skb,
				 const struct vseg_rule_match *match)
{
	int err = nla_put_u32(skb, VSEG_A_MATCH_FIRST, match->first.lo);

	if (err)
		return err;
	if (match->field == VSEG_MATCH_FIELD_TCP_FLAGS)
		return nla_put_u32(skb, VSEG_A_MATCH_MASK, match->mask);
	return nla_put_u32(skb, VSEG_A_MATCH_LAST, match->last.lo);
}

/**
 * vseg_genl_match_put - put a match
 * @skb: message
 * @type: attribute that holds it
 * @match: match
 *
 * Return: 0 or -EMSGSIZE.
 */
int vseg_genl_match_put(struct sk_buff *skb, int type,
			const struct vseg_rule_match *match)
{
	struct nlattr *nest = nla_nest_start(skb, type);

	if (!nest || nla_put_u32(skb, VSEG_A_MATCH_FIELD, match->field) ||
	    (match->version ? vseg_match_put_address(skb, match) :
			      vseg_match_put_number(skb, match)))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/**
 * vseg_genl_match_bytes - room that matches take in a message
 * @n: their number
 *
 * Return: bytes, at most.
 */
u32 vseg_genl_match_bytes(u32 n)
{
	return n * nla_total_size(2 * nla_total_size(sizeof(u32)) +
				  nla_total_size(VSEG_IP6_BYTES));
}
