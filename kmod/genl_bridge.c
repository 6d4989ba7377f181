// SPDX-License-Identifier: GPL-2.0
/*
 * Netlink: bridges.
 */
#include <net/sock.h>

#include "genl.h"
#include "txn.h"

const struct nla_policy vseg_bridge_get_nl[VSEG_A_BRIDGE_MAX + 1] = {
	[VSEG_A_BRIDGE_NAME] = VSEG_IFNAME_NL,
};

const struct nla_policy vseg_bridge_set_nl[VSEG_A_BRIDGE_MAX + 1] = {
	[VSEG_A_BRIDGE_COOKIE] = { .type = NLA_U64 },
	[VSEG_A_BRIDGE_NAME] = VSEG_IFNAME_NL,
	[VSEG_A_BRIDGE_MODE] = NLA_POLICY_MAX(NLA_U32, VSEG_BRIDGE_MODE_MAX),
};

const struct nla_policy vseg_bridge_del_nl[VSEG_A_BRIDGE_MAX + 1] = {
	[VSEG_A_BRIDGE_COOKIE] = { .type = NLA_U64 },
	[VSEG_A_BRIDGE_NAME] = VSEG_IFNAME_NL,
};

/* The name that a request gives; NULL and an extack without one. */
static const char *vseg_bridge_name(struct genl_info *info)
{
	struct nlattr *attr = info->attrs[VSEG_A_BRIDGE_NAME];
	const char *name;

	if (!attr) {
		NL_SET_ERR_ATTR_MISS(info->extack, NULL, VSEG_A_BRIDGE_NAME);
		NL_SET_ERR_MSG(info->extack, "name of the bridge missing");
		return NULL;
	}
	name = vseg_genl_name(attr, info->extack);
	if (!name)
		return NULL;
	if (vseg_glob_has_wildcard(name) && !vseg_glob_ok(name)) {
		NL_SET_ERR_MSG_ATTR(info->extack, attr,
				    "not a pattern: * and ? and [...] or [!...], no backslash");
		return NULL;
	}
	if (dev_valid_name(name))
		return name;
	NL_SET_ERR_MSG_ATTR(info->extack, attr,
			    "not a name that an interface can have");
	return NULL;
}

/* The name of something else than a bridge is a mistake, and so is one of its
 * further names, which come and go; no device isn't.
 */
static int vseg_bridge_check_dev(struct vseg_net *vn, const char *name,
				 struct genl_info *info)
{
	struct nlattr *attr = info->attrs[VSEG_A_BRIDGE_NAME];
	struct net_device *dev;
	int err = 0;

	rcu_read_lock();
	dev = dev_get_by_name_rcu(vn->net, name);
	if (dev && !netif_is_bridge_master(dev)) {
		NL_SET_ERR_MSG_ATTR(info->extack, attr,
				    "this device is not a bridge");
		err = -EINVAL;
	} else if (dev && strcmp(dev->name, name)) {
		NL_SET_ERR_MSG_ATTR(info->extack, attr,
				    "this is an alternative name; use the bridge's own");
		err = -EINVAL;
	}
	rcu_read_unlock();
	return err;
}

/* Tells of a bridge that the request names. */
static int vseg_bridge_refuse(struct genl_info *info, int err, const char *why)
{
	struct nlattr *attr = info->attrs[VSEG_A_BRIDGE_NAME];

	NL_SET_BAD_ATTR(info->extack, attr);
	if (info->extack)
		info->extack->_msg = why;
	return err;
}

static int vseg_bridge_add_edit(struct vseg_txn *txn, struct genl_info *info)
{
	struct nlattr *mode = info->attrs[VSEG_A_BRIDGE_MODE];
	const char *name = vseg_bridge_name(info);
	struct vseg_net *vn = txn->vn;
	int err;

	if (!name)
		return -EINVAL;
	err = vseg_bridge_check_dev(vn, name, info) ?:
	      vseg_txn_edit(txn, info->extack);
	if (err)
		return err;
	if (vseg_tables_bridge_entry(txn->tables, name))
		return vseg_bridge_refuse(info, -EEXIST,
					  "this bridge is managed already");

	if (vseg_genl_restricted(vn) &&
	    txn->tables->nbridges >= VSEG_USERNS_BRIDGES)
		err = -ENOSPC;
	else
		err = vseg_tables_add_bridge(txn->tables, name,
					     mode ? nla_get_u32(mode) :
					     VSEG_BRIDGE_MODE_ENFORCE);
	if (err)
		NL_SET_ERR_MSG(info->extack,
			       "too many managed bridges; 256 is the most, 8 in a user namespace");
	return err;
}

