/* SPDX-License-Identifier: GPL-2.0 */
/* A diff in the making: policy-diff.c, and rules-diff.c for rules in cells. */
#ifndef VSEGCTL_POLICY_DIFF_H
#define VSEGCTL_POLICY_DIFF_H

#include "policy.h"

/**
 * struct work - a diff that is being made
 * @d: it
 * @from: the policy that there is, sorted
 * @to: the one that there shall be, sorted
 * @moved: domains of @from whose id is another in @to, or that @to lacks:
 *	what names them is taken away before and, where wanted, added again
 */
struct work {
	struct diff *d;
	const struct policy *from;
	const struct policy *to;
	struct list moved;
};

void diff_line(struct work *w, char *line);
void *diff_edit(struct work *w, uint8_t cmd, const struct schema *s,
		const char *label, const struct place *at, char *line);
void diff_rules(struct work *w, const struct item *from, const struct item *to);

#endif /* VSEGCTL_POLICY_DIFF_H */
