// SPDX-License-Identifier: GPL-2.0
/*
 * Labels in skb->mark.
 */
#include "../../kmod/mark.c"

#include <kunit/test.h>

#include "random.h"

/* All masks in one piece are those of 0 to 1,023; 0 for none of them. */
#define MASKS		(32 * 32)

static u32 mask_of(unsigned int i)
{
	unsigned int low = i / 32, width = i % 32 + 1;

	return low + width > 32 ? 0 : GENMASK(low + width - 1, low);
}

static void mark_masks(struct kunit *test)
{
	unsigned int i;
	u32 mask, hole;

	for (i = 0; i < MASKS; i++) {
		mask = mask_of(i);
		KUNIT_EXPECT_TRUE_MSG(test, vseg_mark_mask_ok(mask),
				      "%#x is in one piece", mask);
		if (hweight32(mask) < 3)
			continue;
		hole = mask & ~(2 << __ffs(mask));
		KUNIT_EXPECT_FALSE_MSG(test, vseg_mark_mask_ok(hole),
				       "%#x has a hole", hole);
	}
	KUNIT_EXPECT_TRUE(test, vseg_mark_mask_ok(0));
	KUNIT_EXPECT_FALSE(test, vseg_mark_mask_ok(0x80000001));
}

/* What fits: as many slots as there are values but 0. */
static void mark_room(struct kunit *test)
{
	unsigned int i;
	u32 mask, room;

	for (i = 0; i < MASKS; i++) {
		mask = mask_of(i);
		if (!mask)
			continue;
		room = mask >> __ffs(mask);
		KUNIT_EXPECT_TRUE(test, vseg_mark_fits(mask, room));
		if (room < U32_MAX)
			KUNIT_EXPECT_FALSE(test,
					   vseg_mark_fits(mask, room + 1));
	}
	KUNIT_EXPECT_FALSE(test, vseg_mark_fits(0, 1));
}

/* Each slot that fits is read as it was written; the other bits stay; all
 * values differ, and none is 0.
 */
static void mark_one_mask(struct kunit *test, struct rnd_state *rnd, u32 mask,
			  u32 room, u32 key)
{
	struct vseg_mark mark;
	u32 slot, other, value;
	u32 seen = 0;

	vseg_mark_init(&mark, mask, key);
	for (slot = 0; slot < room; slot++) {
		other = prandom_u32_state(rnd);
		value = vseg_mark_write(&mark, other, slot);
		KUNIT_ASSERT_EQ_MSG(test, vseg_mark_read(&mark, value), slot,
				    "mask %#x, key %#x", mask, key);
		KUNIT_ASSERT_EQ(test, value & ~mask, other & ~mask);
		KUNIT_ASSERT_NE(test, value & mask, 0);
		if (room <= 31) {
			value = (value & mask) >> mark.shift;
			KUNIT_ASSERT_FALSE(test, seen & BIT(value));
			seen |= BIT(value);
		}
	}
}

static void mark_labels(struct kunit *test)
{
	struct rnd_state rnd;
	unsigned int i;
	u32 mask, room;

	random_case(&rnd, "mark_labels", 0);
	for (i = 0; i < MASKS; i++) {
		mask = mask_of(i);
		if (!mask)
			continue;
		room = min(mask >> __ffs(mask), 4000u);
		mark_one_mask(test, &rnd, mask, room,
			      prandom_u32_state(&rnd));
		mark_one_mask(test, &rnd, mask, room, 0);
		mark_one_mask(test, &rnd, mask, room, U32_MAX);
	}
}

/* A mark without a label has none, and what no slot can be isn't one. */
static void mark_none(struct kunit *test)
{
	struct vseg_mark mark;
	struct rnd_state rnd;
	u32 i, valid = 0;

	random_case(&rnd, "mark_none", 0);
	vseg_mark_init(&mark, 0xff000, prandom_u32_state(&rnd));
	KUNIT_EXPECT_EQ(test, vseg_mark_read(&mark, 0), VSEG_SLOT_NONE);
	KUNIT_EXPECT_EQ(test, vseg_mark_read(&mark, 0xfff00fff),
			VSEG_SLOT_NONE);
	/* Of 255 values seven are those of seven slots. */
	for (i = 0; i < 256; i++)
		valid += vseg_mark_read(&mark, i << 12) < 7;
	KUNIT_EXPECT_EQ(test, valid, 7);

	vseg_mark_init(&mark, 0, 1);
	KUNIT_EXPECT_EQ(test, vseg_mark_read(&mark, U32_MAX), VSEG_SLOT_NONE);
	KUNIT_EXPECT_EQ(test, vseg_mark_write(&mark, 0x1234, 5), 0x1234);

	/* In a wide mask most values are beyond any slot. */
	vseg_mark_init(&mark, U32_MAX, prandom_u32_state(&rnd));
	for (i = 0, valid = 0; i < 100000; i++)
		valid += vseg_mark_read(&mark,
					prandom_u32_state(&rnd)) != VSEG_SLOT_NONE;
	KUNIT_EXPECT_LT(test, valid, 100);
}

static struct vseg_domain *mark_domain(struct kunit *test, const char *name,
				       u16 id, struct ida *ida, int slot)
{
	struct vseg_domain *domain = vseg_domain_alloc(name, id, ida, slot);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, domain);
	return domain;
}

static void mark_slots(struct kunit *test)
{
	struct vseg_domain_set *set = kunit_kzalloc(test, sizeof(*set),
						    GFP_KERNEL);
	struct vseg_domain *a, *b;
	struct vseg_slots *slots;
	struct ida ida;

	KUNIT_ASSERT_NOT_NULL(test, set);
	ida_init(&ida);
	slots = vseg_slots_alloc(set);
	KUNIT_ASSERT_NOT_NULL(test, slots);
	KUNIT_EXPECT_EQ(test, slots->n, VSEG_SLOT_FIRST);
	kvfree(slots);

	a = mark_domain(test, "a", 100, &ida, VSEG_SLOT_FIRST);
	b = mark_domain(test, "b", 101, &ida, 9);
	KUNIT_ASSERT_EQ(test, vseg_domain_set_add(set, a), 0);
	KUNIT_ASSERT_EQ(test, vseg_domain_set_add(set, b), 0);
	slots = vseg_slots_alloc(set);
	KUNIT_ASSERT_NOT_NULL(test, slots);
	KUNIT_EXPECT_EQ(test, slots->n, 10);
	KUNIT_EXPECT_PTR_EQ(test, slots->domain[a->slot], a);
	KUNIT_EXPECT_PTR_EQ(test, slots->domain[b->slot], b);
	KUNIT_EXPECT_NULL(test, slots->domain[VSEG_SLOT_HOST]);
	KUNIT_EXPECT_NULL(test, slots->domain[8]);
	kvfree(slots);
	vseg_domain_set_clear(set);
	vseg_domain_put(a);
	vseg_domain_put(b);
	rcu_barrier();
	ida_destroy(&ida);
}

static struct kunit_case mark_cases[] = {
	KUNIT_CASE(mark_masks),
	KUNIT_CASE(mark_room),
	KUNIT_CASE(mark_labels),
	KUNIT_CASE(mark_none),
	KUNIT_CASE(mark_slots),
	{}
};

static struct kunit_suite mark_suite = {
	.name = "vseg_mark",
	.test_cases = mark_cases,
};

kunit_test_suite(mark_suite);
