/* SPDX-License-Identifier: GPL-2.0 */
#include <linux/mutex.h>
#include <linux/spinlock.h>

#include "planted.h"

/* mutex-in-spinlock: who counts a dropped frame's pair may sleep. */
static DEFINE_MUTEX(planted_mutex);

static inline void planted_lock(spinlock_t *lock)
{
	spin_lock_bh(lock);
	if (planted("mutex-in-spinlock")) {
		mutex_lock(&planted_mutex);
		mutex_unlock(&planted_mutex);
	}
}

#define spin_lock_bh(lock) planted_lock(lock)
