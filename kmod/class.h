/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a frame is, from its bytes.
 *
 * Pure: no device, no skb, no netlink.
 */
#ifndef VSEG_CLASS_H
#define VSEG_CLASS_H

#include "policy.h"

/* Enough for the longest header that a class looks at. */
#define VSEG_CLASS_BYTES	128

/**
 * vseg_class_of - which built-in pass could know a frame
 * @data: the frame from its Ethernet header on, without VLAN tags that the
 *	skb carries beside it
 * @avail: bytes readable at @data, %VSEG_CLASS_BYTES or more of a longer frame
 * @len: bytes of the frame
 *
 * Return: the class; %VSEG_CLASS_OTHER for a frame whose payload isn't exactly
 * what its type promises.
 */
enum vseg_class vseg_class_of(const u8 *data, unsigned int avail,
			      unsigned int len);

#endif /* VSEG_CLASS_H */
