// SPDX-License-Identifier: GPL-2.0
/*
 * What a frame is, from its bytes: all kinds, cut, padded and changed.
 */
#include "../../kmod/class.c"
#include "../../kmod/class_udp.c"

#include "frames.h"
#include "look.h"
#include "random.h"

/* Frames of each kind for a test that tries everything with each of them. */
#define SAMPLES		6

/* Of a longer frame, the bytes that are changed one by one. */
#define CHANGED_MAX	160

static const void *kind_next(const void *prev, char *desc)
{
	const struct frame_kind *kind = prev ? prev + sizeof(*kind) :
					       frame_kinds;

	if (kind == frame_kinds + frame_nkinds)
		return NULL;
	strscpy(desc, kind->name, KUNIT_PARAM_DESC_SIZE);
	return kind;
}

/* Those that a pass knows; they come first. */
static const void *known_next(const void *prev, char *desc)
{
	const struct frame_kind *kind = kind_next(prev, desc);

	return kind && kind->kind != MODEL_OTHER ? kind : NULL;
}

static struct frame *frame_of(struct kunit *test)
{
	struct frame *f = kunit_kzalloc(test, sizeof(*f), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, f);
	return f;
}

/* Each kind is taken for what it is, whatever it leaves open. */
static void frame_known(struct kunit *test)
{
	const struct frame_kind *kind = test->param_value;
	struct look *look = look_new(test);
	struct frame *f = frame_of(test);
	struct rnd_state rnd;
	unsigned int i;

	for (i = 0; i < test_cases; i++) {
		random_case(&rnd, kind->name, i);
		kind->make(f, &rnd);
		KUNIT_ASSERT_EQ_MSG(test,
				    look_at(look, f->data, f->len, f->len),
				    kind->kind, "%s", case_name(i));
		KUNIT_ASSERT_EQ_MSG(test, model_class(f->data, f->len, f->len),
				    kind->kind, "model, %s",
				    case_name(i));
	}
}

/* Where less of a frame can be read than its message has, it isn't known,
 * whether the rest of it is elsewhere or not there at all.
 */
static void frame_cut(struct kunit *test)
{
	const struct frame_kind *kind = test->param_value;
	struct look *look = look_new(test);
	struct frame *f = frame_of(test);
	enum model_kind want;
	struct rnd_state rnd;
	unsigned int i;
	size_t n;

	for (i = 0; i < SAMPLES; i++) {
		random_case(&rnd, kind->name, i);
		kind->make(f, &rnd);
		for (n = 0; n <= f->len; n++) {
			want = n < f->end ? MODEL_OTHER : kind->kind;
			KUNIT_ASSERT_EQ_MSG(test, look_at(look, f->data, n, n),
					    want, "%zu of %zu bytes, %s",
					    n, f->len, case_name(i));
			KUNIT_ASSERT_EQ_MSG(test,
					    look_at(look, f->data, n, f->len),
					    want,
					    "%zu of %zu readable, %s",
					    n, f->len, case_name(i));
		}
	}
}

/* Only a frame that is short on the wire may have something behind it. */
static void frame_padded(struct kunit *test)
{
	const struct frame_kind *kind = test->param_value;
	struct look *look = look_new(test);
	struct frame *f = frame_of(test);
	enum model_kind want;
	struct rnd_state rnd;
	unsigned int i;

	for (i = 0; i < SAMPLES; i++) {
		random_case(&rnd, kind->name, i);
		kind->make(f, &rnd);
		for (f->len = f->end; f->len < f->end + 70;
		     frame_pad(f, &rnd, 1)) {
			want = f->len == f->end || f->len <= 64 ? kind->kind :
								  MODEL_OTHER;
			KUNIT_ASSERT_EQ_MSG(test,
					    look_at(look, f->data, f->len,
						    f->len), want,
					    "%zu bytes, %zu used, %s",
					    f->len, f->end, case_name(i));
			/* The padding needn't be readable. */
			KUNIT_ASSERT_EQ(test, want,
					look_at(look, f->data, f->end, f->len));
		}
	}
}

