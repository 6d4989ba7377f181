/* SPDX-License-Identifier: GPL-2.0 */
/* What macros of kmod/compat.h stand for to Coccinelle, which does not read it. */
#define vseg_unset