int vseg_genl_bridge_add(struct sk_buff *skb, struct genl_info *info)
{
	return vseg_genl_once(info, 0) ?:
	       vseg_genl_edit(skb, info, info->attrs[VSEG_A_BRIDGE_COOKIE],
			      vseg_bridge_add_edit);
}

/* The bridge that an edit names, in the transaction's own policy. */
static struct vseg_managed *vseg_bridge_edit(struct vseg_txn *txn,
					     struct genl_info *info)
{
	const char *name = vseg_bridge_name(info);
	struct vseg_managed *m;
	int err;

	if (!name)
		return ERR_PTR(-EINVAL);
	err = vseg_txn_edit(txn, info->extack);
	if (err)
		return ERR_PTR(err);
	m = vseg_tables_bridge_entry(txn->tables, name);
	if (m)
		return m;
	return ERR_PTR(vseg_bridge_refuse(info, -ENOENT,
					  "this bridge is not managed"));
}

static int vseg_bridge_set_edit(struct vseg_txn *txn, struct genl_info *info)
{
	struct nlattr *mode = info->attrs[VSEG_A_BRIDGE_MODE];
	struct vseg_managed *m = vseg_bridge_edit(txn, info);

	if (IS_ERR(m))
		return PTR_ERR(m);
	if (!mode) {
		NL_SET_ERR_ATTR_MISS(info->extack, NULL, VSEG_A_BRIDGE_MODE);
		NL_SET_ERR_MSG(info->extack, "mode of the bridge missing");
		return -EINVAL;
	}
	m->mode = nla_get_u32(mode);
	return 0;
}

int vseg_genl_bridge_set(struct sk_buff *skb, struct genl_info *info)
{
	return vseg_genl_once(info, 0) ?:
	       vseg_genl_edit(skb, info, info->attrs[VSEG_A_BRIDGE_COOKIE],
			      vseg_bridge_set_edit);
}

static int vseg_bridge_del_edit(struct vseg_txn *txn, struct genl_info *info)
{
	struct vseg_managed *m = vseg_bridge_edit(txn, info);

	if (IS_ERR(m))
		return PTR_ERR(m);
	vseg_tables_del_bridge(txn->tables, m);
	return 0;
}

int vseg_genl_bridge_del(struct sk_buff *skb, struct genl_info *info)
{
	return vseg_genl_once(info, 0) ?:
	       vseg_genl_edit(skb, info, info->attrs[VSEG_A_BRIDGE_COOKIE],
			      vseg_bridge_del_edit);
}

static struct vseg_bridge *vseg_bridge_named(struct vseg_net *vn,
					     const char *name)
{
	struct vseg_bridge *br;

	lockdep_assert_held(&vn->lock);
	list_for_each_entry(br, &vn->bridges, in_net)
		if (!br->leaving && !strcmp(br->dev->name, name))
			return br;
	return NULL;
}

static int vseg_bridge_fill(struct sk_buff *skb, struct vseg_net *vn,
			    const struct vseg_managed *m,
			    const struct vseg_bridge *br)
{
	struct vseg_sum all = {}, host = {};

	if (br) {
		vseg_bridge_sum(vn, br, &all);
		vseg_port_sum(vn, br->host, &host);
		if (nla_put_u32(skb, VSEG_A_BRIDGE_IFINDEX, br->dev->ifindex))
			return -EMSGSIZE;
	}
	if (nla_put_string(skb, VSEG_A_BRIDGE_NAME,
			   br ? br->dev->name : m->name) ||
	    nla_put_u32(skb, VSEG_A_BRIDGE_MODE, m->mode) ||
	    nla_put_u32(skb, VSEG_A_BRIDGE_PORTS, br ? br->nports : 0) ||
	    vseg_genl_put_stats(skb, VSEG_A_BRIDGE_STATS, &all) ||
	    vseg_genl_put_stats(skb, VSEG_A_BRIDGE_HOST_STATS, &host))
		return -EMSGSIZE;
	return br && m->glob ?
	       nla_put_string(skb, VSEG_A_BRIDGE_ENTRY, m->name) : 0;
}

