/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VSEGCTL_TXN_H
#define VSEGCTL_TXN_H

#include "ctl.h"

int txn_begin(struct ctl *c, const char *where, struct txn *txn);
int txn_edits(struct ctl *c, const char *where, const struct txn *txn,
	      struct edit *edit, size_t n);
int txn_commit(struct ctl *c, const char *where, const struct txn *txn,
	       uint32_t flags, uint32_t confirm, struct txn *done);

#endif /* VSEGCTL_TXN_H */
