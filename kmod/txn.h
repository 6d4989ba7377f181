/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Transactions: edits that come into force together or not at all.
 */
#ifndef VSEG_TXN_H
#define VSEG_TXN_H

#include <linux/netlink.h>

#include "port.h"

/**
 * struct vseg_txn - a transaction
 * @in_net: in vseg_net.txns
 * @vn: namespace
 * @cookie: names it; 0 for the transaction of a single edit
 * @sk: socket that began it; holds a reference; NULL for a single edit
 * @base: generation that it is based on
 * @tables: private copy of the policy, made by the first edit of the policy
 * @binds: struct vseg_txn_bind, at most one for each device
 * @bindings: bindings that its commit has prepared, by vseg_binding.pending
 * @edits: edits that it was made of
 * @used: jiffies of the last edit
 * @committing: its commit runs, and ends it
 * @rollback: it brings a policy back that was in force before: ports lose
 *	explicit bindings to domains that this policy doesn't have
 *
 * All under vseg_net.lock.
 */
struct vseg_txn {
	struct list_head in_net;
	struct vseg_net *vn;
	u64 cookie;
	struct sock *sk;
	u64 base;
	struct vseg_tables *tables;
	struct list_head binds;
	struct list_head bindings;
	u32 edits;
	unsigned long used;
	bool committing;
	bool rollback;
};

/**
 * struct vseg_txn_bind - a port to be bound by a commit
 * @list: in vseg_txn.binds
 * @dev: the port's device; not to be touched once @gone
 * @bind: what to bind it to; owns @bind.domain and @bind.map
 * @gone: the port has left its bridge since
 */
struct vseg_txn_bind {
	struct list_head list;
	struct net_device *dev;
	struct vseg_bind bind;
	bool gone;
};

int vseg_txn_begin(struct vseg_net *vn, struct sock *sk, u64 *cookie,
		   u64 *generation, struct netlink_ext_ack *extack);
struct vseg_txn *vseg_txn_find(struct vseg_net *vn, struct sock *sk,
			       u64 cookie);
void vseg_txn_abort(struct vseg_txn *txn);

void vseg_txn_begin_single(struct vseg_txn *txn, struct vseg_net *vn);
void vseg_txn_end_single(struct vseg_txn *txn);

int vseg_txn_current(const struct vseg_txn *txn,
		     struct netlink_ext_ack *extack);
int vseg_txn_edit(struct vseg_txn *txn, struct netlink_ext_ack *extack);
const struct vseg_tables *vseg_txn_tables(const struct vseg_txn *txn);
struct vseg_txn_bind *vseg_txn_bind_find(struct vseg_txn *txn,
					 const struct net_device *dev);
void vseg_txn_bind_free(struct vseg_txn_bind *tb);

void vseg_txn_port_gone(struct vseg_net *vn, const struct net_device *dev);
void vseg_txn_socket_gone(struct vseg_net *vn);
void vseg_txn_net_init(struct vseg_net *vn);
void vseg_txn_net_exit(struct vseg_net *vn);

#endif /* VSEG_TXN_H */
