// SPDX-License-Identifier: GPL-2.0
/*
 * Putting a transaction in force, and taking the policy out of force.
 *
 * A commit has four steps.  It prepares: all that can fail, seen by no frame,
 * because new bindings are active only under the cursor that no policy has
 * yet.  It publishes: one pointer, and with it the cursor.  It waits until no
 * frame is decided by the policy before it.  It settles: what is new becomes
 * active under both cursors, what is old goes away, and the next commit finds
 * the other cursor free.
 */
#include <linux/module.h>
#include <linux/rtnetlink.h>

#include "commit.h"
#include "event.h"
#include "genl.h"
#include "hook.h"
#include "lockdown.h"
#include "pair.h"
#include "sysfs.h"
#include "vlan.h"

/* The newest binding of a port. */
static struct vseg_binding *vseg_newest(struct vseg_port *port)
{
	return rcu_dereference_protected(port->binding, true);
}

static void vseg_policy_free_work(struct work_struct *work)
{
	struct vseg_policy *policy = container_of(to_rcu_work(work),
						  struct vseg_policy, rwork);

	vseg_tables_put(policy->tables);
	kfree(policy);
}

static struct vseg_policy *vseg_policy_new(struct vseg_tables *t, u8 cursor)
{
	struct vseg_policy *policy;

	policy = kzalloc(sizeof(*policy), GFP_KERNEL_ACCOUNT);
	if (!policy)
		return NULL;
	INIT_RCU_WORK(&policy->rwork, vseg_policy_free_work);
	refcount_inc(&t->ref);
	policy->tables = t;
	policy->cells = t->cells;
	policy->cell_bits = t->cell_bits;
	policy->to_any = t->nto_any;
	policy->from_any = t->nfrom_any;
	policy->settings = t->settings;
	policy->cursor = cursor;
	return policy;
}

/* Do frames have to come our way? */
static bool vseg_hooks_wanted(const struct vseg_net *vn,
			      const struct vseg_tables *t)
{
	if (!t)
		return vseg_lockdown(vn);
	return t->nbridges || t->settings.unmanaged == VSEG_UNMANAGED_DROP;
}

/*
 * Settling.
 */

static void vseg_settle_bindings(struct vseg_net *vn)
{
	struct vseg_binding *b, *next;

	list_for_each_entry_safe(b, next, &vn->pending, pending) {
		list_del_init(&b->pending);
		if (b == vseg_newest(b->port))
			WRITE_ONCE(b->active, BIT(0) | BIT(1));
		else
			vseg_binding_del(b);
	}
}

static void vseg_settle_bridges(struct vseg_net *vn)
{
	struct vseg_bridge *br, *next;

	list_for_each_entry_safe(br, next, &vn->bridges, in_net) {
		br->mode[!vn->cursor] = br->mode[vn->cursor];
		br->fresh = false;
		if (br->leaving)
			vseg_bridge_del(br);
	}
}

/* No frame is decided by the policy before the last commit any more. */
static void vseg_settle(struct vseg_net *vn)
{
	struct vseg_policy *policy;

	lockdep_assert_held(&vn->commit_lock);
	if (!vn->unsettled)
		return;

	rtnl_lock();
	mutex_lock(&vn->lock);
	policy = vseg_policy_locked(vn);
	vseg_settle_bindings(vn);
	vseg_settle_bridges(vn);
	if (!vseg_hooks_wanted(vn, policy ? policy->tables : NULL))
		vseg_hooks_unregister(vn);
	vn->unsettled = false;
	mutex_unlock(&vn->lock);
	rtnl_unlock();
}

static void vseg_settle_now(struct vseg_net *vn)
{
	if (!vn->unsettled)
		return;
	cond_synchronize_rcu_expedited(vn->settle);
	vseg_settle(vn);
}

static void vseg_settle_work(struct work_struct *work)
{
	struct vseg_net *vn = container_of(work, struct vseg_net, settle_work);

	mutex_lock(&vn->commit_lock);
	vseg_settle_now(vn);
	mutex_unlock(&vn->commit_lock);
}

/*
 * Preparing.  Everything here is undone by vseg_undo().
 */

/* The bridge of that very name: an alternative name would be another's. */
static struct net_device *vseg_bridge_device(struct vseg_net *vn,
					     const char *name)
{
	struct net_device *dev = __dev_get_by_name(vn->net, name);

	if (!dev || !netif_is_bridge_master(dev) || strcmp(dev->name, name))
		return NULL;
	return dev;
}

