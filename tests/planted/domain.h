/* SPDX-License-Identifier: GPL-2.0 */
#include <linux/rcupdate.h>
#include <linux/slab.h>

#include "planted.h"

/* domain-kept: a domain is never freed. */
#undef kfree_rcu
#define kfree_rcu(ptr, head)					\
	do {							\
		if (!planted("domain-kept"))			\
			kvfree_rcu_arg_2(ptr, head);		\
	} while (0)
