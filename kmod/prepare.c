// SPDX-License-Identifier: GPL-2.0
/*
 * The first step of a commit: all that can fail, seen by no frame, because new
 * bindings are active only under the cursor that no policy has yet.
 */
#include <linux/module.h>
#include <linux/rtnetlink.h>

#include "hook.h"
#include "ingress.h"
#include "lockdown.h"
#include "match.h"
#include "prepare.h"
#include "route.h"
#include "vlan.h"

/**
 * vseg_hooks_wanted - do frames have to come our way?
 * @vn: namespace
 * @t: tables of the policy, or NULL without one
 *
 * With lockdown always: when a policy that needs no hooks goes out of force,
 * nothing may fail any more.
 *
 * Return: whether they have to.
 */
bool vseg_hooks_wanted(const struct vseg_net *vn, const struct vseg_tables *t)
{
	if (vseg_lockdown(vn))
		return true;
	if (!t)
		return false;
	return t->nbridges || t->settings.unmanaged == VSEG_UNMANAGED_DROP;
}

/*
 * Bridges.
 */

/* New bindings become newest, and old ones go, when the commit settles. */
static void vseg_bridge_pending(struct vseg_net *vn, struct vseg_bridge *br)
{
	struct vseg_port *port;

	list_add(&vseg_newest(br->host)->pending, &vn->pending);
	list_for_each_entry(port, &br->ports, in_bridge)
		list_add(&vseg_newest(port)->pending, &vn->pending);
}

static int vseg_prepare_bridge(struct vseg_net *vn, struct vseg_tables *t,
			       struct net_device *dev, u8 mode, u8 next)
{
	struct vseg_bridge *br = vseg_bridge_find(vn, dev);

	if (br) {
		br->mode[next] = mode;
		return 0;
	}
	br = vseg_bridge_add(vn, dev, t, mode, BIT(next));
	if (!br)
		return -ENOMEM;
	br->fresh = true;
	vseg_bridge_pending(vn, br);
	/* The VLANs of a bridge must be known before its trunk ports are. */
	return vseg_vlan_wanted(br) ? vseg_vlan_scan(br) : 0;
}

static int vseg_prepare_bridges(struct vseg_net *vn, struct vseg_tables *t,
				u8 next)
{
	struct vseg_managed *m;
	struct vseg_bridge *br;
	struct net_device *dev;
	int err;

	list_for_each_entry(br, &vn->bridges, in_net)
		br->leaving = !vseg_tables_bridge(t, br->dev->name);

	for_each_netdev(vn->net, dev) {
		if (!netif_is_bridge_master(dev))
			continue;
		m = vseg_tables_bridge(t, dev->name);
		err = m ? vseg_prepare_bridge(vn, t, dev, m->mode, next) : 0;
		if (err)
			return err;
	}
	return 0;
}

/*
 * Ports.
 */

/* The VLANs of a bridge must be known before its first trunk port is. */
static int vseg_prepare_binding(struct vseg_txn *txn, struct vseg_binding *b)
{
	struct vseg_bridge *br;

	if (!b)
		return -ENOMEM;
	list_add_tail(&b->pending, &txn->bindings);
	br = b->port->bridge;
	if (b->kind != VSEG_PORT_KIND_TRUNK || vseg_vlan_wanted(br))
		return 0;
	return vseg_vlan_scan(br);
}

static int vseg_prepare_bind(struct vseg_txn *txn, struct vseg_txn_bind *tb,
			     struct vseg_tables *t, u8 next,
			     struct netlink_ext_ack *extack)
{
	struct vseg_match match;
	struct vseg_port *port;

	if (tb->gone) {
		NL_SET_ERR_MSG(extack,
			       "a port of this transaction has left its bridge");
		return -ENODEV;
	}
	port = vseg_port_find(txn->vn, tb->dev);
	if (!port || port->bridge->leaving || port == port->bridge->host) {
		NL_SET_ERR_MSG(extack,
			       "a port of this transaction is not in a managed bridge");
		return -ENODEV;
	}
	if (tb->bind.kind == VSEG_PORT_KIND_UNLABELLED) {
		/* Unbound: selectors have their say again. */
		vseg_match_device(t, tb->dev, &match);
		return vseg_prepare_binding(txn,
				vseg_port_bind_match(port, &match, BIT(next)));
	}
	if (vseg_port_switched(tb->dev)) {
		NL_SET_ERR_MSG(extack,
			       "hardware forwards for this port, past vseg; it can't have a domain");
		return -EOPNOTSUPP;
	}
	return vseg_prepare_binding(txn,
				    vseg_port_bind(port, &tb->bind, BIT(next)));
}

/* Is the domain still in the policy?  Not just one of the same name. */
static bool vseg_domain_stays(const struct vseg_tables *t,
			      const struct vseg_domain *domain)
{
	return domain->slot < VSEG_SLOT_FIRST ||
	       vseg_domain_set_find(&t->domains, domain->name) == domain;
}

