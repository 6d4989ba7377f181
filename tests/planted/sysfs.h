/* SPDX-License-Identifier: GPL-2.0 */
#include <linux/rcupdate.h>

#include "planted.h"

/* reader-unlocked: nothing holds off the end of a grace period. */
static inline void planted_rcu_read_lock(void)
{
	if (!planted("reader-unlocked"))
		rcu_read_lock();
}

static inline void planted_rcu_read_unlock(void)
{
	if (!planted("reader-unlocked"))
		rcu_read_unlock();
}

#define rcu_read_lock() planted_rcu_read_lock()
#define rcu_read_unlock() planted_rcu_read_unlock()
