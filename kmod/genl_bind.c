// SPDX-License-Identifier: GPL-2.0
/*
 * Netlink: what a binding or a selector gives a port.
 */
#include <linux/if_vlan.h>

#include "genl.h"

const struct nla_policy vseg_vlan_nl[VSEG_A_VLAN_MAX + 1] = {
	[VSEG_A_VLAN_FIRST] = NLA_POLICY_MAX(NLA_U32, VLAN_VID_MASK - 1),
	[VSEG_A_VLAN_LAST] = NLA_POLICY_MAX(NLA_U32, VLAN_VID_MASK - 1),
	[VSEG_A_VLAN_DOMAIN] = VSEG_NAME_NL,
};

/* A domain that a port may carry; the caller gets a reference. */
static struct vseg_domain *vseg_bind_domain(const struct vseg_tables *t,
					    struct nlattr *attr,
					    struct netlink_ext_ack *extack)
{
	const char *name = vseg_genl_name(attr, extack);
	struct vseg_domain *domain;

	if (!name)
		return ERR_PTR(-EINVAL);
	domain = t ? vseg_domain_set_find(&t->domains, name) : NULL;
	if (domain)
		return vseg_domain_get(domain);
	if (vseg_domain_name_reserved(name))
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "a port can't carry a reserved domain");
	else
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "there is no domain of this name");
	return ERR_PTR(-ENOENT);
}

static int vseg_vlan_parse(const struct vseg_tables *t, struct nlattr *nest,
			   unsigned long *seen, struct vseg_vlan_range *range,
			   struct netlink_ext_ack *extack)
{
	struct nlattr *attrs[VSEG_A_VLAN_MAX + 1];
	int err;

	err = nla_parse_nested(attrs, VSEG_A_VLAN_MAX, nest, vseg_vlan_nl,
			       extack) ?: vseg_genl_once_nested(nest, extack);
	if (err)
		return err;
	if (!attrs[VSEG_A_VLAN_FIRST] || !attrs[VSEG_A_VLAN_DOMAIN]) {
		NL_SET_ERR_ATTR_MISS(extack, nest, attrs[VSEG_A_VLAN_FIRST] ?
				     VSEG_A_VLAN_DOMAIN : VSEG_A_VLAN_FIRST);
		NL_SET_ERR_MSG(extack, "first VLAN or domain of a range missing");
		return -EINVAL;
	}

	range->first = nla_get_u32(attrs[VSEG_A_VLAN_FIRST]);
	range->last = range->first;
	if (attrs[VSEG_A_VLAN_LAST])
		range->last = nla_get_u32(attrs[VSEG_A_VLAN_LAST]);
	if (range->last < range->first) {
		NL_SET_ERR_MSG_ATTR(extack, attrs[VSEG_A_VLAN_LAST],
				    "last VLAN of a range before the first");
		return -EINVAL;
	}
	if (find_next_bit(seen, VSEG_VIDS, range->first) <= range->last) {
		NL_SET_ERR_MSG_ATTR(extack, nest,
				    "a VLAN is in two ranges of the map");
		return -EINVAL;
	}
	bitmap_set(seen, range->first, range->last - range->first + 1);

	range->domain = vseg_bind_domain(t, attrs[VSEG_A_VLAN_DOMAIN], extack);
	return PTR_ERR_OR_ZERO(range->domain);
}

static int vseg_vlan_map(struct vseg_bind *bind, const struct vseg_tables *t,
			 struct genl_info *info, int type)
{
	DECLARE_BITMAP(seen, VSEG_VIDS) = {};
	u32 n = vseg_genl_count(info, type);
	struct nlattr *attr;
	int err, rem;

	if (!n)
		return 0;
	if (n > VSEG_VIDS) {
		NL_SET_ERR_MSG(info->extack, "more ranges than there are VLANs");
		return -EINVAL;
	}
	bind->map = kvcalloc(n, sizeof(*bind->map), VSEG_GFP_TABLE);
	if (!bind->map)
		return -ENOMEM;

	nlmsg_for_each_attr(attr, info->nlhdr, GENL_HDRLEN, rem) {
		if (nla_type(attr) != type)
			continue;
		err = vseg_vlan_parse(t, attr, seen, &bind->map[bind->nmap],
				      info->extack);
		if (err)
			return err;
		bind->nmap++;
	}
	return 0;
}