static void frame_compare(struct look *look, const struct frame *f,
			  size_t avail, const char *what, unsigned int i)
{
	enum model_kind want = model_class(f->data, avail, f->len);

	KUNIT_ASSERT_EQ_MSG(look->test,
			    look_at(look, f->data, avail, f->len), want,
			    "%s, %zu of %zu bytes, %s: %*ph", what,
			    avail, f->len, case_name(i),
			    (int)min_t(size_t, f->len, 64), f->data);
}

/* Every bit turned, with the checksums wrong by it and made right again. */
static void frame_bits(struct kunit *test)
{
	const struct frame_kind *kind = test->param_value;
	struct look *look = look_new(test);
	struct frame *f = frame_of(test), *changed = frame_of(test);
	struct rnd_state rnd;
	unsigned int i, bit;

	for (i = 0; i < SAMPLES; i++) {
		random_case(&rnd, kind->name, i);
		kind->make(f, &rnd);
		for (bit = 0; bit < min_t(size_t, f->len, CHANGED_MAX) * 8;
		     bit++) {
			*changed = *f;
			changed->data[bit / 8] ^= BIT(bit % 8);
			frame_compare(look, changed, f->len, kind->name, i);
			frame_sum(changed);
			frame_compare(look, changed, f->len, kind->name, i);
		}
	}
}

/* Values that a length, a type or an address may begin to mean something at. */
static u8 random_byte(struct rnd_state *rnd)
{
	static const u8 edges[] = {
		0, 1, 2, 3, 4, 5, 8, 16, 35, 36, 64, 127, 128, 224, 254, 255,
	};

	if (rarely(rnd, 2))
		return edges[below(rnd, ARRAY_SIZE(edges))];
	return prandom_u32_state(rnd);
}

static void change(struct frame *f, struct rnd_state *rnd)
{
	size_t at, n;

	if (!f->len)
		return;
	at = below(rnd, min_t(size_t, f->len, CHANGED_MAX));
	switch (below(rnd, 6)) {
	case 0:
		f->data[at] ^= BIT(below(rnd, 8));
		break;
	case 1:
		f->data[at]++;
		break;
	case 2:
		f->data[at]--;
		break;
	case 3:	/* a piece of it once more, elsewhere */
		n = below(rnd, min_t(size_t, f->len - at, 17));
		memmove(f->data + below(rnd, f->len - n + 1), f->data + at, n);
		break;
	default:
		f->data[at] = random_byte(rnd);
	}
}

static void resize(struct frame *f, struct rnd_state *rnd)
{
	size_t n = between(rnd, 1, rarely(rnd, 2) ? 4 : 32);

	if (rarely(rnd, 2))
		f->len -= min(n, f->len);
	else
		frame_pad(f, rnd, min(n, FRAME_MAX - f->len));
}

/* Changed at random, the module and the model agree. */
static void frame_changed(struct kunit *test)
{
	const struct frame_kind *kind;
	struct look *look = look_new(test);
	struct frame *f = frame_of(test);
	struct rnd_state rnd;
	unsigned int i, n;
	size_t avail;

	for (i = 0; i < test_cases * 10; i++) {
		random_case(&rnd, __func__, i);
		kind = &frame_kinds[below(&rnd, frame_nkinds)];
		kind->make(f, &rnd);
		for (n = below(&rnd, 4); n; n--)
			change(f, &rnd);
		if (rarely(&rnd, 4))
			resize(f, &rnd);
		if (!rarely(&rnd, 4))
			frame_sum(f);
		avail = f->len;
		if (rarely(&rnd, 4))
			avail = between(&rnd, min_t(size_t, avail, 128), avail);
		frame_compare(look, f, avail, kind->name, i);
	}
}

static struct kunit_case frame_cases[] = {
	KUNIT_CASE_PARAM(frame_known, kind_next),
	KUNIT_CASE_PARAM(frame_cut, kind_next),
	KUNIT_CASE_PARAM(frame_padded, known_next),
	KUNIT_CASE_PARAM(frame_bits, kind_next),
	KUNIT_CASE(frame_changed),
	{}
};

static struct kunit_suite class_suite = {
	.name = "vseg_class",
	.test_cases = frame_cases,
};

kunit_test_suite(class_suite);
