// SPDX-License-Identifier: GPL-2.0
/*
 * Transactions: edits that come into force together or not at all.
 *
 * A transaction belongs to the socket that began it.  Port ids are handed out
 * again before the release of a socket is told, so it is the socket itself
 * that is compared.
 */
#include <linux/moduleparam.h>
#include <linux/random.h>
#include <net/sock.h>

#include "txn.h"

#define TXN_IDLE_MIN	1
#define TXN_IDLE_MAX	3600

static unsigned int txn_idle = 60;

static int set_txn_idle(const char *val, const struct kernel_param *kp)
{
	return param_set_uint_minmax(val, kp, TXN_IDLE_MIN, TXN_IDLE_MAX);
}

static const struct kernel_param_ops txn_idle_ops = {
	.set = set_txn_idle,
	.get = param_get_uint,
};

module_param_cb(txn_idle, &txn_idle_ops, &txn_idle, 0644);
MODULE_PARM_DESC(txn_idle, "seconds without an edit after which an open transaction is aborted (1 to 3600, default 60)");

/* Never zero, never used twice, and not to be guessed by another socket. */
static u64 vseg_txn_cookie(struct vseg_net *vn)
{
	struct vseg_txn *txn;
	u64 cookie;

again:
	cookie = get_random_u64();
	if (!cookie)
		goto again;
	list_for_each_entry(txn, &vn->txns, in_net)
		if (txn->cookie == cookie)
			goto again;
	return cookie;
}

/**
 * vseg_txn_bind_free - free a bind and what it owns
 * @tb: bind, in no list
 */
void vseg_txn_bind_free(struct vseg_txn_bind *tb)
{
	vseg_bind_clear(&tb->bind);
	kfree(tb);
}

static void vseg_txn_init(struct vseg_txn *txn, struct vseg_net *vn)
{
	memset(txn, 0, sizeof(*txn));
	INIT_LIST_HEAD(&txn->binds);
	INIT_LIST_HEAD(&txn->bindings);
	txn->vn = vn;
	txn->base = vn->generation;
	txn->used = jiffies;
	list_add_tail(&txn->in_net, &vn->txns);
}

/* Forgets all edits. */
static void vseg_txn_release(struct vseg_txn *txn)
{
	struct vseg_txn_bind *tb, *next;

	lockdep_assert_held(&txn->vn->lock);

	list_del(&txn->in_net);
	list_for_each_entry_safe(tb, next, &txn->binds, list) {
		list_del(&tb->list);
		vseg_txn_bind_free(tb);
	}
	vseg_tables_put(txn->tables);
}

/**
 * vseg_txn_begin_single - a transaction of one edit
 * @txn: on the caller's stack
 * @vn: namespace
 *
 * It is in the list, so that it learns of ports that go.
 *
 * Context: vseg_net.commit_lock and vseg_net.lock held.
 */
void vseg_txn_begin_single(struct vseg_txn *txn, struct vseg_net *vn)
{
	lockdep_assert_held(&vn->commit_lock);
	lockdep_assert_held(&vn->lock);

	vseg_txn_init(txn, vn);
	txn->committing = true;
}

/**
 * vseg_txn_end_single - end a transaction of one edit
 * @txn: transaction
 *
 * Context: vseg_net.lock held.
 */
void vseg_txn_end_single(struct vseg_txn *txn)
{
	vseg_txn_release(txn);
}

/**
 * vseg_txn_begin - begin a transaction
 * @vn: namespace
 * @sk: socket that it belongs to
 * @cookie: result: its name
 * @generation: result: the generation that it is based on
 * @extack: told why not
 *
 * Context: vseg_net.lock held.
 * Return: 0, -ENOMEM, or -EBUSY when too many are open.
 */
int vseg_txn_begin(struct vseg_net *vn, struct sock *sk, u64 *cookie,
		   u64 *generation, struct netlink_ext_ack *extack)
{
	struct vseg_txn *txn;
	unsigned int n = 0;
	u64 cookie_new;

	lockdep_assert_held(&vn->lock);

	list_for_each_entry(txn, &vn->txns, in_net)
		n++;
	if (n >= VSEG_MAX_TXNS) {
		NL_SET_ERR_MSG(extack,
			       "too many open transactions; commit or abort one");
		return -EBUSY;
	}

	txn = kzalloc(sizeof(*txn), GFP_KERNEL_ACCOUNT);
	if (!txn)
		return -ENOMEM;
	cookie_new = vseg_txn_cookie(vn);
	vseg_txn_init(txn, vn);
	txn->cookie = cookie_new;
	txn->sk = sk;
	sock_hold(sk);
	queue_delayed_work(vseg_wq, &vn->txn_idle, HZ);

	*cookie = txn->cookie;
	*generation = txn->base;
	return 0;
}

/**
 * vseg_txn_find - the open transaction of a socket by its cookie
 * @vn: namespace
 * @sk: socket that asks
 * @cookie: cookie
 *
 * Context: vseg_net.lock held.
 * Return: the transaction, or NULL when the socket has none of that name.
 */
struct vseg_txn *vseg_txn_find(struct vseg_net *vn, struct sock *sk,
			       u64 cookie)
{
	struct vseg_txn *txn;

	lockdep_assert_held(&vn->lock);

	list_for_each_entry(txn, &vn->txns, in_net) {
		if (txn->cookie == cookie && txn->sk == sk &&
		    !txn->committing) {
			txn->used = jiffies;
			return txn;
		}
	}
	return NULL;
}

/**
 * vseg_txn_abort - end a transaction; what it hasn't committed is forgotten
 * @txn: transaction made by vseg_txn_begin(); gone afterwards
 *
 * Context: vseg_net.lock held.
 */
