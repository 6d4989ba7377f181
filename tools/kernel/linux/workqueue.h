/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VSEGCTL_LINUX_WORKQUEUE_H
#define VSEGCTL_LINUX_WORKQUEUE_H

struct work_struct {
	void *unused;
};

struct rcu_work {
	void *unused;
};

#endif /* VSEGCTL_LINUX_WORKQUEUE_H */
