/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VSEGCTL_LINUX_BUILD_BUG_H
#define VSEGCTL_LINUX_BUILD_BUG_H

#define static_assert(expr)	_Static_assert(expr, #expr)

#endif /* VSEGCTL_LINUX_BUILD_BUG_H */