void vseg_txn_abort(struct vseg_txn *txn)
{
	lockdep_assert_held(&txn->vn->lock);

	vseg_txn_release(txn);
	sock_put(txn->sk);
	kfree(txn);
}

/**
 * vseg_txn_tables - the policy as a transaction's edits have made it so far
 * @txn: transaction
 *
 * Context: vseg_net.lock held.
 * Return: the tables, or NULL when there is no policy yet.
 */
const struct vseg_tables *vseg_txn_tables(const struct vseg_txn *txn)
{
	struct vseg_policy *policy;

	if (txn->tables)
		return txn->tables;
	policy = vseg_policy_locked(txn->vn);
	return policy ? policy->tables : NULL;
}

/**
 * vseg_txn_current - is a transaction still based on the policy in force?
 * @txn: transaction
 * @extack: told when not
 *
 * Context: vseg_net.lock held.
 * Return: 0, or -ESTALE when another commit came first.
 */
int vseg_txn_current(const struct vseg_txn *txn, struct netlink_ext_ack *extack)
{
	if (txn->base == txn->vn->generation)
		return 0;
	NL_SET_ERR_MSG(extack, "another commit came first; begin again");
	return -ESTALE;
}

/**
 * vseg_txn_edit - make sure that a transaction has a policy of its own to edit
 * @txn: transaction
 * @extack: told why not
 *
 * Context: vseg_net.lock held; may sleep.
 * Return: 0, -ENOMEM, -ESTALE when another commit came first, or -EBUSY while
 * a commit waits for its confirmation.
 */
int vseg_txn_edit(struct vseg_txn *txn, struct netlink_ext_ack *extack)
{
	const struct vseg_tables *from = vseg_txn_tables(txn);
	int err = vseg_txn_current(txn, extack);

	if (err)
		return err;
	if (txn->vn->undo.pending) {
		NL_SET_ERR_MSG(extack,
			       "a commit waits for its confirmation; confirm it or roll it back first");
		return -EBUSY;
	}
	if (txn->tables)
		return 0;

	txn->tables = from ? vseg_tables_copy(from) :
			     vseg_tables_alloc(VSEG_GFP_TABLE);
	return txn->tables ? 0 : -ENOMEM;
}

/**
 * vseg_txn_bind_find - the bind of a device in a transaction
 * @txn: transaction
 * @dev: device
 *
 * Return: the bind, or NULL.
 */
struct vseg_txn_bind *vseg_txn_bind_find(struct vseg_txn *txn,
					 const struct net_device *dev)
{
	struct vseg_txn_bind *tb;

	list_for_each_entry(tb, &txn->binds, list)
		if (tb->dev == dev && !tb->gone)
			return tb;
	return NULL;
}

/**
 * vseg_txn_port_gone - a device leaves its bridge
 * @vn: namespace
 * @dev: device
 *
 * A commit must not bind what comes after it under the same index or name.
 *
 * Context: rtnl and vseg_net.lock held.
 */
void vseg_txn_port_gone(struct vseg_net *vn, const struct net_device *dev)
{
	struct vseg_txn_bind *tb;
	struct vseg_txn *txn;

	lockdep_assert_held(&vn->lock);

	list_for_each_entry(txn, &vn->txns, in_net) {
		tb = vseg_txn_bind_find(txn, dev);
		if (tb)
			tb->gone = true;
	}
}

/**
 * vseg_txn_socket_gone - abort the transactions of sockets that were closed
 * @vn: namespace
 *
 * Context: process, may sleep.
 */
void vseg_txn_socket_gone(struct vseg_net *vn)
{
	struct vseg_txn *txn, *next;

	mutex_lock(&vn->lock);
	list_for_each_entry_safe(txn, next, &vn->txns, in_net)
		if (!txn->committing && sock_flag(txn->sk, SOCK_DEAD))
			vseg_txn_abort(txn);
	mutex_unlock(&vn->lock);
}

/* Once a second while there are any: the limit may change meanwhile. */
static void vseg_txn_idle_work(struct work_struct *work)
{
	struct vseg_net *vn = container_of(to_delayed_work(work),
					   struct vseg_net, txn_idle);
	unsigned long limit = READ_ONCE(txn_idle) * HZ;
	struct vseg_txn *txn, *next;

	mutex_lock(&vn->lock);
	list_for_each_entry_safe(txn, next, &vn->txns, in_net)
		if (!txn->committing &&
		    time_after_eq(jiffies, txn->used + limit))
			vseg_txn_abort(txn);
	if (!list_empty(&vn->txns))
		queue_delayed_work(vseg_wq, &vn->txn_idle, HZ);
	mutex_unlock(&vn->lock);
}

/**
 * vseg_txn_net_init - get a namespace's transactions ready
 * @vn: namespace
 */
void vseg_txn_net_init(struct vseg_net *vn)
{
	INIT_LIST_HEAD(&vn->txns);
	INIT_DELAYED_WORK(&vn->txn_idle, vseg_txn_idle_work);
}

/**
 * vseg_txn_net_exit - no transaction is left
 * @vn: namespace
 *
 * Their sockets hold the namespace, so there is none but on module removal.
 *
 * Context: process, may sleep; no request runs any more.
 */
void vseg_txn_net_exit(struct vseg_net *vn)
{
	struct vseg_txn *txn, *next;

	mutex_lock(&vn->lock);
	list_for_each_entry_safe(txn, next, &vn->txns, in_net)
		vseg_txn_abort(txn);
	mutex_unlock(&vn->lock);
	cancel_delayed_work_sync(&vn->txn_idle);
}
