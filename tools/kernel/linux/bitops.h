/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VSEGCTL_LINUX_BITOPS_H
#define VSEGCTL_LINUX_BITOPS_H

#include <linux/bitmap.h>
#include <linux/kernel.h>

#define hweight16(x)		((unsigned int)__builtin_popcount(x))
#define hweight64(x)		((unsigned int)__builtin_popcountll(x))
#define __ffs64(x)		((unsigned int)__builtin_ctzll(x))

#endif /* VSEGCTL_LINUX_BITOPS_H */
