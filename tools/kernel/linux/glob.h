/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VSEGCTL_LINUX_GLOB_H
#define VSEGCTL_LINUX_GLOB_H

#include <stdbool.h>

bool glob_match(const char *pat, const char *str);

#endif /* VSEGCTL_LINUX_GLOB_H */
