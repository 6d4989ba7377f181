/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VSEGCTL_LINUX_HASH_H
#define VSEGCTL_LINUX_HASH_H

#include <linux/types.h>

static inline u32 hash_32(u32 value, unsigned int bits)
{
	return value * 0x61c88647u >> (32 - bits);
}

#endif /* VSEGCTL_LINUX_HASH_H */
