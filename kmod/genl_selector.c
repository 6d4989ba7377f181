// SPDX-License-Identifier: GPL-2.0
/*
 * Netlink: selectors.
 */
#include <linux/etherdevice.h>
#include <net/sock.h>

#include "genl.h"
#include "txn.h"

const struct nla_policy vseg_selector_add_nl[VSEG_A_SELECTOR_MAX + 1] = {
	[VSEG_A_SELECTOR_COOKIE] = { .type = NLA_U64 },
	[VSEG_A_SELECTOR_TYPE] = NLA_POLICY_MAX(NLA_U32,
						VSEG_SELECTOR_TYPE_MAX),
	[VSEG_A_SELECTOR_PATTERN] = VSEG_PATTERN_NL,
	[VSEG_A_SELECTOR_MAC] = NLA_POLICY_EXACT_LEN(ETH_ALEN),
	[VSEG_A_SELECTOR_GROUP] = NLA_POLICY_MIN(NLA_U32, 1),
	[VSEG_A_SELECTOR_KIND] = NLA_POLICY_MAX(NLA_U32, VSEG_PORT_KIND_MAX),
	[VSEG_A_SELECTOR_TRUST] = NLA_POLICY_MAX(NLA_U32, VSEG_PORT_TRUST_MAX),
	[VSEG_A_SELECTOR_DOMAIN] = VSEG_NAME_NL,
	[VSEG_A_SELECTOR_VLAN] = VSEG_VLAN_NL,
	[VSEG_A_SELECTOR_GUARD] = VSEG_GUARD_NL,
};

const struct nla_policy vseg_selector_del_nl[VSEG_A_SELECTOR_MAX + 1] = {
	[VSEG_A_SELECTOR_COOKIE] = { .type = NLA_U64 },
	[VSEG_A_SELECTOR_TYPE] = NLA_POLICY_MAX(NLA_U32,
						VSEG_SELECTOR_TYPE_MAX),
	[VSEG_A_SELECTOR_PATTERN] = VSEG_PATTERN_NL,
	[VSEG_A_SELECTOR_MAC] = NLA_POLICY_EXACT_LEN(ETH_ALEN),
	[VSEG_A_SELECTOR_GROUP] = NLA_POLICY_MIN(NLA_U32, 1),
};

/*
 * What a selector looks at.
 */

static int vseg_key_attr(u8 type)
{
	switch (type) {
	case VSEG_SELECTOR_TYPE_MAC:
		return VSEG_A_SELECTOR_MAC;
	case VSEG_SELECTOR_TYPE_GROUP:
		return VSEG_A_SELECTOR_GROUP;
	default:
		return VSEG_A_SELECTOR_PATTERN;
	}
}

/* The one attribute that the type wants, and none that another would. */
static struct nlattr *vseg_selector_key(struct genl_info *info, u8 type)
{
	static const int keys[] = {
		VSEG_A_SELECTOR_PATTERN,
		VSEG_A_SELECTOR_MAC,
		VSEG_A_SELECTOR_GROUP,
	};
	int wanted = vseg_key_attr(type);
	size_t i;

	for (i = 0; i < ARRAY_SIZE(keys); i++) {
		if (keys[i] == wanted || !info->attrs[keys[i]])
			continue;
		NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[keys[i]],
				    "a selector of this type doesn't look at that");
		return ERR_PTR(-EINVAL);
	}
	if (info->attrs[wanted])
		return info->attrs[wanted];
	NL_SET_ERR_ATTR_MISS(info->extack, NULL, wanted);
	NL_SET_ERR_MSG(info->extack,
		       "what the selector looks for is missing");
	return ERR_PTR(-EINVAL);
}

static int vseg_selector_check_pattern(u8 type, const char *pattern,
				       struct nlattr *key,
				       struct netlink_ext_ack *extack)
{
	switch (type) {
	case VSEG_SELECTOR_TYPE_NAME:
		if (dev_valid_name(pattern))
			return 0;
		NL_SET_ERR_MSG_ATTR(extack, key,
				    "not a name that an interface can have");
		return -EINVAL;
	case VSEG_SELECTOR_TYPE_GLOB:
		if (vseg_glob_ok(pattern))
			return 0;
		NL_SET_ERR_MSG_ATTR(extack, key,
				    "not a pattern: * and ? and [...] or [!...], no backslash");
		return -EINVAL;
	}
	if (*pattern)
		return 0;
	NL_SET_ERR_MSG_ATTR(extack, key, "an empty alias is no alias");
	return -EINVAL;
}

static int vseg_selector_check_mac(struct nlattr *key,
				   struct netlink_ext_ack *extack)
{
	const u8 *mac = nla_data(key);

