/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VSEGCTL_LINUX_STRING_H
#define VSEGCTL_LINUX_STRING_H

#include <stdio.h>
#include <string.h>

static inline void strscpy(char *to, const char *from, size_t size)
{
	snprintf(to, size, "%s", from);
}

#endif /* VSEGCTL_LINUX_STRING_H */
