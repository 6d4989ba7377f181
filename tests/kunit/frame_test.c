// SPDX-License-Identifier: GPL-2.0
/*
 * What a frame says of itself: a row for each kind, and any frame compared with
 * the model, cut at every byte and changed.
 */
#include <kunit/test.h>

#include "../../kmod/frame.c"
#include "../../kmod/packet.c"

#include "frame_rows.h"
#include "frames.h"
#include "model_frame.h"
#include "random.h"

#define TEXT		256

static const char * const troubles[] = {
	"", "SHORT", "TAGS", "LLC", "TUNNEL", "IP", "LENGTH", "EXTENSIONS",
	"ROUTE", "FRAGMENT", "PROTOCOL",
};

static const char * const fragments[] = { "whole", "first", "later" };

/**
 * struct text - fields in words
 * @at: end of what is written
 * @buf: what is written
 * @fields: what they are taken from
 */
struct text {
	size_t at;
	char buf[TEXT];
	const struct vseg_fields *fields;
};

/* "name=value", "name=?" or nothing */
static __printf(4, 5) void text_field(struct text *t, u16 field,
				      const char *name, const char *format, ...)
{
	va_list args;

	if (!((t->fields->known | t->fields->unknown) & field))
		return;
	t->at += scnprintf(t->buf + t->at, TEXT - t->at, "%s=", name);
	va_start(args, format);
	if (t->fields->known & field)
		t->at += vscnprintf(t->buf + t->at, TEXT - t->at, format, args);
	else
		t->at += scnprintf(t->buf + t->at, TEXT - t->at, "? ");
	va_end(args);
}

static void text_address(struct text *t, u16 field, const char *name,
			 const struct vseg_address *address)
{
	if (t->fields->version == 4)
		text_field(t, field, name, "%llx ", address->lo);
	else
		text_field(t, field, name, "%llx:%llx ", address->hi,
			   address->lo);
}

static const char *text_of(struct text *t, const struct vseg_fields *f)
{
	t->at = 0;
	t->fields = f;
	text_field(t, VSEG_FIELD(ETHERTYPE), "type", "%x ", f->ethertype);
	text_address(t, VSEG_FIELD(SOURCE), "src", &f->src);
	text_address(t, VSEG_FIELD(DESTINATION), "dst", &f->dst);
	text_field(t, VSEG_FIELD(FRAGMENT), "frag", "%s ",
		   fragments[f->fragment]);
	text_field(t, VSEG_FIELD(PROTOCOL), "proto", "%u ", f->protocol);
	text_field(t, VSEG_FIELD(SOURCE_PORT), "sport", "%u ", f->sport);
	text_field(t, VSEG_FIELD(DESTINATION_PORT), "dport", "%u ", f->dport);
	text_field(t, VSEG_FIELD(TCP_FLAGS), "flags", "%x ", f->tcp_flags);
	text_field(t, VSEG_FIELD(ICMP), "icmp", "%u.%u ", f->icmp >> 8,
		   f->icmp & 0xff);
	scnprintf(t->buf + t->at, TEXT - t->at, "%s", troubles[f->trouble]);
	return t->buf;
}

/**
 * struct bench - what a test of frames works with
 * @test: the test
 * @copy: memory of exactly @size bytes, so that KASAN sees a look beyond it
 * @size: bytes of @copy
 * @frame: the frame
 * @fields: what the module says of it
 * @model: what the model says
 * @text: the module's in words
 */
struct bench {
	struct kunit *test;
	u8 *copy;
	size_t size;
	struct frame frame;
	struct vseg_fields fields;
	struct model_fields model;
	struct text text;
};

static struct bench *bench_new(struct kunit *test)
{
	struct bench *b = kunit_kzalloc(test, sizeof(*b), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, b);
	b->test = test;
	return b;
}

static void row_frame(const struct frame_row *row, struct frame *f)
{
	memcpy(f->data, row->bytes, row->n);
	memset(f->data + row->n, 0, row->pad);
	f->len = row->n + row->pad;
	f->end = row->n;
}

/* At @avail bytes of a frame of @len; nothing of @fields stays. */
static void look_at(struct bench *b, size_t avail, size_t len)
{
	if (!b->copy || b->size != avail) {
		if (b->copy)
			kunit_kfree(b->test, b->copy);
		b->copy = kunit_kmalloc(b->test, avail, GFP_KERNEL);
		b->size = avail;
		KUNIT_ASSERT_NOT_NULL(b->test, b->copy);
	}
	memcpy(b->copy, b->frame.data, avail);
	memset(&b->fields, 0xaa, sizeof(b->fields));
	vseg_frame_describe(b->copy, avail, len, 7, &b->fields);
}

