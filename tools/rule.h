/* SPDX-License-Identifier: GPL-2.0 */
/* Rules of cells: what tells one from another, and their words. */
#ifndef VSEGCTL_RULE_H
#define VSEGCTL_RULE_H

#include "match.h"
#include "tree.h"

/**
 * struct listed_rule - a rule as a policy lists it
 * @at: where it was read
 * @rule: it, after rule_tidy()
 */
struct listed_rule {
	struct place at;
	struct rule rule;
};

void rule_tidy(struct rule *r);
bool rules_same(const struct list *a, const struct list *b);
int rule_order(const struct rule *a, const struct rule *b);
void rule_copy(struct rule *to, const struct rule *from);
uint32_t rule_protocol(const struct rule *r);
bool rule_is_of_flows(const struct rule *r);
char *rule_text(const struct rule *r);
void rules_clear(struct list *l);

#endif /* VSEGCTL_RULE_H */
