/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Putting a transaction in force, and taking the policy out of force.
 */
#ifndef VSEG_COMMIT_H
#define VSEG_COMMIT_H

#include "txn.h"

/**
 * struct vseg_how - how to commit, and what came of it
 * @flags: enum vseg_txn_flags
 * @confirm: seconds to confirm it within, or 0
 * @op: enum vseg_log_op
 * @generation: result: the generation in force
 * @warnings: result: enum vseg_warning
 */
struct vseg_how {
	u32 flags;
	u32 confirm;
	u8 op;
	u64 generation;
	u32 warnings;
};

int vseg_commit(struct vseg_txn *txn, struct vseg_how *how,
		struct netlink_ext_ack *extack);
int vseg_off(struct vseg_net *vn, struct vseg_how *how);
void vseg_commit_net_init(struct vseg_net *vn);
void vseg_commit_net_exit(struct vseg_net *vn);
int vseg_commit_prepare_net(struct vseg_net *vn);

#endif /* VSEG_COMMIT_H */
