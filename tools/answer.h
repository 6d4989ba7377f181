/* SPDX-License-Identifier: GPL-2.0 */
/* What stateful rules mean to a frame that a policy was asked about. */
#ifndef VSEGCTL_ANSWER_H
#define VSEGCTL_ANSWER_H

#include "decider.h"

bool answer_frame(const struct bytes *frame, struct bytes *asked);
int answer_find(struct decider *d, const struct args *a,
		const struct decision *ask, struct verdict *v);
char *answer_note(const struct verdict *v);

#endif /* VSEGCTL_ANSWER_H */
