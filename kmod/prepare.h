/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The first step of a commit: all that can fail.
 */
#ifndef VSEG_PREPARE_H
#define VSEG_PREPARE_H

#include "txn.h"

bool vseg_hooks_wanted(const struct vseg_net *vn, const struct vseg_tables *t);
int vseg_prepare(struct vseg_txn *txn, struct vseg_tables *t, u8 next,
		 struct netlink_ext_ack *extack);
void vseg_prepare_undo(struct vseg_txn *txn, u8 next);

#endif /* VSEG_PREPARE_H */
