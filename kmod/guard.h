/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The guard: what a guest may send by its port.
 *
 * Pure: no device, no skb, no netlink.
 */
#ifndef VSEG_GUARD_H
#define VSEG_GUARD_H

#include "guest.h"

bool vseg_guard_quick(struct vseg_guest guest, const u8 *data,
		      unsigned int avail, unsigned int len);
u8 vseg_guard_check(const struct vseg_guest *guest, const u8 *data,
		    unsigned int avail, unsigned int len, u32 *roles);
u8 vseg_guard_reason(u8 reason, u32 roles, u32 permit);

#endif /* VSEG_GUARD_H */
