/* SPDX-License-Identifier: GPL-2.0 */
/* Who says what becomes of a frame: the kernel, or a policy from files. */
#ifndef VSEGCTL_DECIDER_H
#define VSEGCTL_DECIDER_H

#include "ctl.h"
#include "question.h"
#include "verdict.h"

/**
 * struct decider - who is asked
 * @c: this run
 * @policy: of files, or NULL for the one in force
 * @compiled: what decides by @policy
 * @domain: of struct domain: those in force, by name
 * @port: of struct port: those that there are
 * @generation: of the policy in force
 * @monitors: a bridge of the policy is in monitor mode
 */
struct decider {
	struct ctl *c;
	const struct policy *policy;
	struct compiled *compiled;
	struct list domain;
	struct list port;
	uint64_t generation;
	bool monitors;
};

int decider_open(struct decider *d, struct ctl *c, const struct args *a,
		 const struct policy *p);
void decider_close(struct decider *d);
int decider_decide(struct decider *d, const struct args *a,
		   struct decision *ask, struct verdict *v);
int decider_ask(struct decider *d, const struct args *a,
		const struct question *q, struct verdict *v);
char *decider_note(const struct decider *d, const struct verdict *v, bool from);
char *decider_doubt(const struct decider *d, const char *word,
		    const struct verdict *v, bool from);

#endif /* VSEGCTL_DECIDER_H */
