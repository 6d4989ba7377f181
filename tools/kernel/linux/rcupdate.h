/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VSEGCTL_LINUX_RCUPDATE_H
#define VSEGCTL_LINUX_RCUPDATE_H

#include <stdlib.h>

struct rcu_head {
	void *unused;
};

/* No reader is left behind in one thread. */
#define kfree_rcu(p, member)	free(p)

#endif /* VSEGCTL_LINUX_RCUPDATE_H */
