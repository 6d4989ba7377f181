// SPDX-License-Identifier: GPL-2.0
/*
 * Netlink: zones of connection tracking.
 */
#include <net/sock.h>

#include "genl.h"
#include "port.h"
#include "state.h"

const struct nla_policy vseg_zone_add_nl[VSEG_A_ZONE_MAX + 1] = {
	[VSEG_A_ZONE_BRIDGE] = VSEG_IFNAME_NL,
	[VSEG_A_ZONE_VID] = NLA_POLICY_MAX(NLA_U32, VSEG_VIDS - 2),
	[VSEG_A_ZONE_DOMAIN] = VSEG_NAME_NL,
	[VSEG_A_ZONE_PEER] = VSEG_NAME_NL,
	[VSEG_A_ZONE_KEEP] = { .type = NLA_FLAG },
};

static int vseg_zone_fill_msg(struct sk_buff *skb, const struct vseg_zone *zone)
{
	if (nla_put_u32(skb, VSEG_A_ZONE_ID, zone->id) ||
	    nla_put_string(skb, VSEG_A_ZONE_BRIDGE, zone->bridge->dev->name) ||
	    nla_put_u32(skb, VSEG_A_ZONE_VID, zone->vid) ||
	    nla_put_string(skb, VSEG_A_ZONE_DOMAIN, zone->domain[0]->name) ||
	    nla_put_string(skb, VSEG_A_ZONE_PEER, zone->domain[1]->name) ||
	    (READ_ONCE(zone->keep) && nla_put_flag(skb, VSEG_A_ZONE_KEEP)))
		return -EMSGSIZE;
	return 0;
}

/* Returns whether there was room; from the cb->args[1]th of the bucket on. */
static bool vseg_zone_dump_bucket(struct sk_buff *skb,
				  struct netlink_callback *cb,
				  struct vseg_net *vn, u32 bucket)
{
	struct vseg_zone *zone;
	long at = 0;
	void *hdr;

	hlist_for_each_entry_rcu(zone, &vn->state->zones.buckets[bucket],
				 hash) {
		if (at++ < cb->args[1] || !vseg_zone_managed(vn, zone))
			continue;
		hdr = vseg_genl_dump_put(skb, cb, VSEG_CMD_ZONE_GET);
		if (!hdr ||
		    vseg_genl_dump_end(skb, hdr, vseg_zone_fill_msg(skb, zone)))
			return false;
		cb->args[1] = at;
	}
	return true;
}

/* Zones come with frames: each is right by itself. */
int vseg_genl_zone_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct vseg_net *vn = vseg_net(sock_net(skb->sk));

	/* Keeps their bridges. */
	mutex_lock(&vn->lock);
	rcu_read_lock();
	for (; vn->state && cb->args[0] < 1 << VSEG_ZONE_BITS; cb->args[0]++) {
		if (!vseg_zone_dump_bucket(skb, cb, vn, cb->args[0]))
			break;
		cb->args[1] = 0;
	}
	rcu_read_unlock();
	mutex_unlock(&vn->lock);
	return skb->len;
}

/* A domain of the policy in force that an attribute names. */
static struct vseg_domain *vseg_zone_domain(struct vseg_net *vn,
					    const struct vseg_tables *t,
					    struct genl_info *info, int type)
{
	struct nlattr *attr = info->attrs[type];
	struct vseg_domain *domain;
	const char *name;

	if (!attr) {
		NL_SET_ERR_ATTR_MISS(info->extack, NULL, type);
		NL_SET_ERR_MSG(info->extack, "name of a domain missing");
		return ERR_PTR(-EINVAL);
	}
	name = vseg_genl_name(attr, info->extack);
	if (!name)
		return ERR_PTR(-EINVAL);
	domain = vseg_genl_domain(vn, t, name);
	if (domain)
		return domain;
	NL_SET_ERR_MSG_ATTR(info->extack, attr, "the policy has no such domain");
	return ERR_PTR(-ENOENT);
}

static struct vseg_bridge *vseg_zone_bridge(struct vseg_net *vn,
					    struct genl_info *info)
{
	struct nlattr *attr = info->attrs[VSEG_A_ZONE_BRIDGE];
	struct vseg_bridge *br;

	if (!attr) {
		NL_SET_ERR_ATTR_MISS(info->extack, NULL, VSEG_A_ZONE_BRIDGE);
		NL_SET_ERR_MSG(info->extack, "name of the bridge missing");
		return ERR_PTR(-EINVAL);
	}
	list_for_each_entry(br, &vn->bridges, in_net)
		if (!br->leaving && !nla_strcmp(attr, br->dev->name))
			return br;
	NL_SET_ERR_MSG_ATTR(info->extack, attr,
			    "no such bridge is managed");
	return ERR_PTR(-ENOENT);
}

static int vseg_zone_add_fill(struct sk_buff *msg, struct vseg_net *vn,
			      struct genl_info *info)
{
	struct nlattr *vid = info->attrs[VSEG_A_ZONE_VID];
	struct vseg_policy *policy = vseg_policy_locked(vn);
	struct vseg_domain *domain, *peer;
	struct vseg_bridge *br;
	struct vseg_zone *zone;
	int err;

	if (!policy || !policy->stateful) {
		NL_SET_ERR_MSG(info->extack,
			       "the policy has no stateful rules");
		return -ENOENT;
	}
	br = vseg_zone_bridge(vn, info);
	if (IS_ERR(br))
		return PTR_ERR(br);
	domain = vseg_zone_domain(vn, policy->tables, info, VSEG_A_ZONE_DOMAIN);
	if (IS_ERR(domain))
		return PTR_ERR(domain);
	peer = vseg_zone_domain(vn, policy->tables, info, VSEG_A_ZONE_PEER);
	if (IS_ERR(peer))
		return PTR_ERR(peer);
	if (!vseg_policy_back_stateful(policy, domain->slot, peer->slot) &&
	    !vseg_policy_back_stateful(policy, peer->slot, domain->slot)) {
		NL_SET_ERR_MSG_ATTR(info->extack,
				    info->attrs[VSEG_A_ZONE_PEER],
				    "no stateful rule is between these domains");
		return -ENOENT;
	}
	rcu_read_lock();
	zone = vseg_zone_make(&vn->state->zones, &policy->settings, br,
			      vid ? nla_get_u32(vid) : 0, domain, peer);
	err = PTR_ERR_OR_ZERO(zone);
	if (!err) {
		vseg_zone_ask(&vn->state->zones, zone);
		/* The next commit may come before the first frame. */
		if (info->attrs[VSEG_A_ZONE_KEEP])
			vseg_zone_keep(&vn->state->zones, zone);
		err = nla_put_u32(msg, VSEG_A_ZONE_ID, zone->id);
	}
	rcu_read_unlock();
	if (err == -ENOSPC)
		NL_SET_ERR_MSG(info->extack, "no zone is left");
	return err;
}

int vseg_genl_zone_add(struct sk_buff *skb, struct genl_info *info)
{
	return vseg_genl_once(info, 0) ?:
	       vseg_genl_may_write(vseg_genl_net(info), info) ?:
	       vseg_genl_answer(info, vseg_zone_add_fill);
}
