/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VSEGCTL_LINUX_REFCOUNT_H
#define VSEGCTL_LINUX_REFCOUNT_H

#include <linux/types.h>

/* One thread. */
typedef struct {
	unsigned int refs;
} refcount_t;

static inline void refcount_set(refcount_t *r, unsigned int n)
{
	r->refs = n;
}

static inline unsigned int refcount_read(const refcount_t *r)
{
	return r->refs;
}

static inline void refcount_inc(refcount_t *r)
{
	r->refs++;
}

static inline bool refcount_dec_and_test(refcount_t *r)
{
	return !--r->refs;
}

#endif /* VSEGCTL_LINUX_REFCOUNT_H */
