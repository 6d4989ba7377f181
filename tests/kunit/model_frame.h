/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a frame says of itself, once more.
 */
#ifndef VSEG_TEST_MODEL_FRAME_H
#define VSEG_TEST_MODEL_FRAME_H

#include "../../kmod/frame.h"

/**
 * struct model_value - a field
 * @has: the frame has it
 * @told: and it can be told
 * @hi: upper half of an IPv6 address
 * @lo: its value
 */
struct model_value {
	bool has;
	bool told;
	u64 hi;
	u64 lo;
};

/**
 * struct model_fields - a frame by its fields
 * @value: by enum vseg_match_field
 * @version: as in struct vseg_fields
 * @network: likewise
 * @transport: likewise
 * @end: likewise
 */
struct model_fields {
	struct model_value value[__VSEG_MATCH_FIELD_MAX];
	unsigned int version;
	size_t network;
	size_t transport;
	size_t end;
};

void model_describe(const u8 *data, size_t avail, size_t len, u16 vlan,
		    struct model_fields *fields);
const char *model_differs(const struct model_fields *model,
			  const struct vseg_fields *fields);
bool model_same(const struct vseg_fields *a, const struct vseg_fields *b);

#endif /* VSEG_TEST_MODEL_FRAME_H */
