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
#include "history.h"
#include "hold.h"
#include "hook.h"
#include "ingress.h"
#include "pair.h"
#include "prepare.h"
#include "route.h"
#include "state.h"
#include "sysfs.h"
#include "undo.h"
#include "vlan.h"

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
	vseg_policy_init(policy, t, cursor);
	return policy;
}

/*
 * Settling.
 */

static void vseg_settle_bindings(struct vseg_net *vn,
				 const struct vseg_tables *t)
{
	struct vseg_binding *b, *next;

	list_for_each_entry_safe(b, next, &vn->pending, pending) {
		list_del_init(&b->pending);
		if (b == vseg_newest(b->port)) {
			WRITE_ONCE(b->active, VSEG_ACTIVE_BOTH);
			vseg_ingress_settle_port(b->port, t);
		} else {
			vseg_binding_del(b);
		}
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
	const struct vseg_tables *t;
	struct vseg_policy *policy;

	lockdep_assert_held(&vn->commit_lock);
	if (!vn->unsettled)
		return;

	rtnl_lock();
	mutex_lock(&vn->lock);
	policy = vseg_policy_locked(vn);
	t = policy ? policy->tables : NULL;
	vseg_settle_bindings(vn, t);
	vseg_settle_bridges(vn);
	if (vn->guards_idle)
		vseg_ingress_settle(vn, t);
	if (!vseg_hooks_wanted(vn, t))
		vseg_hooks_unregister(vn);
	vseg_route_settle(vn, policy ? policy->tables : NULL);
	vn->unsettled = false;
	mutex_unlock(&vn->lock);
	rtnl_unlock();
	vseg_state_kick(vn);
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
 * Publishing.  Nothing here can fail.
 */

static void vseg_publish_binding(struct vseg_net *vn, struct vseg_binding *new,
				 u8 next)
{
	struct vseg_port *port = new->port;
	struct vseg_binding *old = vseg_newest(port);

	WRITE_ONCE(old->active, old->active & ~BIT(next));
	list_move(&old->pending, &vn->pending);
	list_move(&new->pending, &vn->pending);
	vseg_port_set_newest(port, new);
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

/* Tables that are in force don't change: what the commit that brought them
 * found still holds.  A bind of one port doesn't look at all cells.
 */
static u32 vseg_ties(const struct vseg_txn *txn, const struct vseg_tables *t)
{
	if (!txn->tables)
		return t->warnings & VSEG_WARNING_TIE;
	return vseg_tables_ties(t) ? VSEG_WARNING_TIE : 0;
}

static u32 vseg_warnings(const struct vseg_txn *txn,
			 const struct vseg_tables *t)
{
	u32 warnings = vseg_ties(txn, t);
	struct vseg_bridge *br;

	list_for_each_entry(br, &txn->vn->bridges, in_net) {
		if (br->leaving)
			continue;
		if (vseg_vlan_ambiguous(br))
			warnings |= VSEG_WARNING_VLAN_AMBIGUOUS;
		if (br->nambiguous)
			warnings |= VSEG_WARNING_AMBIGUOUS;
	}
	return warnings;
}

/* What a transaction that is only checked would be warned of, as far as it can
 * be told from its tables and the bindings that it would bring.
 */
static u32 vseg_check_warnings(const struct vseg_txn *txn,
			       const struct vseg_tables *t)
{
	u32 warnings = vseg_ties(txn, t);
	struct vseg_binding *b;

	list_for_each_entry(b, &txn->bindings, pending)
		if (b->match == VSEG_PORT_MATCH_AMBIGUOUS)
			warnings |= VSEG_WARNING_AMBIGUOUS;
	return warnings;
}

/* What hangs on the tables follows them; a bind of one port leaves them alone. */
static void vseg_tables_changed(struct vseg_net *vn)
{
	vn->guards_idle = true;
	vseg_sysfs_policy_changed(vn);
}

/* From here on frames meet the new policy; %NULL takes it out of force. */
static void vseg_swap(struct vseg_net *vn, struct vseg_policy *policy, u8 next)
{
	struct vseg_policy *old = vseg_policy_locked(vn);

	if (!old || !policy || old->tables != policy->tables)
		vseg_tables_changed(vn);
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
}

static void vseg_publish(struct vseg_txn *txn, struct vseg_policy *policy,
			 u8 next)
{
	struct vseg_net *vn = txn->vn;
	struct vseg_binding *b, *b_next;
	struct vseg_bridge *br;

	list_for_each_entry_safe(b, b_next, &txn->bindings, pending)
		vseg_publish_binding(vn, b, next);
	if (txn->tables)
		list_for_each_entry(br, &vn->bridges, in_net)
			vseg_publish_bridge(br, next);
	vseg_swap(vn, policy, next);
}

static int vseg_commit_may(struct vseg_txn *txn, const struct vseg_how *how,
			   const struct vseg_tables *t,
			   struct netlink_ext_ack *extack)
{
	if (txn->base != txn->vn->generation) {
		NL_SET_ERR_MSG(extack,
			       "another commit came first; nothing was changed");
		return -ESTALE;
	}
	if (!t) {
		NL_SET_ERR_MSG(extack,
			       "the transaction is empty and there is no policy");
		return -EINVAL;
	}
	if (txn->tables && txn->vn->undo.pending && !txn->rollback) {
		NL_SET_ERR_MSG(extack,
			       "a commit waits for its confirmation; confirm it or roll it back first");
		return -EBUSY;
	}
	if (how->confirm && (!txn->tables || !list_empty(&txn->binds))) {
		NL_SET_ERR_MSG(extack,
			       "only changes of the policy itself can wait for a confirmation; bind ports apart");
		return -EINVAL;
	}
	return 0;
}

static void vseg_commit_done(struct vseg_txn *txn, struct vseg_how *how,
			     struct vseg_tables *t)
{
	struct vseg_net *vn = txn->vn;

	t->warnings = vseg_warnings(txn, t);
	how->warnings = t->warnings;
	vseg_history_add(vn, how, txn->edits);
	vseg_genl_config_notify(vn, how->op == VSEG_LOG_OP_COMMIT ?
				VSEG_CONFIG_EVENT_COMMIT :
				VSEG_CONFIG_EVENT_ROLLBACK,
				vn->generation, NULL, NULL);
}

static int vseg_commit_locked(struct vseg_txn *txn, struct vseg_how *how,
			      struct netlink_ext_ack *extack)
{
	struct vseg_net *vn = txn->vn;
	struct vseg_tables *t = (struct vseg_tables *)vseg_txn_tables(txn);
	struct vseg_policy *old = vseg_policy_locked(vn), *policy;
	u8 next = !vn->cursor;
	int err;

	ASSERT_RTNL();
	lockdep_assert_held(&vn->lock);

	err = vseg_commit_may(txn, how, t, extack);
	if (err)
		return err;
	policy = vseg_policy_new(t, next);
	if (!policy)
		return -ENOMEM;
	vseg_route_mark(policy, old);
	err = vseg_prepare(txn, t, next, extack);
	if (err || how->flags & VSEG_TXN_FLAGS_CHECK) {
		if (!err)
			how->warnings = vseg_check_warnings(txn, t);
		vseg_prepare_undo(txn, next);
		vseg_tables_put(t);
		kfree(policy);
		return err;
	}

	if (txn->tables)
		vseg_undo_keep(vn, old ? old->tables : NULL, how->confirm);
	vseg_publish(txn, policy, next);
	how->generation = vn->generation;
	vseg_commit_done(txn, how, t);
	return 0;
}

/* What frames of the new policy may need, beyond its tables. */
static int vseg_commit_ready(struct vseg_net *vn, struct vseg_tables *t)
{
	struct vseg_policy *policy;
	int err = 0;

	/* Under commit_lock it stays in force. */
	policy = rcu_dereference_protected(vn->policy,
					   lockdep_is_held(&vn->commit_lock));
	if (policy)
		vseg_tables_mark_kept(t, policy->tables);
	if (vn->state)
		vseg_zones_mark_kept(&vn->state->zones, t);
	if (t->stateful || t->rule_fields & vseg_fields_of_first(6))
		err = vseg_hold_init(vn);
	return err ?: vseg_state_prepare(vn, t);
}

/* Before any lock that frames' owners wait for: nobody else edits tables whose
 * transaction is being committed.
 */
static int vseg_commit_seal(struct vseg_txn *txn,
			    struct netlink_ext_ack *extack)
{
	struct vseg_net *vn = txn->vn;
	int err;

	if (!txn->tables)
		return 0;
	err = vseg_tables_seal(txn->tables);
	if (err == -E2BIG)
		NL_SET_ERR_MSG(extack,
			       "the rules overlap in too many ways; their tables would be too large");
	if (!err)
		err = vseg_route_seal(txn->tables, extack);
	return err ?: vseg_commit_ready(vn, txn->tables);
}

/**
 * vseg_commit - put a transaction in force
 * @txn: transaction, committing; the caller ends it, whatever comes of it
 * @how: how, and what came of it
 * @extack: told why not
 *
 * Without %VSEG_TXN_FLAGS_NOWAIT no frame is decided by the old policy when it
 * returns.  With %VSEG_TXN_FLAGS_CHECK nothing is put in force.
 *
 * Context: vseg_net.commit_lock held, neither rtnl nor vseg_net.lock.
 * Return: 0, or a negative errno with the old policy untouched.
 */
int vseg_commit(struct vseg_txn *txn, struct vseg_how *how,
		struct netlink_ext_ack *extack)
{
	struct vseg_net *vn = txn->vn;
	int err;

	lockdep_assert_held(&vn->commit_lock);

	err = vseg_commit_seal(txn, extack);
	if (err)
		return err;
	vseg_settle_now(vn);
	rtnl_lock();
	mutex_lock(&vn->lock);
	how->generation = vn->generation;
	err = vseg_commit_locked(txn, how, extack);
	mutex_unlock(&vn->lock);
	rtnl_unlock();
	if (err || how->flags & VSEG_TXN_FLAGS_CHECK)
		return err;

	if (how->flags & VSEG_TXN_FLAGS_NOWAIT)
		queue_work(vseg_wq, &vn->settle_work);
	else
		vseg_settle_now(vn);
	vseg_history_audit(vn, how, txn->edits);
	return 0;
}

/* Returns whether there was a policy to take out of force. */
static bool vseg_off_locked(struct vseg_net *vn, struct vseg_how *how)
{
	struct vseg_policy *policy = vseg_policy_locked(vn);
	u8 next = !vn->cursor;
	struct vseg_bridge *br;

	how->generation = vn->generation;
	if (!policy)
		return false;

	vseg_undo_keep(vn, policy->tables, 0);
	list_for_each_entry(br, &vn->bridges, in_net) {
		br->leaving = true;
		vseg_publish_bridge(br, next);
	}
	vseg_swap(vn, NULL, next);
	how->generation = vn->generation;
	vseg_history_add(vn, how, 0);
	vseg_genl_config_notify(vn, VSEG_CONFIG_EVENT_OFF, vn->generation,
				NULL, NULL);
	return true;
}

/**
 * vseg_off - take the policy out of force and let the module go
 * @vn: namespace
 * @how: what came of it
 *
 * No policy in force is no error.
 *
 * Context: vseg_net.commit_lock held, neither rtnl nor vseg_net.lock.
 * Return: 0.
 */
int vseg_off(struct vseg_net *vn, struct vseg_how *how)
{
	bool was;

	lockdep_assert_held(&vn->commit_lock);

	vseg_settle_now(vn);
	rtnl_lock();
	mutex_lock(&vn->lock);
	was = vseg_off_locked(vn, how);
	mutex_unlock(&vn->lock);
	rtnl_unlock();

	vseg_settle_now(vn);
	vseg_state_clear(vn);
	if (was)
		vseg_history_audit(vn, how, 0);
	if (vn->held) {
		vn->held = false;
		/* Neither a request nor our workqueue outlives the module's
		 * exit, and one of them runs this.
		 */
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
	err = vseg_pairs_init(vn) ?: vseg_events_init(vn) ?:
	      vseg_history_init(vn);
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
	vseg_undo_net_init(vn);
}

/**
 * vseg_commit_net_exit - nothing is in force any more
 * @vn: namespace
 *
 * Context: process, may sleep; no request runs any more.
 */
void vseg_commit_net_exit(struct vseg_net *vn)
{
	struct vseg_how how = { .op = VSEG_LOG_OP_OFF };

	vseg_undo_stop(vn);
	cancel_work_sync(&vn->settle_work);
	mutex_lock(&vn->commit_lock);
	vseg_off(vn, &how);
	vseg_undo_forget(vn);
	vseg_hooks_unregister(vn);
	vseg_route_settle(vn, NULL);
	mutex_unlock(&vn->commit_lock);
}
