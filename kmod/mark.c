// SPDX-License-Identifier: GPL-2.0
/*
 * The label that a frame carries through the host's routing.
 */
#include "mark.h"

/* An odd number is its own inverse modulo 8; each step doubles the bits that
 * are right.
 */
static u32 vseg_mark_inverse(u32 key)
{
	u32 inverse = key;
	int i;

	for (i = 0; i < 4; i++)
		inverse *= 2 - key * inverse;
	return inverse;
}

/**
 * vseg_mark_init - labels in these bits
 * @mark: result
 * @mask: bits, in one piece; 0 for no labels
 * @key: any number, the same for all marks that frames may meet
 */
void vseg_mark_init(struct vseg_mark *mark, u32 mask, u32 key)
{
	mark->mask = mask;
	mark->key = key | 1;
	mark->inverse = vseg_mark_inverse(mark->key);
	mark->shift = mask ? __ffs(mask) : 0;
}

/**
 * vseg_mark_fits - is there a value for each slot?
 * @mask: bits, in one piece
 * @slots: slots
 *
 * Return: whether there is, and one left for "none".
 */
bool vseg_mark_fits(u32 mask, u32 slots)
{
	return mask && slots <= mask >> __ffs(mask);
}

static u32 vseg_slots_count(const struct vseg_domain_set *domains)
{
	const struct vseg_domain_node *node;
	u32 n = VSEG_SLOT_FIRST;
	unsigned int i;

	vseg_domain_set_for_each(domains, i, node)
		n = max_t(u32, n, node->domain->slot + 1);
	return n;
}

/**
 * vseg_slots_alloc - domains by slot
 * @domains: set that outlives the result
 *
 * Return: that, for kvfree(); or NULL.
 */
struct vseg_slots *vseg_slots_alloc(const struct vseg_domain_set *domains)
{
	const struct vseg_domain_node *node;
	u32 n = vseg_slots_count(domains);
	struct vseg_slots *slots;
	unsigned int i;

	slots = kvzalloc(struct_size(slots, domain, n), VSEG_GFP_TABLE);
	if (!slots)
		return NULL;
	slots->n = n;
	vseg_domain_set_for_each(domains, i, node)
		slots->domain[node->domain->slot] = node->domain;
	return slots;
}
