// SPDX-License-Identifier: GPL-2.0
/*
 * Where the guard stands: the ingress hook of each guest port's own device.
 *
 * It comes before the bridge has seen the frame: before it learns the source
 * address, looks for queries, or takes a BPDU for itself.  A port has the hook
 * as long as a policy that a frame may be decided by wants it guarded; which
 * policy, binding and label count is decided frame by frame, as in hook.c.
 */
#include <linux/if_bridge.h>
#include <linux/limits.h>
#include <linux/netfilter.h>
#include <linux/rtnetlink.h>

#include "event.h"
#include "guard.h"
#include "ingress.h"
#include "skb.h"
#include "way.h"

/**
 * vseg_guest_permit - what a guest may send that guards drop otherwise
 * @policy: policy that decides
 * @b: binding of its port
 *
 * Return: enum vseg_guard_permit, its own and its domain's.
 */
u32 vseg_guest_permit(const struct vseg_policy *policy,
		      const struct vseg_binding *b)
{
	return vseg_tables_permit(policy->tables, b->label->domain, b->guard);
}

/* As in vseg_way_vid(), but the frame has no port to leave by yet. */
static u16 vseg_ingress_vid(const struct sk_buff *skb,
			    const struct vseg_port *port)
{
	u16 vid = vseg_skb_vid(skb, port->bridge->dev);

	if (vid != VSEG_VID_NONE)
		return vid;
	return br_vlan_get_pvid_rcu(port->dev, &vid) ? 0 : vid;
}

/* The frame has come in by its port and goes nowhere, so it counts there only.
 * The verdict stands before anybody is told.
 */
static void vseg_ingress_drop(struct vseg_net *vn, const struct sk_buff *skb,
			      const struct vseg_policy *policy,
			      struct vseg_binding *b, u8 reason, bool would)
{
	struct vseg_stats *stats = &b->label->stats;
	struct vseg_drop drop = {
		.skb = skb,
		.in = b->dev,
		.src = b->label->domain,
		.dst = vn->builtin[VSEG_SLOT_UNLABELLED],
		.generation = policy->generation,
		.len = vseg_skb_len(skb),
		.vid = VSEG_DROP_NO_VID,
		.hook = VSEG_HOOK_INGRESS,
		.reason = reason,
		.would = would,
	};

	if (would) {
		atomic64_inc(&stats->would[reason]);
	} else {
		atomic64_inc(&stats->dropped[reason]);
		atomic64_add(drop.len, &stats->rx_dropped_bytes);
	}
	if (vseg_drop_watched(vn))
		drop.vid = vseg_ingress_vid(skb, b->port) ?: VSEG_DROP_NO_VID;
	vseg_tell_drop(vn, &drop, false);
}

/* What isn't plain: looked at by all its headers. */
static noinline unsigned int vseg_guard_slowly(struct vseg_net *vn,
					       const struct sk_buff *skb,
					       const struct vseg_policy *policy,
					       struct vseg_binding *b)
{
	const struct vseg_guest guest = vseg_binding_guest(b);
	const struct vseg_bridge *br = b->port->bridge;
	u8 buf[VSEG_FRAME_BYTES];
	unsigned int avail;
	const u8 *data = vseg_skb_bytes(skb, buf, sizeof(buf), &avail);
	u8 reason = VSEG_REASON_GUARD_UNPARSED;
	u32 roles = 0;
	bool would;

	if (data)
		reason = vseg_guard_check(&guest, data, avail,
					  vseg_skb_len(skb), &roles);
	if (reason == VSEG_REASON_NONE && !roles)
		return NF_ACCEPT;
	reason = vseg_guard_reason(reason, roles, vseg_guest_permit(policy, b));
	if (reason == VSEG_REASON_NONE)
		return NF_ACCEPT;
	would = br->mode[policy->cursor] == VSEG_BRIDGE_MODE_MONITOR;
	vseg_ingress_drop(vn, skb, policy, b, reason, would);
	return would ? NF_ACCEPT : NF_DROP;
}

static unsigned int vseg_hook_ingress(void *priv, struct sk_buff *skb,
				      const struct nf_hook_state *state)
{
	struct vseg_net *vn = priv;
	const struct vseg_policy *policy = vseg_policy_acquire(vn);
	const u8 *data = skb_mac_header(skb);
	struct vseg_binding *b;

	if (!policy || !policy->settings.guard)
		return NF_ACCEPT;
	b = vseg_binding_find(vn, state->in, policy);
	if (unlikely(!b || b->kind != VSEG_PORT_KIND_GUEST))
		return NF_ACCEPT;

	if (likely(vseg_guard_quick(vseg_binding_guest(b), data,
				    skb_tail_pointer(skb) - data,
				    vseg_skb_len(skb))))
		return NF_ACCEPT;
	return vseg_guard_slowly(vn, skb, policy, b);
}

/*
 * Having the hook.
 */

static bool vseg_ingress_wanted(const struct vseg_tables *t,
				const struct vseg_binding *b)
{
	return t && t->settings.guard && b->kind == VSEG_PORT_KIND_GUEST &&
	       !(vseg_tables_permit(t, b->label->domain, b->guard) &
		 VSEG_GUARD_PERMIT_ALL);
}

