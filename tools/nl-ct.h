/* SPDX-License-Identifier: GPL-2.0 */
/* Flows of the kernel's connection tracking; nl-ct.c asks by ctnetlink. */
#ifndef VSEGCTL_NL_CT_H
#define VSEGCTL_NL_CT_H

#include "flow.h"

struct nl_sock;

/**
 * typedef ct_fn - told of a flow
 * @f: it; @from, @to and @vlan aren't known
 * @data: the caller's
 */
typedef void ct_fn(const struct flow *f, void *data);

int ct_open(struct nl_sock **sk);
void ct_close(struct nl_sock *sk);
int ct_dump(struct nl_sock *sk, ct_fn *fn, void *data);
int ct_add(struct nl_sock *sk, const struct flow *f);

#endif /* VSEGCTL_NL_CT_H */