static void compare(struct bench *b, size_t avail, size_t len, const char *name,
		    unsigned int i)
{
	const char *differs;

	look_at(b, avail, len);
	model_describe(b->frame.data, avail, len, 7, &b->model);
	differs = model_differs(&b->model, &b->fields);
	KUNIT_ASSERT_NULL_MSG(b->test, differs,
			      "%s: %s, %s, %zu of %zu bytes: %s, %*ph", name,
			      differs, case_name(i), avail, len,
			      text_of(&b->text, &b->fields),
			      (int)min_t(size_t, len, 64), b->frame.data);
}

static const void *row_next(const void *prev, char *desc)
{
	const struct frame_row *row = prev ? prev + sizeof(*row) : frame_rows;

	if (row == frame_rows + frame_nrows)
		return NULL;
	strscpy(desc, row->name, KUNIT_PARAM_DESC_SIZE);
	return row;
}

/* A row is what its words say, to the module and to the model. */
static void frame_row(struct kunit *test)
{
	const struct frame_row *row = test->param_value;
	struct bench *b = bench_new(test);

	row_frame(row, &b->frame);
	compare(b, b->frame.len, b->frame.len, row->name, 0);
	KUNIT_EXPECT_STREQ(test, text_of(&b->text, &b->fields), row->want);
	KUNIT_EXPECT_EQ(test, b->fields.vlan, 7);
}

/* Fewer bytes make fields unknown, or a shorter frame of it. */
static void cut(struct bench *b, const char *name, unsigned int i)
{
	struct vseg_fields whole;
	size_t len = b->frame.len, n;

	look_at(b, len, len);
	whole = b->fields;
	for (n = 0; n <= len; n++) {
		compare(b, n, n, name, i);
		compare(b, n, len, name, i);
		KUNIT_ASSERT_EQ_MSG(b->test, 0, b->fields.known & ~whole.known,
				    "%s, %zu readable", name, n);
		if (!b->fields.unknown)
			KUNIT_ASSERT_TRUE(b->test,
					  model_same(&b->fields, &whole));
	}
}

static void frame_row_cut(struct kunit *test)
{
	const struct frame_row *row = test->param_value;
	struct bench *b = bench_new(test);

	row_frame(row, &b->frame);
	cut(b, row->name, 0);
}

/* Every bit of every row turned. */
static void frame_row_bits(struct kunit *test)
{
	const struct frame_row *row = test->param_value;
	struct bench *b = bench_new(test);
	size_t bit;

	for (bit = 0; bit < row->n * 8; bit++) {
		row_frame(row, &b->frame);
		b->frame.data[bit / 8] ^= BIT(bit % 8);
		compare(b, b->frame.len, b->frame.len, row->name, bit);
	}
}

/* Whatever is behind the IP packet changes nothing. */
static void frame_behind(struct kunit *test)
{
	struct bench *b = bench_new(test);
	struct vseg_fields before;
	struct rnd_state rnd;
	unsigned int i;

	for (i = 0; i < test_cases * 4; i++) {
		random_case(&rnd, __func__, i);
		frame_any(&b->frame, &rnd);
		look_at(b, b->frame.len, b->frame.len);
		if (!b->fields.version)
			continue;
		before = b->fields;
		prandom_bytes_state(&rnd, b->frame.data + before.end,
				    b->frame.len - before.end);
		look_at(b, b->frame.len, b->frame.len);
		KUNIT_ASSERT_TRUE_MSG(test, model_same(&b->fields, &before),
				      "%s", case_name(i));
	}
}

/* Any frame, and any of the kinds that passes know. */
static void frame_any_case(struct kunit *test)
{
	struct bench *b = bench_new(test);
	struct rnd_state rnd;
	unsigned int i;
	size_t avail;

	for (i = 0; i < test_cases * 20; i++) {
		random_case(&rnd, __func__, i);
		if (rarely(&rnd, 10))
			frame_kinds[below(&rnd, frame_nkinds)].make(&b->frame,
								    &rnd);
		else
			frame_any(&b->frame, &rnd);
		avail = b->frame.len;
		if (rarely(&rnd, 8))
			avail = below(&rnd, avail + 1);
		compare(b, avail, b->frame.len, "any", i);
	}
}

static void frame_any_cut(struct kunit *test)
{
	struct bench *b = bench_new(test);
	struct rnd_state rnd;
	unsigned int i;

	for (i = 0; i < test_cases / 10; i++) {
		random_case(&rnd, __func__, i);
		frame_any(&b->frame, &rnd);
		cut(b, "any", i);
	}
}

static struct kunit_case frame_cases[] = {
	KUNIT_CASE_PARAM(frame_row, row_next),
	KUNIT_CASE_PARAM(frame_row_cut, row_next),
	KUNIT_CASE_PARAM(frame_row_bits, row_next),
	KUNIT_CASE(frame_behind),
	KUNIT_CASE(frame_any_case),
	KUNIT_CASE(frame_any_cut),
	{}
};

static struct kunit_suite frame_suite = {
	.name = "vseg_frame",
	.test_cases = frame_cases,
};

kunit_test_suite(frame_suite);
