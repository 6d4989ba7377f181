/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The label that a frame carries through the host's routing, in the bits of
 * skb->mark that the operator gave us.
 *
 * A slot is multiplied by an odd number of this boot: that wastes no value,
 * leaves 0 for "none", and scatters slots over all that the mask can hold, so
 * that in a mask wider than the policy needs a number that someone else writes
 * there is most likely no label.
 *
 * Pure: no device, no skb, no netlink.
 */
#ifndef VSEG_MARK_H
#define VSEG_MARK_H

#include "domain.h"

/* No slot at all. */
#define VSEG_SLOT_NONE		0xffff

/**
 * struct vseg_mark - where labels are in a mark, and what they look like
 * @mask: contiguous bits; 0 for no labels
 * @key: odd
 * @inverse: of @key, by multiplication
 * @shift: lowest bit of @mask
 */
struct vseg_mark {
	u32 mask;
	u32 key;
	u32 inverse;
	u8 shift;
};

/**
 * struct vseg_slots - domains by slot
 * @n: slots
 * @domain: operator domains, NULL elsewhere; whoever has this has a reference
 */
struct vseg_slots {
	u32 n;
	struct vseg_domain *domain[];
};

/**
 * vseg_mark_mask_ok - can labels be put into these bits?
 * @mask: bits
 *
 * Return: whether they are in one piece, or none.
 */
static inline bool vseg_mark_mask_ok(u32 mask)
{
	u32 low = mask & -mask;

	return !((mask + low) & mask);
}

/**
 * vseg_mark_write - put a label into a mark
 * @mark: where and how
 * @value: skb->mark
 * @slot: slot of the domain
 *
 * Return: the new skb->mark; bits outside of the mask are as they were.
 */
static inline u32 vseg_mark_write(const struct vseg_mark *mark, u32 value,
				  u16 slot)
{
	return (value & ~mark->mask) |
	       ((((u32)slot + 1) * mark->key << mark->shift) & mark->mask);
}

/**
 * vseg_mark_read - the label in a mark
 * @mark: where and how
 * @value: skb->mark
 *
 * Return: slot; %VSEG_SLOT_NONE without one.  It need not be any domain's.
 */
static inline u16 vseg_mark_read(const struct vseg_mark *mark, u32 value)
{
	u32 all = mark->mask >> mark->shift;
	u32 n = ((value & mark->mask) >> mark->shift) * mark->inverse & all;

	/* 0 becomes 0xffff as well. */
	return n > 0xffff ? VSEG_SLOT_NONE : n - 1;
}

void vseg_mark_init(struct vseg_mark *mark, u32 mask, u32 key);
bool vseg_mark_fits(u32 mask, u32 slots);
struct vseg_slots *vseg_slots_alloc(const struct vseg_domain_set *domains);

#endif /* VSEG_MARK_H */
