/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VSEGCTL_IMPACT_H
#define VSEGCTL_IMPACT_H

#include "ctl.h"
#include "policy.h"

int impact_print(struct ctl *c, const struct args *a, uint64_t cookie,
		 const struct policy *want);

#endif /* VSEGCTL_IMPACT_H */
