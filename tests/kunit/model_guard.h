/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a guest may send, once more.
 */
#ifndef VSEG_TEST_MODEL_GUARD_H
#define VSEG_TEST_MODEL_GUARD_H

#include "../../kmod/frame.h"

/* Addresses of each kind that a guest of a test has at most. */
#define MODEL_ADDRESSES	4

/**
 * struct model_prefix - IP addresses
 * @bytes: of an address: 4 or 16
 * @bits: that count
 * @address: the address, the bits that don't count are zero
 */
struct model_prefix {
	unsigned int bytes;
	unsigned int bits;
	u8 address[16];
};

/**
 * struct model_guest - what is known of a guest
 * @nmacs: number of @mac
 * @nprefixes: number of @prefix
 * @mac: MAC addresses
 * @prefix: IP addresses
 */
struct model_guest {
	unsigned int nmacs;
	unsigned int nprefixes;
	u8 mac[MODEL_ADDRESSES][6];
	struct model_prefix prefix[MODEL_ADDRESSES];
};

u8 model_guard(const struct model_guest *guest, const u8 *data, size_t avail,
	       size_t len, u32 *roles);

#endif /* VSEG_TEST_MODEL_GUARD_H */
