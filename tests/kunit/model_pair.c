// SPDX-License-Identifier: GPL-2.0
/*
 * Who tried to talk to whom, once more: a list, and buckets that are filled
 * jiffy by jiffy.
 */
#include <linux/jiffies.h>

#include "model.h"

struct model_pair *model_pair(struct model_pairs *pairs, int src, int dst)
{
	unsigned int i;

	for (i = 0; i < pairs->n; i++)
		if (pairs->pair[i].src == src && pairs->pair[i].dst == dst)
			return &pairs->pair[i];
	return NULL;
}

/* The one that was quiet for longest makes room. */
static struct model_pair *model_pair_place(struct model_pairs *pairs)
{
	struct model_pair *quiet = &pairs->pair[0];
	unsigned int i;

	if (pairs->n < MODEL_PAIRS)
		return &pairs->pair[pairs->n++];
	for (i = 1; i < MODEL_PAIRS; i++)
		if (pairs->pair[i].last < quiet->last)
			quiet = &pairs->pair[i];
	pairs->evicted++;
	pairs->evicted_packets += quiet->packets + quiet->would_packets;
	return quiet;
}

struct model_pair *model_pair_hit(struct model_pairs *pairs, u64 now, int src,
				  int dst, unsigned int bytes, bool would)
{
	struct model_pair *pair = model_pair(pairs, src, dst);

	if (!pair) {
		pair = model_pair_place(pairs);
		*pair = (struct model_pair) {
			.src = src,
			.dst = dst,
			.first = now,
			.filled = now,
			.bucket = (u64)pairs->burst * HZ,
		};
	}
	if (would) {
		pair->would_packets++;
		pair->would_bytes += bytes;
	} else {
		pair->packets++;
		pair->bytes += bytes;
	}
	pair->last = now;
	return pair;
}

/* At most so many a second, and so many at once.  An event tells how many
 * copies since the one before it made none.
 */
bool model_pair_event(const struct model_pairs *pairs, struct model_pair *pair,
		      u64 now, u64 *silent)
{
	u64 full = (u64)pairs->burst * HZ;

	for (; pair->filled < now; pair->filled++)
		pair->bucket = min(pair->bucket + pairs->rate, full);
	if (pair->bucket < HZ) {
		pair->silent++;
		return false;
	}
	pair->bucket -= HZ;
	*silent = pair->silent;
	pair->silent = 0;
	return true;
}
