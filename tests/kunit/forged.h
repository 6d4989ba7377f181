/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Rows of what isn't quite what a built-in pass lets through, and what still
 * is: each takes a good frame and changes one thing.
 */
#ifndef VSEG_TEST_FORGED_H
#define VSEG_TEST_FORGED_H

#include <kunit/test.h>

#include "frames.h"
#include "look.h"
#include "random.h"

#define FORGED_NAME	48
#define FORGED_BYTES	8

/**
 * struct forged - a frame with something wrong, or something allowed
 * @name: what it shows
 * @make: makes a good frame
 * @want: what it is taken for
 * @at: bytes from here on are replaced
 * @n: so many
 * @bytes: by these
 * @spoil: does the same where bytes don't say it
 * @sums: its checksums are left as they are; else they are made right
 */
struct forged {
	char name[FORGED_NAME];
	void (*make)(struct frame *f, struct rnd_state *rnd);
	enum model_kind want;
	unsigned int at;
	unsigned int n;
	u8 bytes[FORGED_BYTES];
	void (*spoil)(struct frame *f);
	bool sums;
};

#define FORGED(_make, _want, _name, ...) {				\
	.name = _name, .make = frame_##_make, .want = _want, __VA_ARGS__ }
#define BYTES(_at, ...)							\
	.at = _at, .n = sizeof((u8[]){ __VA_ARGS__ }), .bytes = { __VA_ARGS__ }

/* With some values of what the protocol leaves open. */
static inline void forged_look(struct kunit *test)
{
	const struct forged *row = test->param_value;
	struct frame *f = kunit_kzalloc(test, sizeof(*f), GFP_KERNEL);
	struct look *look = look_new(test);
	struct rnd_state rnd;
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, f);
	for (i = 0; i < 20; i++) {
		random_case(&rnd, row->name, i);
		row->make(f, &rnd);
		memcpy(f->data + row->at, row->bytes, row->n);
		if (row->spoil)
			row->spoil(f);
		if (!row->sums)
			frame_sum(f);
		KUNIT_ASSERT_EQ_MSG(test, look_at(look, f->data, f->len, f->len),
				    row->want, "%s: %*ph", case_name(i),
				    (int)min_t(size_t, f->len, 64), f->data);
		KUNIT_ASSERT_EQ_MSG(test, model_class(f->data, f->len, f->len),
				    row->want, "model, %s",
				    case_name(i));
	}
}

#endif /* VSEG_TEST_FORGED_H */