	if (!is_zero_ether_addr(mac) && !is_multicast_ether_addr(mac))
		return 0;
	NL_SET_ERR_MSG_ATTR(extack, key,
			    "not an address that a guest can have");
	return -EINVAL;
}

/* A selector as a request names it, its bind left empty. */
static struct vseg_selector *vseg_selector_named(struct genl_info *info)
{
	struct nlattr *attr = info->attrs[VSEG_A_SELECTOR_TYPE], *key;
	const char *pattern = "";
	struct vseg_selector *s;
	int err = 0;
	u8 type;

	if (!attr) {
		NL_SET_ERR_ATTR_MISS(info->extack, NULL, VSEG_A_SELECTOR_TYPE);
		NL_SET_ERR_MSG(info->extack, "type of the selector missing");
		return ERR_PTR(-EINVAL);
	}
	type = nla_get_u32(attr);
	key = vseg_selector_key(info, type);
	if (IS_ERR(key))
		return ERR_CAST(key);

	if (type == VSEG_SELECTOR_TYPE_MAC) {
		err = vseg_selector_check_mac(key, info->extack);
	} else if (type != VSEG_SELECTOR_TYPE_GROUP) {
		pattern = vseg_genl_name(key, info->extack);
		err = pattern ? vseg_selector_check_pattern(type, pattern, key,
							    info->extack) :
				-EINVAL;
	}
	if (err)
		return ERR_PTR(err);

	s = vseg_selector_alloc(type, pattern);
	if (!s)
		return ERR_PTR(-ENOMEM);
	if (type == VSEG_SELECTOR_TYPE_MAC)
		memcpy(s->mac, nla_data(key), ETH_ALEN);
	else if (type == VSEG_SELECTOR_TYPE_GROUP)
		s->group = nla_get_u32(key);
	return s;
}

/*
 * Edits.
 */

static const struct vseg_bind_types vseg_selector_types = {
	.kind = VSEG_A_SELECTOR_KIND,
	.trust = VSEG_A_SELECTOR_TRUST,
	.domain = VSEG_A_SELECTOR_DOMAIN,
	.vlan = VSEG_A_SELECTOR_VLAN,
	.guard = VSEG_A_SELECTOR_GUARD,
};

static int vseg_selector_room(struct vseg_txn *txn, u8 type,
			      struct genl_info *info)
{
	const struct vseg_selector_set *set = &txn->tables->selectors;

	if (set->n >= (vseg_genl_restricted(txn->vn) ? VSEG_USERNS_SELECTORS :
						       VSEG_MAX_SELECTORS)) {
		NL_SET_ERR_MSG(info->extack,
			       "too many selectors; 16384 is the most, 256 in a user namespace");
		return -ENOSPC;
	}
	if (type == VSEG_SELECTOR_TYPE_GLOB &&
	    vseg_selector_set_count(set, type) >= VSEG_MAX_GLOBS) {
		NL_SET_ERR_MSG(info->extack,
			       "too many patterns; 4096 is the most");
		return -ENOSPC;
	}
	return 0;
}

static int vseg_selector_is_there(struct genl_info *info,
				  const struct vseg_selector *s)
{
	struct nlattr *key = info->attrs[vseg_key_attr(s->type)];

	if (s->type == VSEG_SELECTOR_TYPE_MAC)
		NL_SET_ERR_MSG_ATTR(info->extack, key,
				    "another selector's address fits the same taps; they may differ in the first byte");
	else
		NL_SET_ERR_MSG_ATTR(info->extack, key,
				    "there is such a selector already");
	return -EEXIST;
}

static int vseg_selector_add_edit(struct vseg_txn *txn, struct genl_info *info)
{
	struct vseg_selector *s;
	int err;

	err = vseg_txn_edit(txn, info->extack);
	if (err)
		return err;
	s = vseg_selector_named(info);
	if (IS_ERR(s))
		return PTR_ERR(s);
	if (vseg_selector_set_find(&txn->tables->selectors, s))
		err = vseg_selector_is_there(info, s);
	if (!err)
		err = vseg_selector_room(txn, s->type, info) ?:
		      vseg_genl_bind_parse(&s->bind, txn->tables, info,
					   &vseg_selector_types) ?:
		      vseg_selector_set_add(&txn->tables->selectors, s);
	if (s->type == VSEG_SELECTOR_TYPE_MAC &&
	    s->bind.kind == VSEG_PORT_KIND_GUEST)
		s->bind.mac = s->mac;
	vseg_selector_put(s);
	return err;
}

int vseg_genl_selector_add(struct sk_buff *skb, struct genl_info *info)
{
	return vseg_genl_once(info, VSEG_A_SELECTOR_VLAN) ?:
	       vseg_genl_edit(skb, info, info->attrs[VSEG_A_SELECTOR_COOKIE],
			      vseg_selector_add_edit);
}