int vseg_genl_bridge_get(struct sk_buff *skb, struct genl_info *info)
{
	const char *name = vseg_bridge_name(info);
	struct vseg_net *vn = vseg_genl_net(info);
	struct vseg_managed *m = NULL;
	struct vseg_policy *policy;
	struct vseg_bridge *br;
	struct sk_buff *msg;
	void *hdr;
	int err;

	if (!name || vseg_genl_once(info, 0))
		return -EINVAL;
	msg = vseg_genl_reply_begin(info, &hdr);
	if (!msg)
		return -ENOMEM;

	mutex_lock(&vn->lock);
	policy = vseg_policy_locked(vn);
	if (policy)
		m = vseg_tables_bridge_entry(policy->tables, name) ?:
		    vseg_tables_bridge(policy->tables, name);
	br = vseg_bridge_named(vn, name);
	/* A name that fits a pattern is a bridge's only while there is one. */
	if (m && (br || !m->glob || !strcmp(m->name, name)))
		err = vseg_bridge_fill(msg, vn, m, br);
	else
		err = vseg_bridge_refuse(info, -ENOENT,
					 "this bridge is not managed");
	mutex_unlock(&vn->lock);
	return vseg_genl_reply(info, msg, hdr, err);
}

static int vseg_bridge_dump_one(struct sk_buff *skb,
				struct netlink_callback *cb,
				struct vseg_net *vn,
				const struct vseg_managed *m,
				const struct vseg_bridge *br)
{
	void *hdr = vseg_genl_dump_put(skb, cb, VSEG_CMD_BRIDGE_GET);

	if (!hdr)
		return -EMSGSIZE;
	return vseg_genl_dump_end(skb, hdr, vseg_bridge_fill(skb, vn, m, br));
}

/* What the policy names. */
static int vseg_bridge_dump_entries(struct sk_buff *skb,
				    struct netlink_callback *cb,
				    struct vseg_net *vn, struct vseg_tables *t)
{
	for (; cb->args[0] < t->nbridges; cb->args[0]++) {
		struct vseg_managed *m = &t->bridges[cb->args[0]];
		struct vseg_bridge *br = NULL;

		if (!m->glob)
			br = vseg_bridge_named(vn, m->name);
		if (vseg_bridge_dump_one(skb, cb, vn, m, br))
			return -EMSGSIZE;
	}
	return 0;
}

/* Bridges that are managed because a pattern fits. */
static int vseg_bridge_dump_fitting(struct sk_buff *skb,
				    struct netlink_callback *cb,
				    struct vseg_net *vn, struct vseg_tables *t)
{
	struct vseg_bridge *br;
	long pos = 0;

	list_for_each_entry(br, &vn->bridges, in_net) {
		struct vseg_managed *m = vseg_tables_bridge(t, br->dev->name);

		if (br->leaving || !m || !m->glob || pos++ < cb->args[1])
			continue;
		if (vseg_bridge_dump_one(skb, cb, vn, m, br))
			return -EMSGSIZE;
		cb->args[1]++;
	}
	return 0;
}

int vseg_genl_bridge_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct vseg_net *vn = vseg_net(sock_net(skb->sk));
	struct vseg_policy *policy;

	mutex_lock(&vn->lock);
	cb->seq = vn->change;
	policy = vseg_policy_locked(vn);
	if (policy &&
	    !vseg_bridge_dump_entries(skb, cb, vn, policy->tables))
		vseg_bridge_dump_fitting(skb, cb, vn, policy->tables);
	mutex_unlock(&vn->lock);
	return skb->len;
}