static int vseg_prepare_bridges(struct vseg_net *vn, struct vseg_tables *t,
				u8 next)
{
	struct net_device *dev;
	struct vseg_bridge *br;
	struct vseg_port *port;
	u32 i;

	list_for_each_entry(br, &vn->bridges, in_net)
		br->leaving = !vseg_tables_bridge(t, br->dev->name);

	for (i = 0; i < t->nbridges; i++) {
		dev = vseg_bridge_device(vn, t->bridges[i].name);
		if (!dev)
			continue;
		br = vseg_bridge_find(vn, dev);
		if (br) {
			br->mode[next] = t->bridges[i].mode;
			continue;
		}
		br = vseg_bridge_add(vn, dev, t->bridges[i].mode, BIT(next));
		if (!br)
			return -ENOMEM;
		br->fresh = true;
		list_add(&vseg_newest(br->host)->pending, &vn->pending);
		list_for_each_entry(port, &br->ports, in_bridge)
			list_add(&vseg_newest(port)->pending, &vn->pending);
	}
	return 0;
}

/* Ports of hardware that forwards without asking can't be held to anything. */
static bool vseg_port_switched(struct net_device *dev)
{
	struct netdev_phys_item_id id = {};

	return !vseg_get_port_parent_id(dev, &id);
}

static int vseg_prepare_bind(struct vseg_net *vn, struct vseg_txn_bind *tb,
			     u8 next, struct netlink_ext_ack *extack)
{
	struct vseg_port *port;

	if (tb->gone) {
		NL_SET_ERR_MSG(extack,
			       "a port of this transaction has left its bridge");
		return -ENODEV;
	}
	port = vseg_port_find(vn, tb->dev);
	if (!port || port->bridge->leaving || port == port->bridge->host) {
		NL_SET_ERR_MSG(extack,
			       "a port of this transaction is not in a managed bridge");
		return -ENODEV;
	}
	if (vseg_port_switched(tb->dev)) {
		NL_SET_ERR_MSG(extack,
			       "hardware forwards for this port, past vseg; it can't have a domain");
		return -EOPNOTSUPP;
	}

	tb->binding = vseg_port_bind(port, &tb->bind, BIT(next));
	return tb->binding ? 0 : -ENOMEM;
}

/* Is the domain still in the policy?  Not just one of the same name. */
static bool vseg_domain_stays(const struct vseg_tables *t,
			      const struct vseg_domain *domain)
{
	return domain->slot < VSEG_SLOT_FIRST ||
	       vseg_domain_set_find(&t->domains, domain->name) == domain;
}

/* No port may carry a domain that the policy no longer has.  The edit that
 * deletes one looks as well, but bridges come and go in between.
 */
static int vseg_prepare_labels(struct vseg_txn *txn, struct vseg_tables *t,
			       struct netlink_ext_ack *extack)
{
	struct vseg_label *label;

	list_for_each_entry(label, &txn->vn->labels, in_net) {
		const struct vseg_binding *b = label->binding;
		const struct vseg_port *port = b->port;

		if (port->gone || port->bridge->leaving ||
		    b != rcu_access_pointer(port->binding) ||
		    vseg_txn_bind_find(txn, port->dev) ||
		    vseg_domain_stays(t, label->domain))
			continue;
		NL_SET_ERR_MSG(extack,
			       "a port carries a domain that this transaction deletes");
		return -EBUSY;
	}
	return 0;
}

/* The VLANs of a bridge must be known before its first trunk port is. */
static int vseg_prepare_vlans(struct vseg_txn_bind *tb)
{
	struct vseg_bridge *br = tb->binding->port->bridge;

	if (tb->bind.kind != VSEG_PORT_KIND_TRUNK || br->ntrunks)
		return 0;
	return vseg_vlan_scan(br);
}

/* The policy in force keeps the module; see vseg_off(). */
static int vseg_hold_module(struct vseg_net *vn)
{
	if (!vn->held && !try_module_get(THIS_MODULE))
		return -ENODEV;
	vn->held = true;
	return 0;
}

static int vseg_prepare(struct vseg_txn *txn, struct vseg_tables *t, u8 next,
			struct netlink_ext_ack *extack)
{
	struct vseg_net *vn = txn->vn;
	struct vseg_txn_bind *tb;
	int err;

	if (txn->tables) {
		err = vseg_prepare_bridges(vn, t, next) ?:
		      vseg_prepare_labels(txn, t, extack);
		if (err)
			return err;
	}
	list_for_each_entry(tb, &txn->binds, list) {
		err = vseg_prepare_bind(vn, tb, next, extack);
		if (!err)
			err = vseg_prepare_vlans(tb);
		if (err)
			return err;
	}
	err = vseg_hold_module(vn);
	if (!err && vseg_hooks_wanted(vn, t) && !vn->hooks)
		err = vseg_hooks_register(vn);
	return err;
}

