/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VSEGCTL_LINUX_KERNEL_H
#define VSEGCTL_LINUX_KERNEL_H

#include <errno.h>
#include <string.h>
#include <linux/types.h>

/* The module counts in 64 bits; what a file says is counted nowhere. */
#define CONFIG_64BIT		1

#ifndef ARRAY_SIZE
#define ARRAY_SIZE(a)		(sizeof(a) / sizeof((a)[0]))
#endif

#ifndef BIT
#define BIT(n)			(1UL << (n))
#endif
#ifndef min_t
#define min_t(type, a, b) ({						\
	type __a = (a);							\
	type __b = (b);							\
									\
	__a < __b ? __a : __b;						\
})
/* Names of its own, since one may stand in the other. */
#define min(a, b) ({							\
	typeof(a) __min_a = (a);					\
	typeof(b) __min_b = (b);					\
									\
	__min_a < __min_b ? __min_a : __min_b;				\
})
#endif
#ifndef max_t
#define max_t(type, a, b) ({						\
	type __a = (a);							\
	type __b = (b);							\
									\
	__a > __b ? __a : __b;						\
})
#endif
#ifndef BIT_ULL
#define BIT_ULL(n)		(1ULL << (n))
#endif
#ifndef DIV_ROUND_UP
#define DIV_ROUND_UP(n, d)	(((n) + (d) - 1) / (d))
#endif
#define U8_MAX			UINT8_MAX
#define U16_MAX			UINT16_MAX
#define U32_MAX			UINT32_MAX
#define sizeof_field(type, member)	sizeof(((type *)0)->member)

#define likely(x)		__builtin_expect(!!(x), 1)
#define unlikely(x)		__builtin_expect(!!(x), 0)
#define noinline			__attribute__((noinline))
#define READ_ONCE(x)		(x)
#define __aligned(x)		__attribute__((aligned(x)))

#define container_of(ptr, type, member) \
	((type *)((char *)(ptr) - offsetof(type, member)))

/* An error where a pointer is returned: in the last page, where nothing is. */
static inline void *ERR_PTR(long error)
{
	return (void *)error;
}

static inline bool IS_ERR(const void *p)
{
	return (uintptr_t)p >= (uintptr_t)-4095;
}

#endif /* VSEGCTL_LINUX_KERNEL_H */