static bool vseg_binding_stays(const struct vseg_tables *t,
			       const struct vseg_binding *b)
{
	u32 i;

	for (i = 0; i < b->nmap; i++)
		if (!vseg_domain_stays(t, b->map[i].domain))
			return false;
	return vseg_domain_stays(t, b->label->domain);
}

/* What selectors give a port changes with them.  An explicit binding stays;
 * the edit that deletes its domain is refused, but bridges come and go in
 * between.
 */
static int vseg_prepare_port(struct vseg_txn *txn, struct vseg_port *port,
			     struct vseg_tables *t, u8 next,
			     struct netlink_ext_ack *extack)
{
	struct vseg_binding *old = vseg_newest(port);
	struct vseg_match match;

	if (vseg_txn_bind_find(txn, port->dev))
		return 0;
	if (old->match == VSEG_PORT_MATCH_EXPLICIT) {
		if (vseg_binding_stays(t, old))
			return 0;
		if (!txn->rollback) {
			NL_SET_ERR_MSG(extack,
				       "a port carries a domain that this transaction deletes");
			return -EBUSY;
		}
	}
	vseg_match_device(t, port->dev, &match);
	if (vseg_match_kept(old, &match))
		return 0;
	return vseg_prepare_binding(txn, vseg_port_bind_match(port, &match,
							      BIT(next)));
}

static int vseg_prepare_ports(struct vseg_txn *txn, struct vseg_tables *t,
			      u8 next, struct netlink_ext_ack *extack)
{
	struct vseg_bridge *br;
	struct vseg_port *port;
	int err;

	list_for_each_entry(br, &txn->vn->bridges, in_net) {
		/* A fresh one has bindings of this policy already. */
		if (br->leaving || br->fresh)
			continue;
		list_for_each_entry(port, &br->ports, in_bridge) {
			if (port->gone)
				continue;
			err = vseg_prepare_port(txn, port, t, next, extack);
			if (err)
				return err;
		}
	}
	return 0;
}

/* The policy in force keeps the module; see vseg_off(). */
static int vseg_hold_module(struct vseg_net *vn)
{
	if (!vn->held && !try_module_get(THIS_MODULE))
		return -ENODEV;
	vn->held = true;
	return 0;
}

/**
 * vseg_prepare - do all of a commit that can fail
 * @txn: transaction
 * @t: its tables
 * @next: cursor that the new policy will have
 * @extack: told why not
 *
 * Context: rtnl and vseg_net.lock held; may sleep.
 * Return: 0, or a negative errno; vseg_prepare_undo() undoes either.
 */
int vseg_prepare(struct vseg_txn *txn, struct vseg_tables *t, u8 next,
		 struct netlink_ext_ack *extack)
{
	struct vseg_net *vn = txn->vn;
	struct vseg_txn_bind *tb;
	int err;

	if (txn->tables) {
		err = vseg_prepare_bridges(vn, t, next) ?:
		      vseg_vlan_prepare(vn, t) ?:
		      vseg_prepare_ports(txn, t, next, extack);
		if (err)
			return err;
	}
	list_for_each_entry(tb, &txn->binds, list) {
		err = vseg_prepare_bind(txn, tb, t, next, extack);
		if (err)
			return err;
	}
	err = vseg_ingress_prepare(vn, t, txn->tables, &txn->bindings,
				   extack) ?:
	      vseg_hold_module(vn);
	if (!err && vseg_hooks_wanted(vn, t) && !vn->hooks)
		err = vseg_hooks_register(vn);
	return err ?: vseg_route_prepare(vn, t);
}

/**
 * vseg_prepare_undo - undo what vseg_prepare() has done
 * @txn: transaction
 * @next: as vseg_prepare()
 *
 * Context: as vseg_prepare().
 */
void vseg_prepare_undo(struct vseg_txn *txn, u8 next)
{
	struct vseg_net *vn = txn->vn;
	struct vseg_policy *policy = vseg_policy_locked(vn);
	struct vseg_binding *b, *b_next;
	struct vseg_bridge *br, *br_next;

	list_for_each_entry_safe(b, b_next, &txn->bindings, pending)
		vseg_binding_del(b);
	list_for_each_entry_safe(br, br_next, &vn->bridges, in_net) {
		br->leaving = false;
		br->mode[next] = br->mode[!next];
		if (br->fresh)
			vseg_bridge_del(br);
	}
	vseg_ingress_settle(vn, policy ? policy->tables : NULL);
	if (!vseg_hooks_wanted(vn, policy ? policy->tables : NULL))
		vseg_hooks_unregister(vn);
	vseg_route_settle(vn, policy ? policy->tables : NULL);
	if (vn->held && !policy) {
		vn->held = false;
		module_put(THIS_MODULE);
	}
}