static void vseg_undo(struct vseg_txn *txn, u8 next)
{
	struct vseg_net *vn = txn->vn;
	struct vseg_bridge *br, *tmp;
	struct vseg_txn_bind *tb;

	list_for_each_entry(tb, &txn->binds, list)
		if (tb->binding)
			vseg_binding_del(tb->binding);
	list_for_each_entry_safe(br, tmp, &vn->bridges, in_net) {
		br->leaving = false;
		br->mode[next] = br->mode[!next];
		if (br->fresh)
			vseg_bridge_del(br);
	}
	if (vn->held && !vseg_policy_locked(vn)) {
		vn->held = false;
		module_put(THIS_MODULE);
	}
}

/*
 * Publishing.  Nothing here can fail.
 */

static void vseg_publish_bind(struct vseg_net *vn, struct vseg_txn_bind *tb,
			      u8 next)
{
	struct vseg_binding *new = tb->binding;
	struct vseg_port *port = new->port;
	struct vseg_binding *old = vseg_newest(port);

	port->bridge->ntrunks += (new->kind == VSEG_PORT_KIND_TRUNK) -
				 (old->kind == VSEG_PORT_KIND_TRUNK);
	WRITE_ONCE(old->active, old->active & ~BIT(next));
	list_move(&old->pending, &vn->pending);
	list_move(&new->pending, &vn->pending);
	rcu_assign_pointer(port->binding, new);
	vseg_sysfs_port_add(port);
}

static void vseg_publish_bridge(struct vseg_bridge *br, u8 next)
{
	struct vseg_port *port;
	struct vseg_binding *b;

	if (br->leaving) {
		b = vseg_newest(br->host);
		WRITE_ONCE(b->active, b->active & ~BIT(next));
		vseg_sysfs_port_del(br->host);
	} else if (br->fresh) {
		vseg_sysfs_port_add(br->host);
	}

	list_for_each_entry(port, &br->ports, in_bridge) {
		if (port->gone)
			continue;
		if (br->leaving) {
			b = vseg_newest(port);
			WRITE_ONCE(b->active, b->active & ~BIT(next));
			vseg_sysfs_port_del(port);
		} else if (br->fresh) {
			vseg_sysfs_port_add(port);
		}
	}
}

static u32 vseg_warnings(struct vseg_net *vn, const struct vseg_tables *t)
{
	struct vseg_bridge *br;
	u32 warnings = 0;

	if (vseg_tables_ties(t))
		warnings |= VSEG_WARNING_TIE;
	list_for_each_entry(br, &vn->bridges, in_net)
		if (!br->leaving && vseg_vlan_ambiguous(br))
			warnings |= VSEG_WARNING_VLAN_AMBIGUOUS;
	return warnings;
}

/* From here on frames meet the new policy; %NULL takes it out of force. */
static void vseg_swap(struct vseg_net *vn, struct vseg_policy *policy, u8 next)
{
	struct vseg_policy *old = vseg_policy_locked(vn);

	vn->generation++;
	if (policy)
		policy->generation = vn->generation;
	vn->cursor = next;
	/* Pairs with smp_load_acquire() in the hooks. */
	rcu_assign_pointer(vn->policy, policy);

	vn->settle = get_state_synchronize_rcu();
	vn->unsettled = true;
	if (old)
		queue_rcu_work(vseg_wq, &old->rwork);
	vseg_changed(vn);
	vseg_sysfs_policy_changed(vn);
}

static void vseg_publish(struct vseg_txn *txn, struct vseg_policy *policy,
			 u8 next)
{
	struct vseg_net *vn = txn->vn;
	struct vseg_txn_bind *tb;
	struct vseg_bridge *br;

	list_for_each_entry(tb, &txn->binds, list)
		vseg_publish_bind(vn, tb, next);
	if (txn->tables)
		list_for_each_entry(br, &vn->bridges, in_net)
			vseg_publish_bridge(br, next);
	vseg_swap(vn, policy, next);
}

static int vseg_commit_locked(struct vseg_txn *txn,
			      struct netlink_ext_ack *extack, u32 *warnings)
{
	struct vseg_net *vn = txn->vn;
	struct vseg_tables *t = (struct vseg_tables *)vseg_txn_tables(txn);
	struct vseg_policy *policy;
	u8 next = !vn->cursor;
	int err;

	ASSERT_RTNL();
	lockdep_assert_held(&vn->lock);

	if (txn->base != vn->generation) {
		NL_SET_ERR_MSG(extack,
			       "another commit came first; nothing was changed");
		return -ESTALE;
	}
	if (!t) {
		NL_SET_ERR_MSG(extack,
			       "the transaction is empty and there is no policy");
		return -EINVAL;
	}

	policy = vseg_policy_new(t, next);
	if (!policy)
		return -ENOMEM;
	err = vseg_prepare(txn, t, next, extack);
	if (err) {
		vseg_undo(txn, next);
		vseg_tables_put(t);
		kfree(policy);
		return err;
	}

