// SPDX-License-Identifier: GPL-2.0
/*
 * Notifications: dropped frames and changes of the configuration.
 */
#include "event.h"
#include "genl.h"

static int put_where(struct sk_buff *msg, const struct vseg_event *ev)
{
	if (ev->in_ifindex &&
	    (nla_put_u32(msg, VSEG_A_DROP_IN_IFINDEX, ev->in_ifindex) ||
	     nla_put_string(msg, VSEG_A_DROP_IN_IFNAME, ev->in_name)))
		return -EMSGSIZE;
	if (ev->out_ifindex &&
	    (nla_put_u32(msg, VSEG_A_DROP_OUT_IFINDEX, ev->out_ifindex) ||
	     nla_put_string(msg, VSEG_A_DROP_OUT_IFNAME, ev->out_name)))
		return -EMSGSIZE;
	if (nla_put_string(msg, VSEG_A_DROP_SRC, ev->src) ||
	    nla_put_string(msg, VSEG_A_DROP_DST, ev->dst))
		return -EMSGSIZE;
	if (ev->vid != VSEG_DROP_NO_VID &&
	    nla_put_u32(msg, VSEG_A_DROP_VLAN, ev->vid))
		return -EMSGSIZE;
	return 0;
}

static int put_flow(struct sk_buff *msg, const struct vseg_event *ev)
{
	if (ev->addr_len &&
	    (nla_put(msg, VSEG_A_DROP_IP_SRC, ev->addr_len, ev->ip_src) ||
	     nla_put(msg, VSEG_A_DROP_IP_DST, ev->addr_len, ev->ip_dst)))
		return -EMSGSIZE;
	if (ev->ip && nla_put_u32(msg, VSEG_A_DROP_IP_PROTO, ev->ip_proto))
		return -EMSGSIZE;
	if ((ev->sport || ev->dport) &&
	    (nla_put_u32(msg, VSEG_A_DROP_SPORT, ev->sport) ||
	     nla_put_u32(msg, VSEG_A_DROP_DPORT, ev->dport)))
		return -EMSGSIZE;
	return 0;
}

static int put_frame(struct sk_buff *msg, const struct vseg_event *ev)
{
	if (nla_put(msg, VSEG_A_DROP_SRC_MAC, ETH_ALEN, ev->src_mac) ||
	    nla_put(msg, VSEG_A_DROP_DST_MAC, ETH_ALEN, ev->dst_mac) ||
	    nla_put_u32(msg, VSEG_A_DROP_ETHERTYPE, ev->ethertype))
		return -EMSGSIZE;
	return put_flow(msg, ev);
}

static int put_drop(struct sk_buff *msg, const struct vseg_event *ev)
{
	if (vseg_nla_put_uint(msg, VSEG_A_DROP_TIME, ev->time) ||
	    nla_put_u32(msg, VSEG_A_DROP_HOOK, ev->hook) ||
	    nla_put_u32(msg, VSEG_A_DROP_REASON, ev->reason))
		return -EMSGSIZE;
	if (ev->would && nla_put_flag(msg, VSEG_A_DROP_WOULD))
		return -EMSGSIZE;
	if (put_where(msg, ev) || put_frame(msg, ev))
		return -EMSGSIZE;
	if (nla_put_u32(msg, VSEG_A_DROP_LENGTH, ev->len) ||
	    vseg_nla_put_uint(msg, VSEG_A_DROP_LIMITED, ev->limited) ||
	    vseg_nla_put_uint(msg, VSEG_A_DROP_GENERATION, ev->generation))
		return -EMSGSIZE;
	return 0;
}

/**
 * vseg_genl_drop_fill - write the message of a drop event
 * @msg: empty message; all attributes together take about 300 bytes
 * @ev: the event
 *
 * Return: 0, or -EMSGSIZE with @msg as it was.
 */
int vseg_genl_drop_fill(struct sk_buff *msg, const struct vseg_event *ev)
{
	void *hdr;

	hdr = genlmsg_put(msg, 0, 0, &vseg_genl_family, 0, VSEG_CMD_DROP_NTF);
	if (!hdr)
		return -EMSGSIZE;
	if (put_drop(msg, ev)) {
		genlmsg_cancel(msg, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(msg, hdr);
	return 0;
}

static int put_config(struct sk_buff *msg, u8 event, u64 generation,
		      const struct net_device *dev,
		      const struct net_device *bridge)
{
	void *hdr;

	hdr = genlmsg_put(msg, 0, 0, &vseg_genl_family, 0,
			  VSEG_CMD_CONFIG_NTF);
	if (!hdr)
		return -EMSGSIZE;
	if (nla_put_u32(msg, VSEG_A_CONFIG_EVENT, event) ||
	    vseg_nla_put_uint(msg, VSEG_A_CONFIG_GENERATION, generation))
		return -EMSGSIZE;
	if (dev && (nla_put_u32(msg, VSEG_A_CONFIG_IFINDEX, dev->ifindex) ||
		    nla_put_string(msg, VSEG_A_CONFIG_IFNAME, dev->name)))
		return -EMSGSIZE;
	if (bridge && nla_put_string(msg, VSEG_A_CONFIG_BRIDGE, bridge->name))
		return -EMSGSIZE;
	genlmsg_end(msg, hdr);
	return 0;
}

/**
 * vseg_genl_config_notify - tell group "config" of a change
 * @vn: namespace
 * @event: enum vseg_config_event
 * @generation: of the policy after the change
 * @dev: device that it is about, or NULL
 * @bridge: bridge that it is about, or NULL
 *
 * A notification is a hint to look: nothing fails where it can't be made, and
 * a listener that lost one is told so by its own socket.
 *
 * Context: process, may sleep.  The devices' names don't change meanwhile
 * (rtnl, or no device).
 */
void vseg_genl_config_notify(struct vseg_net *vn, u8 event, u64 generation,
			     const struct net_device *dev,
			     const struct net_device *bridge)
{
	struct sk_buff *msg;

	if (genl_has_listeners(&vseg_genl_family, vn->net,
			       VSEG_GRP_CONFIG) <= 0)
		return;

	msg = nlmsg_new(NLMSG_DEFAULT_SIZE, GFP_KERNEL);
	if (!msg)
		goto lost;
	if (put_config(msg, event, generation, dev, bridge))
		goto free;
	genlmsg_multicast_netns(&vseg_genl_family, vn->net, msg, 0,
				VSEG_GRP_CONFIG, GFP_KERNEL);
	return;

free:
	nlmsg_free(msg);
lost:
	/* The listeners' next read says that they lost something. */
	genl_set_err(&vseg_genl_family, vn->net, 0, VSEG_GRP_CONFIG, -ENOBUFS);
}
