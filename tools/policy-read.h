/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The parts of a policy file.  Each reader returns DONE, or BAD_USAGE after it
 * was said what is wrong.
 */
#ifndef VSEGCTL_POLICY_READ_H
#define VSEGCTL_POLICY_READ_H

#include "policy.h"
#include "value.h"

/* names of domains: policy-read.c */
bool domain_name_ok(const char *name);
int bad_domain(const struct place *at, const char *name);
int read_domain_name(const struct node *y, char *to);

/* cells: policy-cells.c; their rules: policy-rules.c */
int read_cells(struct policy *p, const struct node *y, void *to);
int read_rules(struct policy *p, const struct node *y, struct item *cell);

/* services and prefixes: policy-rules.c */
int read_services(struct policy *p, const struct node *y, void *to);
int read_prefixes(struct policy *p, const struct node *y, void *to);

/* guards of ports: policy-guard.c */
int read_permit(const struct node *y, uint32_t *permit);
int read_guest_mac(const struct node *y, uint8_t *mac);
int read_guard(struct policy *p, const struct node *y, void *to);

#endif /* VSEGCTL_POLICY_READ_H */
