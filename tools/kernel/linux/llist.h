/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VSEGCTL_LINUX_LLIST_H
#define VSEGCTL_LINUX_LLIST_H

struct llist_node {
	struct llist_node *next;
};

struct llist_head {
	struct llist_node *first;
};

#endif /* VSEGCTL_LINUX_LLIST_H */
