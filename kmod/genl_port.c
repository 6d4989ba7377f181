// SPDX-License-Identifier: GPL-2.0
/*
 * Netlink: ports.
 */
#include <linux/rtnetlink.h>
#include <net/sock.h>

#include "genl.h"
#include "txn.h"

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
	[VSEG_A_PORT_VLAN] = VSEG_VLAN_NL,
	[VSEG_A_PORT_GUARD] = VSEG_GUARD_NL,
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

static const struct vseg_bind_types vseg_port_bind_types = {
	.kind = VSEG_A_PORT_KIND,
	.trust = VSEG_A_PORT_TRUST,
	.domain = VSEG_A_PORT_DOMAIN,
	.vlan = VSEG_A_PORT_VLAN,
	.guard = VSEG_A_PORT_GUARD,
};

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
	tb->bind.match = VSEG_PORT_MATCH_EXPLICIT;
	err = vseg_genl_bind_parse(&tb->bind, vseg_txn_tables(txn), info,
				   &vseg_port_bind_types);
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

/* The address, name, alias, pattern or group of the selector that matched. */
static int vseg_port_put_selector(struct sk_buff *skb,
				  const struct vseg_selector *s)
{
	char text[3 * VSEG_MAC_LEN];

	if (!s)
		return 0;
	switch (s->type) {
	case VSEG_SELECTOR_TYPE_MAC:
		snprintf(text, sizeof(text), "%pM", s->mac);
		break;
	case VSEG_SELECTOR_TYPE_GROUP:
		snprintf(text, sizeof(text), "%u", s->group);
		break;
	default:
		return nla_put_string(skb, VSEG_A_PORT_SELECTOR, s->pattern);
	}
	return nla_put_string(skb, VSEG_A_PORT_SELECTOR, text);
}

/* All MAC addresses that are known, the selector's among them. */
static int vseg_port_put_guard(struct sk_buff *skb,
			       const struct vseg_binding *b)
{
	bool listed = b->guard && b->guard->nmacs &&
		      !memcmp(b->guard->macs[0], b->mac, VSEG_MAC_LEN);

	return vseg_genl_put_guard(skb, VSEG_A_PORT_GUARD, b->guard,
				   b->has_mac && !listed ? b->mac : NULL);
}

/* What the parts of a binding that have no bound take in a message. */
static u32 vseg_binding_bytes(const struct vseg_binding *b)
{
	return vseg_genl_map_bytes(b->nmap) + vseg_genl_guard_bytes(b->guard);
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
	return vseg_port_put_selector(skb, b->selector) ?:
	       vseg_port_put_guard(skb, b) ?:
	       vseg_genl_put_map(skb, VSEG_A_PORT_VLAN, b->map, b->nmap);
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

/* A long map, or a long guard, doesn't fit into a message of usual size. */
static struct sk_buff *vseg_port_msg(struct genl_info *info,
				     const struct vseg_port *port, void **hdr)
{
	const struct vseg_binding *b = rcu_access_pointer(port->binding);
	struct sk_buff *msg;

	msg = genlmsg_new(NLMSG_GOODSIZE + vseg_binding_bytes(b), GFP_KERNEL);
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

/* A port's message can't be split, so the buffer must hold the longest. */
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
			bytes = max(bytes, vseg_binding_bytes(b));
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
