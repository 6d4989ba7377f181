/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VSEGCTL_LINUX_BITMAP_H
#define VSEGCTL_LINUX_BITMAP_H

#include <limits.h>

#define BITS_PER_LONG		__LONG_WIDTH__
#define DECLARE_BITMAP(name, bits) \
	unsigned long name[((bits) + BITS_PER_LONG - 1) / BITS_PER_LONG]

static inline int test_bit(unsigned long nr, const unsigned long *p)
{
	return p[nr / BITS_PER_LONG] >> nr % BITS_PER_LONG & 1;
}

static inline void __set_bit(unsigned long nr, unsigned long *p)
{
	p[nr / BITS_PER_LONG] |= 1UL << nr % BITS_PER_LONG;
}

static inline void __clear_bit(unsigned long nr, unsigned long *p)
{
	p[nr / BITS_PER_LONG] &= ~(1UL << nr % BITS_PER_LONG);
}

static inline void __assign_bit(unsigned long nr, unsigned long *p, int set)
{
	if (set)
		__set_bit(nr, p);
	else
		__clear_bit(nr, p);
}

#endif /* VSEGCTL_LINUX_BITMAP_H */