/**
 * vseg_ingress_register - let frames that enter by a port meet the guard
 * @port: port
 * @b: binding that it has, or will have
 * @t: tables of the policy that it has it by
 *
 * Does nothing where no guard is wanted, or the hook is there.
 *
 * Context: rtnl and vseg_net.lock held; may sleep.
 * Return: 0 or a negative errno.
 */
int vseg_ingress_register(struct vseg_port *port, const struct vseg_binding *b,
			  const struct vseg_tables *t)
{
	struct vseg_net *vn = port->bridge->vn;
	int err;

	ASSERT_RTNL();
	lockdep_assert_held(&vn->lock);

	if (port->guarded || !vseg_ingress_wanted(t, b))
		return 0;
	port->ingress = (struct nf_hook_ops) {
		.hook = vseg_hook_ingress,
		.priv = vn,
		.dev = port->dev,
		.pf = NFPROTO_NETDEV,
		.hooknum = NF_NETDEV_INGRESS,
		/* Before what could hand the frame to another device. */
		.priority = INT_MIN,
	};
	err = nf_register_net_hook(vn->net, &port->ingress);
	port->guarded = !err;
	return err;
}

/**
 * vseg_ingress_unregister - let them meet it no longer
 * @port: port; its device is still in the namespace
 *
 * Frames that are on their way are not waited for: what they look at lives
 * until after a grace period.
 *
 * Context: rtnl and vseg_net.lock held; may sleep.
 */
void vseg_ingress_unregister(struct vseg_port *port)
{
	struct vseg_net *vn = port->bridge->vn;

	ASSERT_RTNL();
	lockdep_assert_held(&vn->lock);

	if (!port->guarded)
		return;
	nf_unregister_net_hook(vn->net, &port->ingress);
	port->guarded = false;
}

static int vseg_ingress_prepare_ports(struct vseg_net *vn,
				      const struct vseg_tables *t)
{
	struct vseg_bridge *br;
	struct vseg_port *port;
	int err;

	list_for_each_entry(br, &vn->bridges, in_net) {
		if (br->leaving)
			continue;
		list_for_each_entry(port, &br->ports, in_bridge) {
			if (port->gone)
				continue;
			err = vseg_ingress_register(port, vseg_newest(port), t);
			if (err)
				return err;
		}
	}
	return 0;
}

static int vseg_ingress_prepare_binds(const struct list_head *bindings,
				      const struct vseg_tables *t)
{
	struct vseg_binding *b;
	int err;

	list_for_each_entry(b, bindings, pending) {
		err = vseg_ingress_register(b->port, b, t);
		if (err)
			return err;
	}
	return 0;
}

/**
 * vseg_ingress_prepare - have the hook wherever a commit will want it
 * @vn: namespace
 * @t: tables of the commit
 * @fresh: they aren't in force yet; else only what it binds is looked at
 * @bindings: bindings that it brings, by vseg_binding.pending
 * @extack: told why not
 *
 * Those that it wants no longer stay until vseg_ingress_settle().
 *
 * Context: rtnl and vseg_net.lock held; may sleep.
 * Return: 0 or a negative errno.
 */
int vseg_ingress_prepare(struct vseg_net *vn, const struct vseg_tables *t,
			 bool fresh, struct list_head *bindings,
			 struct netlink_ext_ack *extack)
{
	int err = (fresh ? vseg_ingress_prepare_ports(vn, t) : 0) ?:
		  vseg_ingress_prepare_binds(bindings, t);

	if (err == -EOPNOTSUPP)
		NL_SET_ERR_MSG(extack,
			       "this kernel has no ingress hooks (CONFIG_NETFILTER_INGRESS), so guests can't be guarded; turn the setting guard off");
	else if (err == -E2BIG)
		NL_SET_ERR_MSG(extack,
			       "others have all the ingress hooks that a port can have");
	return err;
}

/**
 * vseg_ingress_settle_port - have the hook at a port only if it is wanted
 * @port: port
 * @t: tables of the policy in force, or NULL without one
 *
 * Context: as vseg_ingress_settle().
 */
void vseg_ingress_settle_port(struct vseg_port *port,
			      const struct vseg_tables *t)
{
	if (port->guarded && !vseg_ingress_wanted(t, vseg_newest(port)))
		vseg_ingress_unregister(port);
}

/**
 * vseg_ingress_settle - have the hook nowhere else any more
 * @vn: namespace
 * @t: tables of the policy in force, or NULL without one
 *
 * Context: rtnl and vseg_net.lock held, no frame is decided by another policy;
 * may sleep.
 */
void vseg_ingress_settle(struct vseg_net *vn, const struct vseg_tables *t)
{
	struct vseg_bridge *br;
	struct vseg_port *port;

	list_for_each_entry(br, &vn->bridges, in_net)
		list_for_each_entry(port, &br->ports, in_bridge)
			vseg_ingress_settle_port(port, t);
	vn->guards_idle = false;
}
