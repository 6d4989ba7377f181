/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VSEGCTL_LINUX_STRINGHASH_H
#define VSEGCTL_LINUX_STRINGHASH_H

#include <linux/hash.h>

/* Where a name stands in a table is nobody's business: FNV-1a will do. */
static inline unsigned int full_name_hash(const void *salt, const char *name,
					  unsigned int len)
{
	u32 hash = 0x811c9dc5;

	(void)salt;
	while (len--)
		hash = (hash ^ (unsigned char)*name++) * 0x01000193u;
	return hash;
}

#endif /* VSEGCTL_LINUX_STRINGHASH_H */
