// SPDX-License-Identifier: GPL-2.0
/*
 * The policy before the one in force, and going back to it: by an operator, or
 * by the kernel when a commit isn't confirmed in time.
 *
 * The timer runs in the kernel, by CLOCK_BOOTTIME: it goes on when the command
 * that committed dies, the network is cut by the very policy that waits, or
 * the host sleeps.
 */
#include <linux/ktime.h>

#include "commit.h"
#include "genl.h"
#include "history.h"
#include "undo.h"

/* After a rollback that found no memory. */
#define VSEG_UNDO_RETRY_SECS	1

/**
 * vseg_undo_keep - keep the policy that a commit takes out of force
 * @vn: namespace
 * @old: its tables, or NULL when there was none
 * @confirm: seconds until the kernel goes back to it, or 0
 *
 * Context: vseg_net.commit_lock and vseg_net.lock held, before the swap.
 */
void vseg_undo_keep(struct vseg_net *vn, struct vseg_tables *old, u32 confirm)
{
	struct vseg_undo *undo = &vn->undo;
	struct vseg_tables *before = undo->tables;

	lockdep_assert_held(&vn->lock);

	if (old)
		refcount_inc(&old->ref);
	undo->tables = old;
	undo->generation = vn->generation;
	undo->valid = true;
	vseg_tables_put(before);

	undo->pending = confirm;
	/* Not hrtimer_cancel(): a callback that runs only queues work, and
	 * that looks at @pending.
	 */
	hrtimer_try_to_cancel(&undo->timer);
	if (!confirm)
		return;
	undo->deadline = ktime_add(ktime_get_boottime(),
				   ktime_set(confirm, 0));
	hrtimer_start(&undo->timer, undo->deadline, HRTIMER_MODE_ABS);
}

/**
 * vseg_undo_left - time left to confirm the last commit
 * @vn: namespace
 *
 * Context: vseg_net.lock held.
 * Return: seconds, rounded up; 0 when nothing waits, at least 1 otherwise.
 */
u32 vseg_undo_left(const struct vseg_net *vn)
{
	s64 left;

	if (!vn->undo.pending)
		return 0;
	left = ktime_to_ms(ktime_sub(vn->undo.deadline, ktime_get_boottime()));
	return left <= 0 ? 1 : DIV_ROUND_UP((u32)left, MSEC_PER_SEC);
}

/**
 * vseg_undo_confirm - keep the policy that waits for its confirmation
 * @vn: namespace
 * @generation: the one that is meant, or 0 for the one in force
 * @extack: told why not
 *
 * Context: vseg_net.commit_lock held, not vseg_net.lock.
 * Return: 0, -ENOENT when none waits, -ESTALE when another one is in force.
 */
int vseg_undo_confirm(struct vseg_net *vn, u64 generation,
		      struct netlink_ext_ack *extack)
{
	struct vseg_how how = { .op = VSEG_LOG_OP_CONFIRM };
	int err = 0;

	mutex_lock(&vn->lock);
	how.generation = vn->generation;
	if (!vn->undo.pending) {
		NL_SET_ERR_MSG(extack, "no commit waits for a confirmation");
		err = -ENOENT;
	} else if (generation && generation != vn->generation) {
		NL_SET_ERR_MSG(extack, "another generation is in force");
		err = -ESTALE;
	} else {
		vn->undo.pending = false;
		hrtimer_try_to_cancel(&vn->undo.timer);
		vseg_history_add(vn, &how, 0);
		vseg_genl_config_notify(vn, VSEG_CONFIG_EVENT_CONFIRM,
					vn->generation, NULL, NULL);
	}
	mutex_unlock(&vn->lock);
	if (!err)
		vseg_history_audit(vn, &how, 0);
	return err;
}

/* A transaction of the old tables, on the stack. */
static int vseg_undo_commit(struct vseg_net *vn, struct vseg_how *how,
			    struct netlink_ext_ack *extack)
{
	struct vseg_txn txn;
	int err;

