/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The policy before the one in force, and going back to it.
 */
#ifndef VSEG_UNDO_H
#define VSEG_UNDO_H

#include "vseg.h"

struct netlink_ext_ack;
struct vseg_how;

void vseg_undo_keep(struct vseg_net *vn, struct vseg_tables *old, u32 confirm);
int vseg_undo_confirm(struct vseg_net *vn, u64 generation,
		      struct netlink_ext_ack *extack);
int vseg_undo_rollback(struct vseg_net *vn, struct vseg_how *how,
		       struct netlink_ext_ack *extack);
u32 vseg_undo_left(const struct vseg_net *vn);

void vseg_undo_net_init(struct vseg_net *vn);
void vseg_undo_stop(struct vseg_net *vn);
void vseg_undo_forget(struct vseg_net *vn);

#endif /* VSEG_UNDO_H */
