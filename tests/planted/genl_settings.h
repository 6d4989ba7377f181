/* SPDX-License-Identifier: GPL-2.0 */
#include <linux/mutex.h>

#include "../vseg.h"
#include "planted.h"

/* locks-swapped: who reads the settings takes the lock of commits last. */
static inline void planted_lock(struct mutex *lock)
{
	struct vseg_net *vn = container_of(lock, struct vseg_net, lock);

	mutex_lock(lock);
	if (planted("locks-swapped")) {
		mutex_lock(&vn->commit_lock);
		mutex_unlock(&vn->commit_lock);
	}
}

#undef mutex_lock
#define mutex_lock(lock) planted_lock(lock)
