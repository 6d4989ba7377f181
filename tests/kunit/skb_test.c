// SPDX-License-Identifier: GPL-2.0
/*
 * What a frame is, wherever its bytes lie in an skb.
 */
#include <kunit/test.h>

#include "../../kmod/skb.c"

#include "frames.h"
#include "look.h"
#include "model_frame.h"
#include "random.h"

static void skb_free(void *skb)
{
	kfree_skb(skb);
}

/* The first @linear bytes of a frame beside its skb, the rest in a page. */
static struct sk_buff *skb_of(struct kunit *test, const struct frame *f,
			      unsigned int linear)
{
	struct sk_buff *skb = alloc_skb(linear, GFP_KERNEL);
	struct page *page;

	KUNIT_ASSERT_NOT_NULL(test, skb);
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, skb_free, skb));
	skb_put_data(skb, f->data, linear);
	if (linear < f->len) {
		page = alloc_page(GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, page);
		memcpy(page_address(page) + 77, f->data + linear,
		       f->len - linear);
		skb_add_rx_frag(skb, 0, page, 77, f->len - linear, PAGE_SIZE);
	}
	skb_reset_mac_header(skb);
	return skb;
}

/* The bridge hands its own BPDUs on with the Ethernet header, all else
 * without.  However the bytes lie, all of them are looked at.
 */
static void skb_class(struct kunit *test)
{
	struct frame *f = kunit_kzalloc(test, sizeof(*f), GFP_KERNEL);
	struct rnd_state rnd;
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, f);
	for (i = 0; i < test_cases; i++) {
		const struct frame_kind *kind;
		struct sk_buff *skb;
		enum model_kind want;
		size_t linear;

		random_case(&rnd, __func__, i);
		kind = &frame_kinds[below(&rnd, frame_nkinds)];
		kind->make(f, &rnd);
		if (f->len < ETH_HLEN)
			continue;
		linear = rarely(&rnd, 3) ? f->len :
					   between(&rnd, ETH_HLEN, f->len);
		want = model_class(f->data, f->len, f->len);

		skb = skb_of(test, f, linear);
		if (!rarely(&rnd, 3))
			__skb_pull(skb, ETH_HLEN);
		KUNIT_ASSERT_EQ_MSG(test, vseg_skb_len(skb), f->len, "%s",
				    case_name(i));
		KUNIT_ASSERT_EQ_MSG(test, look_class(vseg_skb_class(skb)), want,
				    "%s, %zu of %zu linear, %s",
				    kind->name, linear, f->len, case_name(i));
		kunit_release_action(test, skb_free, skb);
	}
}

/* A frame says the same, wherever its bytes lie. */
static void skb_fields(struct kunit *test)
{
	struct frame *f = kunit_kzalloc(test, sizeof(*f), GFP_KERNEL);
	struct vseg_fields want, fields;
	struct rnd_state rnd;
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, f);
	for (i = 0; i < test_cases; i++) {
		struct sk_buff *skb;
		size_t linear;

		random_case(&rnd, __func__, i);
		frame_any(f, &rnd);
		if (f->len < ETH_HLEN)
			continue;
		linear = rarely(&rnd, 3) ? f->len :
					   between(&rnd, ETH_HLEN, f->len);
		vseg_frame_describe(f->data, f->len, f->len, 9, &want);
		skb = skb_of(test, f, linear);
		if (!rarely(&rnd, 3))
			__skb_pull(skb, ETH_HLEN);
		memset(&fields, 0xaa, sizeof(fields));
		vseg_skb_describe(skb, 9, &fields);
		KUNIT_ASSERT_TRUE_MSG(test, model_same(&fields, &want),
				      "%zu of %zu linear, %s", linear, f->len,
				      case_name(i));
		kunit_release_action(test, skb_free, skb);
	}
}

/* The outer tag, beside the frame or in it. */
static const struct tag_row {
	const char *name;
	u16 beside;
	u8 bytes[8];
	unsigned int n;
	u16 want;
} tags[] = {
	{ "none", 0, { 0x08, 0x00, 0x45, 0x00 }, 46, 0 },
	{ "in it", 0, { 0x81, 0x00, 0x00, 0x05, 0x08, 0x00 }, 50, 5 },
	{ "in it with a priority", 0, { 0x81, 0x00, 0xef, 0xff, 0x08, 0x00 },
	  50, 4095 },
	{ "in it of a provider", 0, { 0x88, 0xa8, 0x00, 0x07, 0x81, 0x00, 0, 9 },
	  50, 7 },
	{ "in it for a priority alone", 0, { 0x81, 0x00, 0xe0, 0x00, 8, 0 }, 50,
	  0 },
	{ "beside it", 12, { 0x08, 0x00, 0x45, 0x00 }, 46, 12 },
	{ "beside it and in it", 12, { 0x81, 0x00, 0x00, 0x05, 8, 0 }, 50, 12 },
	{ "in it, of another protocol", 0, { 0x91, 0x00, 0x00, 0x05, 8, 0 }, 50,
	  0 },
	{ "in it, cut", 0, { 0x81, 0x00, 0x00, 0x05, 0x08 }, 5, 0 },
};

KUNIT_ARRAY_PARAM_DESC(tags, tags, name);

static void skb_tag(struct kunit *test)
{
	const struct tag_row *row = test->param_value;
	struct frame *f = kunit_kzalloc(test, sizeof(*f), GFP_KERNEL);
	unsigned int linear;

	KUNIT_ASSERT_NOT_NULL(test, f);
	f->len = AT_PROTO + row->n;
	memcpy(f->data + AT_PROTO, row->bytes, sizeof(row->bytes));
	for (linear = ETH_HLEN; linear <= f->len; linear++) {
		struct sk_buff *skb = skb_of(test, f, linear);

		__skb_pull(skb, ETH_HLEN);
		if (row->beside)
			__vlan_hwaccel_put_tag(skb, htons(ETH_P_8021Q),
					       row->beside);
		KUNIT_EXPECT_EQ_MSG(test, vseg_skb_tag(skb), row->want,
				    "%u bytes linear", linear);
		kunit_release_action(test, skb_free, skb);
	}
}

static struct kunit_case skb_cases[] = {
	KUNIT_CASE(skb_class),
	KUNIT_CASE(skb_fields),
	KUNIT_CASE_PARAM(skb_tag, tags_gen_params),
	{}
};

static struct kunit_suite skb_suite = {
	.name = "vseg_skb",
	.test_cases = skb_cases,
};

kunit_test_suite(skb_suite);
