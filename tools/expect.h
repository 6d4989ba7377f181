/* SPDX-License-Identifier: GPL-2.0 */
/* What is expected of a policy, from a file. */
#ifndef VSEGCTL_EXPECT_H
#define VSEGCTL_EXPECT_H

#include "question.h"
#include "verdict.h"

/**
 * struct expectation - what is expected of a policy
 * @at: where it stands
 * @q: a frame
 * @outcome: what is to become of it, enum outcome
 * @reason: and why, enum vseg_reason
 * @any_reason: whatever the reason
 * @v: what the policy says, once it was asked
 */
struct expectation {
	struct place at;
	struct question q;
	uint32_t outcome;
	uint32_t reason;
	bool any_reason;
	struct verdict v;
};

bool expect_met(const struct expectation *e);
int expect_read(const char *path, struct list *l);

#endif /* VSEGCTL_EXPECT_H */
