/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a frame is, from its bytes.
 *
 * Pure: no device, no skb, no netlink.
 */
#ifndef VSEG_CLASS_H
#define VSEG_CLASS_H

#include "policy.h"

/* Enough to tell what a frame could be, and all of most messages. */
#define VSEG_CLASS_BYTES	128

/* The longest frame that could be one: of an MTU of 1,500, and a tag. */
#define VSEG_CLASS_BYTES_MAX	1518

enum vseg_class vseg_class_of(const u8 *data, unsigned int avail,
			      unsigned int len);
bool vseg_class_wants(const u8 *data, unsigned int avail);

#endif /* VSEG_CLASS_H */
