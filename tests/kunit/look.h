/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the module takes a frame for.
 */
#ifndef VSEG_TEST_LOOK_H
#define VSEG_TEST_LOOK_H

#include <kunit/test.h>

#include "../../kmod/class.h"
#include "model.h"

/**
 * struct look - memory to look at
 * @test: test that has it
 * @copy: memory of exactly @size bytes, so that KASAN sees a look beyond it
 * @size: bytes of @copy
 *
 * The same memory serves for as long as the size stays: with all the checks of
 * a debug kernel, allocating takes longer than looking.
 */
struct look {
	struct kunit *test;
	u8 *copy;
	size_t size;
};

static inline struct look *look_new(struct kunit *test)
{
	struct look *look = kunit_kzalloc(test, sizeof(*look), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, look);
	look->test = test;
	return look;
}

static inline enum model_kind look_class(u8 class)
{
	switch (class) {
	case VSEG_CLASS_RESOLUTION:
		return MODEL_RESOLUTION;
	case VSEG_CLASS_BPDU:
		return MODEL_BPDU;
	case VSEG_CLASS_QUERY:
		return MODEL_QUERY;
	case VSEG_CLASS_DHCP_REQUEST:
		return MODEL_DHCP_REQUEST;
	case VSEG_CLASS_DHCP_REPLY:
		return MODEL_DHCP_REPLY;
	case VSEG_CLASS_DHCPV6_REQUEST:
		return MODEL_DHCPV6_REQUEST;
	case VSEG_CLASS_DHCPV6_REPLY:
		return MODEL_DHCPV6_REPLY;
	case VSEG_CLASS_ROUTER_SOLICITATION:
		return MODEL_ROUTER_SOLICITATION;
	case VSEG_CLASS_ROUTER_ADVERTISEMENT:
		return MODEL_ROUTER_ADVERTISEMENT;
	case VSEG_CLASS_MDNS:
		return MODEL_MDNS;
	}
	return MODEL_OTHER;
}

/* At @avail bytes of a frame of @len. */
static inline enum model_kind look_at(struct look *look, const u8 *data,
				      size_t avail, size_t len)
{
	if (!look->copy || look->size != avail) {
		if (look->copy)
			kunit_kfree(look->test, look->copy);
		look->copy = kunit_kmalloc(look->test, avail, GFP_KERNEL);
		look->size = avail;
		KUNIT_ASSERT_NOT_NULL(look->test, look->copy);
	}
	memcpy(look->copy, data, avail);
	return look_class(vseg_class_of(look->copy, avail, len));
}

#endif /* VSEG_TEST_LOOK_H */