static int vseg_bind_check_kind(struct genl_info *info, u8 kind,
				const struct vseg_bind_types *types)
{
	struct nlattr *trust = info->attrs[types->trust];

	if (kind != VSEG_PORT_KIND_GUEST && kind != VSEG_PORT_KIND_TRUNK) {
		NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[types->kind],
				    "a port can be bound as guest or trunk");
		return -EOPNOTSUPP;
	}
	if (trust && nla_get_u32(trust) != VSEG_PORT_TRUST_NONE) {
		NL_SET_ERR_MSG_ATTR(info->extack, trust,
				    "only a fabric port could be trusted with labels");
		return -EOPNOTSUPP;
	}
	if (kind == VSEG_PORT_KIND_GUEST && info->attrs[types->vlan]) {
		NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[types->vlan],
				    "only a trunk port has a VLAN map");
		return -EINVAL;
	}
	if (kind == VSEG_PORT_KIND_TRUNK && info->attrs[types->guard]) {
		NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[types->guard],
				    "only a guest port has a guard");
		return -EINVAL;
	}
	if (kind == VSEG_PORT_KIND_GUEST && !info->attrs[types->domain]) {
		NL_SET_ERR_ATTR_MISS(info->extack, NULL, types->domain);
		NL_SET_ERR_MSG(info->extack, "domain of the guest port missing");
		return -EINVAL;
	}
	return 0;
}

/**
 * vseg_genl_bind_parse - read what a request gives a port
 * @bind: result; whatever comes of it, the caller clears it
 * @t: tables that its domains are of, or NULL
 * @info: request
 * @types: its attributes
 *
 * Return: 0 or a negative errno, with an extack.
 */
int vseg_genl_bind_parse(struct vseg_bind *bind, const struct vseg_tables *t,
			 struct genl_info *info,
			 const struct vseg_bind_types *types)
{
	struct nlattr *kind = info->attrs[types->kind];
	struct nlattr *name = info->attrs[types->domain];
	struct vseg_domain *domain;
	struct vseg_guard *guard;
	int err;

	bind->kind = kind ? nla_get_u32(kind) : VSEG_PORT_KIND_GUEST;
	err = vseg_bind_check_kind(info, bind->kind, types);
	if (err)
		return err;

	if (name) {
		domain = vseg_bind_domain(t, name, info->extack);
		if (IS_ERR(domain))
			return PTR_ERR(domain);
		bind->domain = domain;
	}
	if (info->attrs[types->guard]) {
		guard = vseg_genl_guard_parse(info->attrs[types->guard],
					      info->extack);
		if (IS_ERR(guard))
			return PTR_ERR(guard);
		bind->guard = guard;
	}
	return vseg_vlan_map(bind, t, info, types->vlan);
}

/**
 * vseg_genl_put_map - put a VLAN map
 * @skb: message
 * @type: attribute of each range
 * @map: ranges
 * @n: their number
 *
 * Return: 0 or -EMSGSIZE.
 */
int vseg_genl_put_map(struct sk_buff *skb, int type,
		      const struct vseg_vlan_range *map, u32 n)
{
	struct nlattr *nest;
	u32 i;

	for (i = 0; i < n; i++) {
		nest = nla_nest_start(skb, type);
		if (!nest ||
		    nla_put_u32(skb, VSEG_A_VLAN_FIRST, map[i].first) ||
		    nla_put_u32(skb, VSEG_A_VLAN_LAST, map[i].last) ||
		    nla_put_string(skb, VSEG_A_VLAN_DOMAIN,
				   map[i].domain->name))
			return -EMSGSIZE;
		nla_nest_end(skb, nest);
	}
	return 0;
}

/**
 * vseg_genl_map_bytes - room that a VLAN map takes in a message
 * @n: its ranges
 *
 * Return: bytes, at most.
 */
u32 vseg_genl_map_bytes(u32 n)
{
	return n * nla_total_size(2 * nla_total_size(4) +
				  nla_total_size(VSEG_NAME_MAX + 1));
}
