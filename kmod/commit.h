/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Putting a transaction in force, and taking the policy out of force.
 */
#ifndef VSEG_COMMIT_H
#define VSEG_COMMIT_H

#include "txn.h"

int vseg_commit(struct vseg_txn *txn, u32 flags,
		struct netlink_ext_ack *extack, u64 *generation, u32 *warnings);
int vseg_off(struct vseg_net *vn, u64 *generation);
void vseg_commit_net_init(struct vseg_net *vn);
void vseg_commit_net_exit(struct vseg_net *vn);
int vseg_commit_prepare_net(struct vseg_net *vn);

#endif /* VSEG_COMMIT_H */
