// SPDX-License-Identifier: GPL-2.0
/*
 * Was each frame decided by a policy that was in force then?
 *
 * usage: judge ENDS FRAMES POLICIES
 *
 * POLICIES has a line for each policy, in the order in which they came:
 *
 *	BEGIN END GUARD... MASK... MAYBE...
 *
 * BEGIN and END are CLOCK_MONOTONIC in ns before the commit was asked for and
 * after it had returned.  A GUARD for each kind of frame has a bit for each end
 * that may send it.  A MASK for what is sent to one end and what to all, for each
 * kind and each end, in this order, has a bit for each end that frames of this end
 * reach.  A MAYBE, for each kind and each end, has a bit for each end that they
 * reach if something else was there before: for an answer, what it answers; for a
 * later fragment, the first one.  What a stateful rule allows is there, too: an
 * entry of other domains, with the same addresses, is in its way for a while.
 *
 * A policy may decide from its own BEGIN on, and until the END of the one that
 * follows.  A copy that arrived must be allowed, and one that didn't arrive
 * denied, by a policy that could decide between the times that the frame was
 * sent and that it was surely decided.  The guard and the cell are asked one after
 * the other, so the cell may be a later policy's.
 *
 * Where only a MAYBE lets a copy pass, what has to have been there before must have
 * arrived, too: the question since the last time that no policy was in force.
 */
#include <err.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "ends.h"

/* Wrong verdicts that are told one by one. */
#define TELL_MAX	20

/* A fragment waits so long, and a busy worker looks late. */
#define HELD_MAX	UINT64_C(4000000000)

/* Times that a policy is in force without a gap. */
#define ERAS_MAX	4096

struct policy {
	uint64_t begin;
	uint64_t until;
	uint32_t enter[KINDS];
	uint32_t pass[2][KINDS][ENDS_MAX];
	uint32_t maybe[KINDS][ENDS_MAX];
	unsigned int era;
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
	unsigned long asked;		/* allowed by a stateful rule alone */
	unsigned long unasked;		/* likewise, by one policy, and denied */
	unsigned long answered;		/* allowed as part of a flow alone */
	unsigned long unanswered;	/* likewise, and denied */
	unsigned long later;		/* fragments allowed by the first alone */
	unsigned long late;		/* of them, those that were sent first */
	unsigned long wrong;
} count;

static void masks_read(FILE *file, uint32_t *mask, int n)
{
	int i;

	for (i = 0; i < n; i++)
		if (fscanf(file, "%" SCNx32, &mask[i]) != 1)
			errx(1, "policy %zu is cut short", npolicies);
}

static int policy_read(FILE *file, struct policy *p)
{
	uint64_t end;
	int kind, all;

	if (fscanf(file, "%" SCNu64 " %" SCNu64, &p->begin, &end) != 2)
		return 0;
	p->until = UINT64_MAX;
	masks_read(file, p->enter, KINDS);
	for (all = 0; all < 2; all++)
		for (kind = 0; kind < KINDS; kind++)
			masks_read(file, p->pass[all][kind], nends);
	for (kind = 0; kind < KINDS; kind++)
		masks_read(file, p->maybe[kind], nends);
	p->era = 0;
	if (npolicies) {
		policies[npolicies - 1].until = end;
		/* Where there is none, everything may be sent. */
		p->era = p[-1].era + (p->enter[0] == UINT32_MAX);
		if (p->era == ERAS_MAX)
			errx(1, "more than %d times without a policy", ERAS_MAX);
	}
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

/* The policies that could decide a frame, the last time at this one. */
static void policies_of(const struct frame *f, uint64_t time, size_t *first,
			size_t *last)
{
	*first = policy_at(f->before);
	*last = *first;
	while (*last + 1 < npolicies && policies[*last + 1].begin <= time)
		(*last)++;
}

/*
 * What has to have been there before.
 */

/* When the first question of one end reached another, in each era; 0: never. */
static uint64_t asked[ERAS_MAX][ENDS_MAX][ENDS_MAX];

static void note_question(const struct frame *f)
{
	size_t first, last, i;

	policies_of(f, f->after, &first, &last);
	for (i = first; i <= last; i++) {
		uint64_t *when = &asked[policies[i].era][f->from][f->to];

		if (policies[i].maybe[KIND_ASK][f->from] >> f->to & 1 &&
		    (!*when || *when > f->before))
			*when = f->before;
	}
}

static void note_questions(void)
{
	uint64_t i;

	for (i = 0; i < frames->next; i++) {
		const struct frame *f = &frames->frame[i];

		if (f->kind == KIND_ASK && f->before && f->after && f->got)
			note_question(f);
	}
}

static int was_asked(const struct frame *f, size_t first, size_t last)
{
	size_t i;

	for (i = first; i <= last; i++) {
		uint64_t when = asked[policies[i].era][f->to][f->from];

		if (when && when <= f->after)
			return 1;
	}
	return 0;
}

/* Was there what it needs? */
static int had_before(const struct frame *f, size_t first, size_t last)
{
	switch (f->kind) {
	case KIND_ANSWER:
		return was_asked(f, first, last);
	case KIND_LATER:
		return f->first != FIRST_NONE &&
		       frames->frame[f->first].got >> f->to & 1;
	default:
		return 1;
	}
}

/* The first fragment passed, and no policy could come between the two. */
static int must_follow(const struct frame *f, size_t policy)
{
	const struct frame *one = &frames->frame[f->first];

	return f->kind == KIND_LATER && f->first != FIRST_NONE &&
	       one->got >> f->to & 1 && one->before < f->before &&
	       policy_at(one->before) == policy;
}

static void count_maybe(const struct frame *f, int got, int one)
{
	switch (f->kind) {
	case KIND_ASK:
		count.asked += got;
		count.unasked += !got && one;
		break;
	case KIND_ANSWER:
		count.answered += got;
		count.unanswered += !got;
		break;
	case KIND_LATER:
		count.later += got;
		count.late += got && f->first != FIRST_NONE &&
			      frames->frame[f->first].before > f->before;
		break;
	}
}

static void judge_copy(const struct frame *f, int at, size_t first,
		       size_t last)
{
	int got = f->got >> at & 1, may[2] = {}, entered = 0, one = 0;
	int all = f->to == TO_ALL, maybe = 0;
	size_t i;

	for (i = first; i <= last; i++) {
		const struct policy *p = &policies[i];
		int enter = p->enter[f->kind] >> f->from & 1;
		int pass = p->pass[all][f->kind][f->from] >> at & 1;
		int if_had = !all && p->maybe[f->kind][f->from] >> at & 1;

		entered |= enter;
		may[entered && pass] = 1;
		may[0] |= !enter;
		maybe |= entered && if_had;
		one |= enter && (pass || if_had);
	}
	if (maybe && !may[1]) {
		may[1] = had_before(f, first, last);
		may[0] = first != last || !must_follow(f, last);
		count_maybe(f, got, first == last);
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
	/* It may have waited, and been decided then. */
	uint64_t held = f->kind == KIND_LATER && f->got ? HELD_MAX : 0;
	size_t first, last;
	int at;

	policies_of(f, f->after + held, &first, &last);
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
	note_questions();

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
	printf("asked=%lu\nunasked=%lu\nanswered=%lu\nunanswered=%lu\n",
	       count.asked, count.unasked, count.answered, count.unanswered);
	printf("later=%lu\nlate=%lu\n", count.later, count.late);
	printf("policies=%zu\nwrong=%lu\nunsent=%" PRIu64 "\nstrays=%" PRIu64
	       "\n", npolicies, count.wrong, unsent, frames->strays);
	return count.wrong || frames->strays;
}