	vseg_publish(txn, policy, next);
	t->warnings = vseg_warnings(vn, t);
	*warnings = t->warnings;
	vseg_genl_config_notify(vn, VSEG_CONFIG_EVENT_COMMIT, vn->generation,
				NULL, NULL);
	return 0;
}

/**
 * vseg_commit - put a transaction in force
 * @txn: transaction, committing; the caller ends it, whatever comes of it
 * @flags: enum vseg_txn_flags
 * @extack: told why not
 * @generation: result: the new generation
 * @warnings: result: enum vseg_warning
 *
 * Without %VSEG_TXN_FLAGS_NOWAIT no frame is decided by the old policy when it
 * returns.
 *
 * Context: vseg_net.commit_lock held, neither rtnl nor vseg_net.lock.
 * Return: 0, or a negative errno with the old policy untouched.
 */
int vseg_commit(struct vseg_txn *txn, u32 flags,
		struct netlink_ext_ack *extack, u64 *generation, u32 *warnings)
{
	struct vseg_net *vn = txn->vn;
	int err;

	lockdep_assert_held(&vn->commit_lock);

	vseg_settle_now(vn);
	rtnl_lock();
	mutex_lock(&vn->lock);
	err = vseg_commit_locked(txn, extack, warnings);
	*generation = vn->generation;
	mutex_unlock(&vn->lock);
	rtnl_unlock();
	if (err)
		return err;

	if (flags & VSEG_TXN_FLAGS_NOWAIT)
		queue_work(vseg_wq, &vn->settle_work);
	else
		vseg_settle_now(vn);
	return 0;
}

/* Returns whether there was a policy to take out of force. */
static bool vseg_off_locked(struct vseg_net *vn)
{
	u8 next = !vn->cursor;
	struct vseg_bridge *br;

	if (!vseg_policy_locked(vn))
		return false;

	list_for_each_entry(br, &vn->bridges, in_net) {
		br->leaving = true;
		vseg_publish_bridge(br, next);
	}
	vseg_swap(vn, NULL, next);
	vseg_genl_config_notify(vn, VSEG_CONFIG_EVENT_OFF, vn->generation,
				NULL, NULL);
	return true;
}

/**
 * vseg_off - take the policy out of force and let the module go
 * @vn: namespace
 * @generation: result: the new generation
 *
 * No policy in force is no error.
 *
 * Context: vseg_net.commit_lock held, neither rtnl nor vseg_net.lock.
 * Return: 0.
 */
int vseg_off(struct vseg_net *vn, u64 *generation)
{
	lockdep_assert_held(&vn->commit_lock);

	vseg_settle_now(vn);
	rtnl_lock();
	mutex_lock(&vn->lock);
	vseg_off_locked(vn);
	*generation = vn->generation;
	mutex_unlock(&vn->lock);
	rtnl_unlock();

	vseg_settle_now(vn);
	if (vn->held) {
		vn->held = false;
		/* The family can't be unregistered while a request runs. */
		module_put(THIS_MODULE);
	}
	return 0;
}

/**
 * vseg_commit_prepare_net - get a namespace ready for its first policy
 * @vn: namespace
 *
 * Most namespaces never have one and pay nothing.
 *
 * Context: vseg_net.commit_lock held; may sleep.
 * Return: 0 or a negative errno; may be called again.
 */
int vseg_commit_prepare_net(struct vseg_net *vn)
{
	struct hlist_head *bindings;
	int err;

	lockdep_assert_held(&vn->commit_lock);

	if (vn->vlans)
		return 0;
	err = vseg_pairs_init(vn);
	if (!err)
		err = vseg_events_init(vn);
	if (err)
		return err;

	if (!vn->bindings) {
		bindings = kvcalloc(1 << VSEG_BINDING_BITS, sizeof(*bindings),
				    VSEG_GFP_TABLE);
		if (!bindings)
			return -ENOMEM;
		/* From here on the notifier keeps transactions informed. */
		smp_store_release(&vn->bindings, bindings);
	}
	return vseg_vlan_watch_start(vn);
}

/**
 * vseg_commit_net_init - get a namespace's commits ready
 * @vn: namespace
 */
void vseg_commit_net_init(struct vseg_net *vn)
{
	mutex_init(&vn->commit_lock);
	INIT_LIST_HEAD(&vn->pending);
	INIT_WORK(&vn->settle_work, vseg_settle_work);
}

/**
 * vseg_commit_net_exit - nothing is in force any more
 * @vn: namespace
 *
 * Context: process, may sleep; no request runs any more.
 */
void vseg_commit_net_exit(struct vseg_net *vn)
{
	u64 generation;

	cancel_work_sync(&vn->settle_work);
	mutex_lock(&vn->commit_lock);
	vseg_off(vn, &generation);
	vseg_hooks_unregister(vn);
	mutex_unlock(&vn->commit_lock);
}
