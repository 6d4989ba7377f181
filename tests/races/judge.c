// SPDX-License-Identifier: GPL-2.0
/*
 * Was each frame decided by a policy that was in force then?
 *
 * usage: judge ENDS FRAMES POLICIES
 *
 * POLICIES has a line for each policy, in the order in which they came:
 *
 *	BEGIN END GUARD... MASK...
 *
 * BEGIN and END are CLOCK_MONOTONIC in ns before the commit was asked for and
 * after it had returned.  A GUARD for each kind of frame has a bit for each end
 * that may send it.  A MASK for what is sent to one end and what to all, for each
 * kind and each end, in this order, has a bit for each end that frames of this end
 * may reach.
 *
 * A policy may decide from its own BEGIN on, and until the END of the one that
 * follows.  A copy that arrived must be allowed, and one that didn't arrive
 * denied, by a policy that could decide between the times that the frame was
 * sent and that it was surely decided.  The guard and the cell are asked one after
 * the other, so the cell may be a later policy's.
 */
#include <err.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "ends.h"

/* Wrong verdicts that are told one by one. */
#define TELL_MAX	20

struct policy {
	uint64_t begin;
	uint64_t until;
	uint32_t enter[KINDS];
	uint32_t pass[2][KINDS][ENDS_MAX];
};

static const struct frame_log *frames;
static struct policy *policies;
static size_t npolicies;

/* What the copies were like. */
static struct {
	unsigned long frames, copies, delivered, denied;
	unsigned long one;		/* only one verdict was right */
	unsigned long several;		/* several policies could decide */
	unsigned long held;		/* both of these */
	unsigned long held_delivered;	/* of them, those that arrived */
	unsigned long guarded;		/* denied by a guard, surely */
	unsigned long two_policies;	/* guard and cell of different ones */
	unsigned long wrong;
} count;

static int policy_read(FILE *file, struct policy *p)
{
	uint64_t end;
	int kind, all, i;

	if (fscanf(file, "%" SCNu64 " %" SCNu64, &p->begin, &end) != 2)
		return 0;
	p->until = UINT64_MAX;
	for (kind = 0; kind < KINDS; kind++)
		if (fscanf(file, "%" SCNx32, &p->enter[kind]) != 1)
			errx(1, "policy %zu is cut short", npolicies);
	for (all = 0; all < 2; all++)
		for (kind = 0; kind < KINDS; kind++)
			for (i = 0; i < nends; i++)
				if (fscanf(file, "%" SCNx32,
					   &p->pass[all][kind][i]) != 1)
					errx(1, "policy %zu is cut short",
					     npolicies);
	if (npolicies)
		policies[npolicies - 1].until = end;
	return 1;
}

static void policies_read(const char *path)
{
	FILE *file = fopen(path, "r");
	size_t room = 0;

	if (!file)
		err(1, "%s", path);
	do {
		if (npolicies == room) {
			room = room ? 2 * room : 1024;
			policies = realloc(policies, room * sizeof(*policies));
			if (!policies)
				err(1, "policies");
		}
	} while (policy_read(file, &policies[npolicies]) && ++npolicies);
	fclose(file);
	if (!npolicies)
		errx(1, "%s: no policy", path);
}

/* The first policy that could still decide at a time. */
static size_t policy_at(uint64_t time)
{
	size_t low = 0, high = npolicies - 1;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (policies[middle].until < time)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void tell(const struct frame *f, int at, int got, size_t first,
		 size_t last)
{
	if (count.wrong++ >= TELL_MAX)
		return;
	printf("# wrong: frame %td, kind %d, %s -> %s%s, %s; sent at %" PRIu64
	       ", decided by %" PRIu64 "; policies %zu to %zu say otherwise, from %"
	       PRIu64 "\n", f - frames->frame, f->kind,
	       ends[f->from].name, ends[at].name,
	       f->to == TO_ALL ? " (broadcast)" : "",
	       got ? "arrived" : "did not arrive", f->before, f->after, first,
	       last, policies[first].begin);
}

static void judge_copy(const struct frame *f, int at, size_t first,
		       size_t last)
{
	int got = f->got >> at & 1, may[2] = {}, entered = 0, one = 0;
	int all = f->to == TO_ALL;
	size_t i;

	for (i = first; i <= last; i++) {
		int enter = policies[i].enter[f->kind] >> f->from & 1;
		int pass = policies[i].pass[all][f->kind][f->from] >> at & 1;

		entered |= enter;
		may[entered && pass] = 1;
		may[0] |= !enter;
		one |= enter && pass;
	}

	count.copies++;
	count.delivered += got;
	count.denied += !got;
	count.several += last > first;
	count.guarded += !entered;
	if (!may[got])
		return tell(f, at, got, first, last);
	count.two_policies += got && !one;
	if (may[0] && may[1])
		return;
	count.one++;
	count.held += last > first;
	count.held_delivered += last > first && got;
}

static void judge_frame(const struct frame *f)
{
	uint32_t for_whom = f->to == TO_ALL ? end_peers(f->from) : 1u << f->to;
	size_t first = policy_at(f->before), last = first;
	int at;

	while (last + 1 < npolicies && policies[last + 1].begin <= f->after)
		last++;
	count.frames++;
	for (at = 0; at < nends; at++)
		if (for_whom >> at & 1)
			judge_copy(f, at, first, last);
	if (f->got & ~for_whom || f->twice)
		tell(f, __builtin_ctz(f->got), 1, first, last);
}

int main(int argc, char **argv)
{
	uint64_t i, unsent = 0;

	if (argc != 4)
		errx(2, "usage: judge ENDS FRAMES POLICIES");
	ends_read(argv[1]);
	frames = frame_log_map(argv[2], 0);
	policies_read(argv[3]);

	for (i = 0; i < frames->next; i++) {
		const struct frame *f = &frames->frame[i];

		if (f->before && f->after)
			judge_frame(f);
		else
			unsent++;
	}
	printf("frames=%lu\ncopies=%lu\ndelivered=%lu\ndenied=%lu\n",
	       count.frames, count.copies, count.delivered, count.denied);
	printf("one_verdict=%lu\nseveral=%lu\nheld=%lu\nheld_delivered=%lu\n",
	       count.one, count.several, count.held, count.held_delivered);
	printf("guarded=%lu\ntwo_policies=%lu\n", count.guarded,
	       count.two_policies);
	printf("policies=%zu\nwrong=%lu\nunsent=%" PRIu64 "\nstrays=%" PRIu64
	       "\n", npolicies, count.wrong, unsent, frames->strays);
	return count.wrong || frames->strays;
}
