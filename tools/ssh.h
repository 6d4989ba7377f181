/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VSEGCTL_SSH_H
#define VSEGCTL_SSH_H

#include "ctl.h"
#include "policy.h"

/**
 * struct ssh_how - what may happen all the same
 * @confirm: the kernel will go back by itself: what can't be told may be
 * @force: everything
 * @only: nothing will be committed: say what would be, and no more
 */
struct ssh_how {
	bool confirm;
	bool force;
	bool only;
};

int ssh_guard(struct ctl *c, const struct args *a, uint64_t cookie,
	      const struct policy *want, const struct ssh_how *how);

#endif /* VSEGCTL_SSH_H */
