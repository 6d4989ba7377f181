// SPDX-License-Identifier: GPL-2.0
/*
 * What the policy's selectors say of a device, and ports whose device changes.
 */
#include <linux/if_arp.h>
#include <linux/rtnetlink.h>

#include "ingress.h"
#include "match.h"
#include "vlan.h"

/**
 * vseg_port_switched - does hardware forward for this port?
 * @dev: device
 *
 * Ports of hardware that forwards without asking can't be held to anything.
 *
 * Context: rtnl held.
 * Return: whether it does.
 */
bool vseg_port_switched(struct net_device *dev)
{
	struct netdev_phys_item_id id = {};

	return !vseg_get_port_parent_id(dev, &id);
}

/**
 * vseg_match_device - what the policy's selectors say of a device
 * @t: the policy's tables
 * @dev: device
 * @match: result
 *
 * Context: rtnl held, so that name, alias, address and group stay.
 */
void vseg_match_device(const struct vseg_tables *t, struct net_device *dev,
		       struct vseg_match *match)
{
	struct vseg_identity id = {
		.name = dev->name,
		.group = dev->group,
	};
	struct dev_ifalias *alias;

	ASSERT_RTNL();
	if (dev->type == ARPHRD_ETHER && dev->addr_len == VSEG_MAC_LEN)
		id.mac = dev->dev_addr;

	/* Under RCU: an alias may change without rtnl, through sysfs. */
	rcu_read_lock();
	alias = rcu_dereference(dev->ifalias);
	if (alias)
		id.alias = alias->ifalias;
	vseg_selector_match(&t->selectors, &id, match);
	rcu_read_unlock();

	if (match->selector && vseg_port_switched(dev)) {
		match->selector = NULL;
		match->match = VSEG_PORT_MATCH_HARDWARE;
	}
}

/**
 * vseg_match_kept - does a binding say what the selectors say?
 * @b: binding
 * @match: what they say
 *
 * Return: whether it does; an explicit binding never does.
 */
bool vseg_match_kept(const struct vseg_binding *b,
		     const struct vseg_match *match)
{
	return b->match == match->match && b->selector == match->selector;
}

/**
 * vseg_rematch_port - the device of a port has changed
 * @vn: namespace
 * @port: port, not the host
 *
 * An explicit binding stays.  Without memory for another binding no frame sees
 * any, so nothing enters and nothing leaves.
 *
 * Context: rtnl and vseg_net.lock held; may sleep.
 * Return: 1 when the port has another binding now, 0 when not, or -ENOMEM.
 */
int vseg_rematch_port(struct vseg_net *vn, struct vseg_port *port)
{
	struct vseg_policy *policy = vseg_policy_locked(vn);
	struct vseg_binding *old = vseg_newest(port), *new;
	struct vseg_match match;

	if (!policy || port->bridge->leaving ||
	    old->match == VSEG_PORT_MATCH_EXPLICIT)
		return 0;
	vseg_match_device(policy->tables, port->dev, &match);
	if (vseg_match_kept(old, &match) && old->active)
		return 0;

	new = vseg_port_bind_match(port, &match, VSEG_ACTIVE_BOTH);
	/* A guard that isn't wanted any more idles until the next commit. */
	if (new && vseg_ingress_register(port, new, policy->tables)) {
		vseg_binding_del(new);
		new = NULL;
	}
	if (!new) {
		/* Settling a commit must not bring it back. */
		list_del_init(&old->pending);
		WRITE_ONCE(old->active, 0);
		return -ENOMEM;
	}
	vseg_port_replace(port, new);
	vn->guards_idle = true;
	/* What isn't known is dropped as ambiguous, until the worker reads it. */
	if (new->kind == VSEG_PORT_KIND_TRUNK && port->bridge->ntrunks == 1)
		vseg_vlan_scan(port->bridge);
	return 1;
}