	mutex_lock(&vn->lock);
	vseg_txn_begin_single(&txn, vn);
	txn.rollback = true;
	txn.tables = vn->undo.tables;
	refcount_inc(&txn.tables->ref);
	mutex_unlock(&vn->lock);

	err = vseg_commit(&txn, how, extack);

	mutex_lock(&vn->lock);
	vseg_txn_end_single(&txn);
	mutex_unlock(&vn->lock);
	return err;
}

/**
 * vseg_undo_rollback - go back to the policy before the last one
 * @vn: namespace
 * @how: op, and what came of it
 * @extack: told why not
 *
 * It is a new generation; another rollback goes back to what it replaced.
 *
 * Context: vseg_net.commit_lock held, neither rtnl nor vseg_net.lock.
 * Return: 0, or a negative errno with the policy in force untouched.
 */
int vseg_undo_rollback(struct vseg_net *vn, struct vseg_how *how,
		       struct netlink_ext_ack *extack)
{
	lockdep_assert_held(&vn->commit_lock);

	/* Under commit_lock nobody else changes them. */
	if (!vn->undo.valid) {
		NL_SET_ERR_MSG(extack, "there is no policy to go back to");
		return -ENOENT;
	}
	if (!vn->undo.tables)
		return vseg_off(vn, how);
	return vseg_undo_commit(vn, how, extack);
}

static bool vseg_undo_due(const struct vseg_net *vn)
{
	return vn->undo.pending &&
	       ktime_compare(ktime_get_boottime(), vn->undo.deadline) >= 0;
}

static void vseg_undo_work(struct work_struct *work)
{
	struct vseg_net *vn = container_of(work, struct vseg_net, undo.work);
	struct vseg_how how = { .op = VSEG_LOG_OP_EXPIRED };

	mutex_lock(&vn->commit_lock);
	if (vseg_undo_due(vn) && vseg_undo_rollback(vn, &how, NULL)) {
		net_warn_ratelimited("vseg: no memory to go back to the policy before; trying again\n");
		hrtimer_start(&vn->undo.timer,
			      ktime_add(ktime_get_boottime(),
					ktime_set(VSEG_UNDO_RETRY_SECS, 0)),
			      HRTIMER_MODE_ABS);
	}
	mutex_unlock(&vn->commit_lock);
}

static enum hrtimer_restart vseg_undo_timer(struct hrtimer *timer)
{
	struct vseg_net *vn = container_of(timer, struct vseg_net, undo.timer);

	queue_work(vseg_wq, &vn->undo.work);
	return HRTIMER_NORESTART;
}

/**
 * vseg_undo_net_init - get a namespace's rollback ready
 * @vn: namespace
 */
void vseg_undo_net_init(struct vseg_net *vn)
{
	INIT_WORK(&vn->undo.work, vseg_undo_work);
	vseg_hrtimer_setup(&vn->undo.timer, vseg_undo_timer, CLOCK_BOOTTIME,
			   HRTIMER_MODE_ABS);
}

/**
 * vseg_undo_stop - the kernel goes back no longer
 * @vn: namespace
 *
 * Context: process, may sleep; no request runs any more.
 */
void vseg_undo_stop(struct vseg_net *vn)
{
	mutex_lock(&vn->commit_lock);
	vn->undo.pending = false;
	mutex_unlock(&vn->commit_lock);
	/* Nothing is due, so the work starts no timer that outlives it. */
	hrtimer_cancel(&vn->undo.timer);
	cancel_work_sync(&vn->undo.work);
}

/**
 * vseg_undo_forget - there is nothing to go back to
 * @vn: namespace
 *
 * Context: process, may sleep; no request runs any more.
 */
void vseg_undo_forget(struct vseg_net *vn)
{
	vseg_tables_put(vn->undo.tables);
	vn->undo.tables = NULL;
	vn->undo.valid = false;
}
