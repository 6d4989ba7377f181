/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Makes an allocation of the source under test fail, the one that a test names.
 * To be included just before that source.
 */
#ifndef VSEG_TEST_MEMORY_H
#define VSEG_TEST_MEMORY_H

#include <kunit/test.h>
#include <linux/percpu.h>
#include <linux/slab.h>

/* Allocations until the one that fails; negative when none does. */
extern int test_memory;

/* The exit function of a suite: a test that failed may have left it set. */
static inline void memory_enough(struct kunit *test)
{
	test_memory = -1;
}

static inline bool memory_fails(void)
{
	return test_memory >= 0 && !test_memory--;
}

static inline void *memory_kzalloc(size_t size, gfp_t gfp)
{
	return memory_fails() ? NULL : kzalloc(size, gfp);
}

static inline void *memory_kvmalloc(size_t size, gfp_t gfp)
{
	return memory_fails() ? NULL : kvmalloc(size, gfp);
}

static inline void *memory_kvcalloc(size_t n, size_t size, gfp_t gfp)
{
	return memory_fails() ? NULL : kvcalloc(n, size, gfp);
}

static inline void *memory_kvmalloc_array(size_t n, size_t size, gfp_t gfp)
{
	return memory_fails() ? NULL : kvmalloc_array(n, size, gfp);
}

static inline void __percpu *memory_percpu(size_t size, size_t align, gfp_t gfp)
{
	return memory_fails() ? NULL : __alloc_percpu_gfp(size, align, gfp);
}

#undef kzalloc
#undef kvmalloc
#undef kvzalloc
#undef kvcalloc
#undef kvmalloc_array
#undef alloc_percpu_gfp
#define kzalloc(size, gfp)		memory_kzalloc(size, gfp)
#define kvmalloc(size, gfp)		memory_kvmalloc(size, gfp)
#define kvzalloc(size, gfp)		memory_kvmalloc(size, (gfp) | __GFP_ZERO)
#define kvcalloc(n, size, gfp)		memory_kvcalloc(n, size, gfp)
#define kvmalloc_array(n, size, gfp)	memory_kvmalloc_array(n, size, gfp)
#define alloc_percpu_gfp(type, gfp)					\
	((typeof(type) __percpu *)memory_percpu(sizeof(type),		\
						__alignof__(type), gfp))

#endif /* VSEG_TEST_MEMORY_H */
