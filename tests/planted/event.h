/* SPDX-License-Identifier: GPL-2.0 */
#include <linux/slab.h>

#include "planted.h"

/* ring-short: the queue of events is smaller than its mask says. */
static inline void *planted_kvzalloc(size_t size, gfp_t gfp)
{
	return kvzalloc(planted("ring-short") ? size / 64 : size, gfp);
}

#undef kvzalloc
#define kvzalloc(size, gfp) planted_kvzalloc(size, gfp)
