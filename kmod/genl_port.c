// SPDX-License-Identifier: GPL-2.0
/*
 * Netlink: ports.
 */
#include <linux/if_vlan.h>
#include <linux/rtnetlink.h>
#include <net/sock.h>

#include "genl.h"
#include "txn.h"

static const struct nla_policy vseg_vlan_nl[VSEG_A_VLAN_MAX + 1] = {
	[VSEG_A_VLAN_FIRST] = NLA_POLICY_MAX(NLA_U32, VLAN_VID_MASK - 1),
	[VSEG_A_VLAN_LAST] = NLA_POLICY_MAX(NLA_U32, VLAN_VID_MASK - 1),
	[VSEG_A_VLAN_DOMAIN] = VSEG_NAME_NL,
};

const struct nla_policy vseg_port_get_nl[VSEG_A_PORT_MAX + 1] = {
	[VSEG_A_PORT_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[VSEG_A_PORT_IFNAME] = VSEG_IFNAME_NL,
};

const struct nla_policy vseg_port_bind_nl[VSEG_A_PORT_MAX + 1] = {
	[VSEG_A_PORT_COOKIE] = { .type = NLA_U64 },
	[VSEG_A_PORT_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[VSEG_A_PORT_IFNAME] = VSEG_IFNAME_NL,
	[VSEG_A_PORT_KIND] = NLA_POLICY_MAX(NLA_U32, VSEG_PORT_KIND_MAX),
	[VSEG_A_PORT_TRUST] = NLA_POLICY_MAX(NLA_U32, VSEG_PORT_TRUST_MAX),
	[VSEG_A_PORT_DOMAIN] = VSEG_NAME_NL,
	[VSEG_A_PORT_VLAN] = NLA_POLICY_NESTED(vseg_vlan_nl),
};

const struct nla_policy vseg_port_unbind_nl[VSEG_A_PORT_MAX + 1] = {
	[VSEG_A_PORT_COOKIE] = { .type = NLA_U64 },
	[VSEG_A_PORT_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[VSEG_A_PORT_IFNAME] = VSEG_IFNAME_NL,
};

/*
 * Binding ports.
 */

/* The device that a request names by index or by name. */
static struct net_device *vseg_port_dev_rcu(struct vseg_net *vn,
					    struct genl_info *info,
					    struct nlattr **by)
{
	struct nlattr *index = info->attrs[VSEG_A_PORT_IFINDEX];
	struct nlattr *name = info->attrs[VSEG_A_PORT_IFNAME];
	struct net_device *dev;

	*by = index ?: name;
	if (!*by) {
		NL_SET_ERR_ATTR_MISS(info->extack, NULL, VSEG_A_PORT_IFINDEX);
		NL_SET_ERR_MSG(info->extack, "index or name of the port missing");
		return ERR_PTR(-EINVAL);
	}
	if (index && name) {
		NL_SET_ERR_MSG_ATTR(info->extack, name,
				    "name the port by index or by name, not both");
		return ERR_PTR(-EINVAL);
	}
	if (name && !vseg_genl_name(name, info->extack))
		return ERR_PTR(-EINVAL);
	dev = index ? dev_get_by_index_rcu(vn->net, nla_get_u32(index)) :
		      dev_get_by_name_rcu(vn->net, nla_data(name));
	if (dev)
		return dev;
	NL_SET_ERR_MSG_ATTR(info->extack, *by, "there is no such device");
	return ERR_PTR(-ENODEV);
}

/* The same, and it must be a port of a bridge that the transaction manages.
 *
 * Under vseg_net.lock: a port that leaves its bridge after this look tells the
 * transaction, see vseg_txn_port_gone().
 */
static struct net_device *vseg_port_dev(struct vseg_txn *txn,
					struct genl_info *info)
{
	const struct vseg_tables *t = vseg_txn_tables(txn);
	int err = vseg_txn_current(txn, info->extack);
	struct net_device *dev, *bridge;
	struct nlattr *by;

	if (err)
		return ERR_PTR(err);
	rcu_read_lock();
	dev = vseg_port_dev_rcu(txn->vn, info, &by);
	if (IS_ERR(dev))
		goto out;

	bridge = netdev_master_upper_dev_get_rcu(dev);
	if (!netif_is_bridge_port(dev) || !bridge) {
		NL_SET_ERR_MSG_ATTR(info->extack, by,
				    "this device is not a port of a bridge");
		dev = ERR_PTR(-EINVAL);
	} else if (!t || !vseg_tables_bridge((struct vseg_tables *)t,
					     bridge->name)) {
		NL_SET_ERR_MSG_ATTR(info->extack, by,
				    "the bridge of this port is not managed; add it first");
		dev = ERR_PTR(-EINVAL);
	}
out:
	rcu_read_unlock();
	return dev;
}

/* A domain that a port may carry; the caller gets a reference. */
static struct vseg_domain *vseg_port_domain(const struct vseg_tables *t,
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

	range->domain = vseg_port_domain(t, attrs[VSEG_A_VLAN_DOMAIN], extack);
	return PTR_ERR_OR_ZERO(range->domain);
}

static u32 vseg_vlan_count(struct genl_info *info)
{
	const struct nlattr *attr;
	u32 n = 0;
	int rem;

	nlmsg_for_each_attr(attr, info->nlhdr, GENL_HDRLEN, rem)
		n += nla_type(attr) == VSEG_A_PORT_VLAN;
	return n;
}

static int vseg_vlan_map(struct vseg_txn_bind *tb, const struct vseg_tables *t,
			 struct genl_info *info)
{
	DECLARE_BITMAP(seen, VSEG_VIDS) = {};
	struct vseg_vlan_range *map;
	struct nlattr *attr;
	u32 n = vseg_vlan_count(info);
	int err, rem;

	if (!n)
		return 0;
	if (n > VSEG_VIDS) {
		NL_SET_ERR_MSG(info->extack, "more ranges than there are VLANs");
		return -EINVAL;
	}
	map = kvcalloc(n, sizeof(*map), VSEG_GFP_TABLE);
	if (!map)
		return -ENOMEM;
	tb->bind.map = map;

	nlmsg_for_each_attr(attr, info->nlhdr, GENL_HDRLEN, rem) {
		if (nla_type(attr) != VSEG_A_PORT_VLAN)
			continue;
		err = vseg_vlan_parse(t, attr, seen, &map[tb->bind.nmap],
				      info->extack);
		if (err)
			return err;
		tb->bind.nmap++;
	}
	return 0;
}

static int vseg_bind_check_kind(struct genl_info *info, u8 kind)
{
	struct nlattr *trust = info->attrs[VSEG_A_PORT_TRUST];

	if (kind != VSEG_PORT_KIND_GUEST && kind != VSEG_PORT_KIND_TRUNK) {
		NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[VSEG_A_PORT_KIND],
				    "a port can be bound as guest or trunk");
		return -EOPNOTSUPP;
	}
	if (trust && nla_get_u32(trust) != VSEG_PORT_TRUST_NONE) {
		NL_SET_ERR_MSG_ATTR(info->extack, trust,
				    "only a fabric port could be trusted with labels");
		return -EOPNOTSUPP;
	}
	if (kind == VSEG_PORT_KIND_GUEST && info->attrs[VSEG_A_PORT_VLAN]) {
		NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[VSEG_A_PORT_VLAN],
				    "only a trunk port has a VLAN map");
		return -EINVAL;
	}
	if (kind == VSEG_PORT_KIND_GUEST && !info->attrs[VSEG_A_PORT_DOMAIN]) {
		NL_SET_ERR_ATTR_MISS(info->extack, NULL, VSEG_A_PORT_DOMAIN);
		NL_SET_ERR_MSG(info->extack, "domain of the guest port missing");
		return -EINVAL;
	}
	return 0;
}

static int vseg_bind_parse(struct vseg_txn_bind *tb,
			   const struct vseg_tables *t, struct genl_info *info)
{
	struct nlattr *kind = info->attrs[VSEG_A_PORT_KIND];
	struct nlattr *domain = info->attrs[VSEG_A_PORT_DOMAIN];
	int err;

	tb->bind.kind = kind ? nla_get_u32(kind) : VSEG_PORT_KIND_GUEST;
	tb->bind.match = VSEG_PORT_MATCH_EXPLICIT;
	err = vseg_bind_check_kind(info, tb->bind.kind);
	if (err)
		return err;

	if (domain) {
		tb->bind.domain = vseg_port_domain(t, domain, info->extack);
		if (IS_ERR(tb->bind.domain)) {
			err = PTR_ERR(tb->bind.domain);
			tb->bind.domain = NULL;
			return err;
		}
	}
	return vseg_vlan_map(tb, t, info);
}

/* One bind for each device: the last edit counts. */
static void vseg_bind_replace(struct vseg_txn *txn, struct vseg_txn_bind *tb)
{
	struct vseg_txn_bind *old = vseg_txn_bind_find(txn, tb->dev);

	if (old) {
		list_del(&old->list);
		vseg_txn_bind_free(old);
	}
	list_add_tail(&tb->list, &txn->binds);
}

static int vseg_port_bind_edit(struct vseg_txn *txn, struct genl_info *info)
{
	struct net_device *dev = vseg_port_dev(txn, info);
	struct vseg_txn_bind *tb;
	int err;

	if (IS_ERR(dev))
		return PTR_ERR(dev);
	tb = kzalloc(sizeof(*tb), GFP_KERNEL_ACCOUNT);
	if (!tb)
		return -ENOMEM;
	tb->dev = dev;
	err = vseg_bind_parse(tb, vseg_txn_tables(txn), info);
	if (err) {
		vseg_txn_bind_free(tb);
		return err;
	}
	vseg_bind_replace(txn, tb);
	return 0;
}

int vseg_genl_port_bind(struct sk_buff *skb, struct genl_info *info)
{
	return vseg_genl_once(info, VSEG_A_PORT_VLAN) ?:
	       vseg_genl_edit(skb, info, info->attrs[VSEG_A_PORT_COOKIE],
			      vseg_port_bind_edit);
}

/* Has the port a bind to take away, in the transaction or in force? */
static bool vseg_port_is_bound(struct vseg_txn *txn,
			       const struct net_device *dev)
{
	struct vseg_txn_bind *tb = vseg_txn_bind_find(txn, dev);
	struct vseg_port *port = vseg_port_find(txn->vn, dev);
	struct vseg_binding *b;

	if (tb)
		return tb->bind.match == VSEG_PORT_MATCH_EXPLICIT;
	if (!port)
		return false;
	b = rcu_dereference_protected(port->binding,
				      lockdep_is_held(&txn->vn->lock));
	return b->match == VSEG_PORT_MATCH_EXPLICIT;
}

static int vseg_port_unbind_edit(struct vseg_txn *txn, struct genl_info *info)
{
	struct net_device *dev = vseg_port_dev(txn, info);
	struct vseg_txn_bind *tb;

	if (IS_ERR(dev))
		return PTR_ERR(dev);
	if (!vseg_port_is_bound(txn, dev)) {
		NL_SET_ERR_MSG_ATTR(info->extack,
				    info->attrs[VSEG_A_PORT_IFINDEX] ?:
				    info->attrs[VSEG_A_PORT_IFNAME],
				    "this port has no explicit binding");
		return -ENOENT;
	}
	tb = kzalloc(sizeof(*tb), GFP_KERNEL_ACCOUNT);
	if (!tb)
		return -ENOMEM;
	tb->dev = dev;
	tb->bind.kind = VSEG_PORT_KIND_UNLABELLED;
	vseg_bind_replace(txn, tb);
	return 0;
}

int vseg_genl_port_unbind(struct sk_buff *skb, struct genl_info *info)
{
	return vseg_genl_once(info, 0) ?:
	       vseg_genl_edit(skb, info, info->attrs[VSEG_A_PORT_COOKIE],
			      vseg_port_unbind_edit);
}

/*
 * Showing ports.
 */

static int vseg_port_put_map(struct sk_buff *skb, const struct vseg_binding *b)
{
	struct nlattr *nest;
	u32 i;

	for (i = 0; i < b->nmap; i++) {
		nest = nla_nest_start(skb, VSEG_A_PORT_VLAN);
		if (!nest ||
		    nla_put_u32(skb, VSEG_A_VLAN_FIRST, b->map[i].first) ||
		    nla_put_u32(skb, VSEG_A_VLAN_LAST, b->map[i].last) ||
		    nla_put_string(skb, VSEG_A_VLAN_DOMAIN,
				   b->map[i].domain->name))
			return -EMSGSIZE;
		nla_nest_end(skb, nest);
	}
	return 0;
}

static int vseg_port_put_binding(struct sk_buff *skb,
				 const struct vseg_binding *b)
{
	if (nla_put_u32(skb, VSEG_A_PORT_KIND, b->kind) ||
	    nla_put_u32(skb, VSEG_A_PORT_TRUST, VSEG_PORT_TRUST_NONE) ||
	    nla_put_u32(skb, VSEG_A_PORT_MATCH, b->match))
		return -EMSGSIZE;
	/* Of a trunk the domain is the default one, which it may lack. */
	if ((b->kind != VSEG_PORT_KIND_TRUNK ||
	     b->slot != VSEG_SLOT_UNLABELLED) &&
	    nla_put_string(skb, VSEG_A_PORT_DOMAIN, b->label->domain->name))
		return -EMSGSIZE;
	return vseg_port_put_map(skb, b);
}

static int vseg_port_put_vlans(struct sk_buff *skb,
			       const struct vseg_port *port)
{
	/* Nobody follows them then. */
	if (!port->bridge->ntrunks)
		return 0;
	if (port->untagged < VSEG_VIDS &&
	    nla_put_u32(skb, VSEG_A_PORT_UNTAGGED_VLAN, port->untagged))
		return -EMSGSIZE;
	if (port->untagged == VSEG_VID_SEVERAL &&
	    nla_put_flag(skb, VSEG_A_PORT_VLAN_AMBIGUOUS))
		return -EMSGSIZE;
	return 0;
}

static int vseg_port_fill(struct sk_buff *skb, struct vseg_net *vn,
			  const struct vseg_port *port)
{
	const struct vseg_binding *b;
	struct vseg_sum sum;

	b = rcu_dereference_protected(port->binding,
				      lockdep_is_held(&vn->lock));
	vseg_port_sum(vn, port, &sum);
	if (nla_put_u32(skb, VSEG_A_PORT_IFINDEX, port->dev->ifindex) ||
	    nla_put_string(skb, VSEG_A_PORT_IFNAME, port->dev->name) ||
	    nla_put_string(skb, VSEG_A_PORT_BRIDGE, port->bridge->dev->name) ||
	    nla_put_u32(skb, VSEG_A_PORT_BRIDGE_IFINDEX,
			port->bridge->dev->ifindex) ||
	    vseg_port_put_binding(skb, b) || vseg_port_put_vlans(skb, port) ||
	    vseg_genl_put_stats(skb, VSEG_A_PORT_STATS, &sum))
		return -EMSGSIZE;
	return 0;
}

static u32 vseg_port_map_bytes(const struct vseg_binding *b)
{
	return b->nmap * nla_total_size(2 * nla_total_size(4) +
					nla_total_size(VSEG_NAME_MAX + 1));
}

/* A trunk port with a long map doesn't fit into a message of usual size. */
static struct sk_buff *vseg_port_msg(struct genl_info *info,
				     const struct vseg_port *port, void **hdr)
{
	const struct vseg_binding *b = rcu_access_pointer(port->binding);
	struct sk_buff *msg;

	msg = genlmsg_new(NLMSG_GOODSIZE + vseg_port_map_bytes(b), GFP_KERNEL);
	if (!msg)
		return NULL;
	*hdr = genlmsg_put_reply(msg, info, &vseg_genl_family, 0,
				 info->genlhdr->cmd);
	return msg;
}

int vseg_genl_port_get(struct sk_buff *skb, struct genl_info *info)
{
	struct vseg_net *vn = vseg_genl_net(info);
	struct vseg_port *port = NULL;
	struct net_device *dev;
	struct sk_buff *msg = NULL;
	struct nlattr *by;
	void *hdr;
	int err;

	err = vseg_genl_once(info, 0);
	if (err)
		return err;
	mutex_lock(&vn->lock);
	rcu_read_lock();
	dev = vseg_port_dev_rcu(vn, info, &by);
	if (!IS_ERR(dev))
		port = vseg_port_find(vn, dev);
	rcu_read_unlock();

	if (IS_ERR(dev)) {
		err = PTR_ERR(dev);
	} else if (!port) {
		NL_SET_ERR_MSG_ATTR(info->extack, by,
				    "this device is not a port of a managed bridge");
		err = -ENOENT;
	} else {
		msg = vseg_port_msg(info, port, &hdr);
		err = msg ? vseg_port_fill(msg, vn, port) : -ENOMEM;
	}
	mutex_unlock(&vn->lock);

	return msg ? vseg_genl_reply(info, msg, hdr, err) :
		     vseg_genl_refusal(info->extack, err);
}

static int vseg_port_dump_one(struct sk_buff *skb, struct netlink_callback *cb,
			      struct vseg_net *vn,
			      const struct vseg_port *port)
{
	void *hdr = vseg_genl_dump_put(skb, cb, VSEG_CMD_PORT_GET);

	if (!hdr)
		return -EMSGSIZE;
	return vseg_genl_dump_end(skb, hdr, vseg_port_fill(skb, vn, port));
}

/* cb->args[0] counts the ports that are done. */
static int vseg_port_dump_all(struct sk_buff *skb, struct netlink_callback *cb,
			      struct vseg_net *vn)
{
	struct vseg_bridge *br;
	struct vseg_port *port;
	long pos = 0;

	list_for_each_entry(br, &vn->bridges, in_net) {
		list_for_each_entry(port, &br->ports, in_bridge) {
			if (port->gone || br->leaving)
				continue;
			if (pos++ < cb->args[0])
				continue;
			if (vseg_port_dump_one(skb, cb, vn, port))
				return skb->len ? skb->len : -EMSGSIZE;
			cb->args[0]++;
		}
	}
	return skb->len;
}

/* A port's message can't be split, so the buffer must hold the longest map. */
int vseg_genl_port_dump_start(struct netlink_callback *cb)
{
	struct vseg_net *vn = vseg_net(sock_net(cb->skb->sk));
	const struct vseg_binding *b;
	struct vseg_bridge *br;
	struct vseg_port *port;
	u32 bytes = 0;

	mutex_lock(&vn->lock);
	list_for_each_entry(br, &vn->bridges, in_net) {
		list_for_each_entry(port, &br->ports, in_bridge) {
			/* The binding of one that is gone may be freed. */
			if (port->gone)
				continue;
			b = rcu_dereference_protected(port->binding, true);
			bytes = max(bytes, vseg_port_map_bytes(b));
		}
	}
	mutex_unlock(&vn->lock);
	cb->min_dump_alloc = bytes + NLMSG_GOODSIZE;
	return 0;
}

int vseg_genl_port_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct vseg_net *vn = vseg_net(sock_net(skb->sk));
	int ret;

	mutex_lock(&vn->lock);
	cb->seq = vn->change;
	ret = vseg_port_dump_all(skb, cb, vn);
	mutex_unlock(&vn->lock);
	return ret;
}
