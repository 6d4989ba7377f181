/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A policy in force on a bridge, and what its ports are to carry.
 */
#ifndef VSEG_TEST_FORCE_H
#define VSEG_TEST_FORCE_H

#include "../../kmod/commit.h"
#include "../../kmod/txn.h"
#include "bridge.h"

#define DEVICES		5
#define DOMAINS		4

/**
 * struct force - a policy in force, and what ports carry under it
 * @bridge: the bridge
 * @dev: devices that may be ports
 * @port: their ports; NULL when they are none
 * @old: number of the domain that each carries under the policy in force
 * @new: the same under the one that is being committed
 * @domain: domains; the first is "unlabelled"
 * @generation: of the policy in force
 * @leaves: the commit takes the bridge away
 * @published: the last commit was told of
 * @confirm: seconds to confirm the next commit within, or 0
 * @no_vlans: VLANs can't be read
 * @no_hooks: hooks can't be registered
 */
struct force {
	struct bridge *bridge;
	struct net_device *dev[DEVICES];
	struct vseg_port *port[DEVICES];
	unsigned int old[DEVICES];
	unsigned int new[DEVICES];
	struct vseg_domain *domain[DOMAINS];
	u64 generation;
	bool leaves;
	bool published;
	u32 confirm;
	bool no_vlans;
	bool no_hooks;
};

extern struct force *force;

void force_new(struct kunit *test);
void force_carries(u8 cursor, const unsigned int *number, const char *when);
void force_join(unsigned int at);
void force_leave(unsigned int at);

void force_begin(struct vseg_txn *txn);
int force_edit(struct vseg_txn *txn);
struct vseg_txn_bind *force_bind(struct vseg_txn *txn, unsigned int at, u8 kind,
				 unsigned int to);
int force_commit(struct vseg_txn *txn, u32 flags);
void force_end(struct vseg_txn *txn);

#endif /* VSEG_TEST_FORCE_H */