static int vseg_selector_del_edit(struct vseg_txn *txn, struct genl_info *info)
{
	struct vseg_selector *like, *s;
	int err;

	err = vseg_txn_edit(txn, info->extack);
	if (err)
		return err;
	like = vseg_selector_named(info);
	if (IS_ERR(like))
		return PTR_ERR(like);
	s = vseg_selector_set_find(&txn->tables->selectors, like);
	/* Another guest's address may fit the same taps. */
	if (s && !memcmp(s->mac, like->mac, VSEG_MAC_LEN)) {
		vseg_selector_set_del(&txn->tables->selectors, s);
	} else {
		NL_SET_ERR_MSG_ATTR(info->extack,
				    info->attrs[vseg_key_attr(like->type)],
				    "there is no such selector");
		err = -ENOENT;
	}
	vseg_selector_put(like);
	return err;
}

int vseg_genl_selector_del(struct sk_buff *skb, struct genl_info *info)
{
	return vseg_genl_once(info, 0) ?:
	       vseg_genl_edit(skb, info, info->attrs[VSEG_A_SELECTOR_COOKIE],
			      vseg_selector_del_edit);
}

/*
 * Showing selectors.
 */

static int vseg_selector_put_key(struct sk_buff *skb,
				 const struct vseg_selector *s)
{
	switch (s->type) {
	case VSEG_SELECTOR_TYPE_MAC:
		return nla_put(skb, VSEG_A_SELECTOR_MAC, ETH_ALEN, s->mac);
	case VSEG_SELECTOR_TYPE_GROUP:
		return nla_put_u32(skb, VSEG_A_SELECTOR_GROUP, s->group);
	default:
		return nla_put_string(skb, VSEG_A_SELECTOR_PATTERN,
				      s->pattern);
	}
}

static int vseg_selector_fill(struct sk_buff *skb,
			      const struct vseg_selector *s)
{
	if (nla_put_u32(skb, VSEG_A_SELECTOR_TYPE, s->type) ||
	    vseg_selector_put_key(skb, s) ||
	    nla_put_u32(skb, VSEG_A_SELECTOR_KIND, s->bind.kind) ||
	    nla_put_u32(skb, VSEG_A_SELECTOR_TRUST, VSEG_PORT_TRUST_NONE) ||
	    nla_put_u32(skb, VSEG_A_SELECTOR_PORTS, s->nports))
		return -EMSGSIZE;
	if (s->bind.domain &&
	    nla_put_string(skb, VSEG_A_SELECTOR_DOMAIN, s->bind.domain->name))
		return -EMSGSIZE;
	return vseg_genl_put_guard(skb, VSEG_A_SELECTOR_GUARD, s->bind.guard,
				   NULL) ?:
	       vseg_genl_put_map(skb, VSEG_A_SELECTOR_VLAN, s->bind.map,
				 s->bind.nmap);
}

static int vseg_selector_dump_one(struct sk_buff *skb,
				  struct netlink_callback *cb,
				  const struct vseg_selector *s)
{
	void *hdr = vseg_genl_dump_put(skb, cb, VSEG_CMD_SELECTOR_GET);

	if (!hdr)
		return -EMSGSIZE;
	return vseg_genl_dump_end(skb, hdr, vseg_selector_fill(skb, s));
}

/* A selector's message can't be split, so the buffer must hold the longest. */
int vseg_genl_selector_dump_start(struct netlink_callback *cb)
{
	struct vseg_net *vn = vseg_net(sock_net(cb->skb->sk));
	const struct vseg_tables *t;
	const struct vseg_bind *bind;
	u32 i, bytes = 0;

	mutex_lock(&vn->lock);
	t = vseg_genl_tables(vn);
	for (i = 0; t && i < t->selectors.n; i++) {
		bind = &t->selectors.v[i]->bind;
		bytes = max(bytes, vseg_genl_map_bytes(bind->nmap) +
				   vseg_genl_guard_bytes(bind->guard));
	}
	mutex_unlock(&vn->lock);
	cb->min_dump_alloc = bytes + NLMSG_GOODSIZE;
	return 0;
}

/* cb->args[0] counts the selectors that are done. */
int vseg_genl_selector_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct vseg_net *vn = vseg_net(sock_net(skb->sk));
	const struct vseg_tables *t;
	int ret = 0;

	mutex_lock(&vn->lock);
	cb->seq = vn->change;
	t = vseg_genl_tables(vn);
	for (; t && cb->args[0] < t->selectors.n; cb->args[0]++) {
		ret = vseg_selector_dump_one(skb, cb,
					     t->selectors.v[cb->args[0]]);
		if (ret)
			break;
	}
	mutex_unlock(&vn->lock);
	return skb->len ?: ret;
}
