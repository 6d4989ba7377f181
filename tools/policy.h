/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A whole policy: what a file says, or what is in force.
 */
#ifndef VSEGCTL_POLICY_H
#define VSEGCTL_POLICY_H

#include "draft.h"
#include "model.h"
#include "nl.h"
#include "tree.h"

/**
 * struct item - one thing that a policy says
 * @at: where it was read; file is NULL for what is in force
 * @domain: in policy.domain
 * @bridge: in policy.bridge
 * @selector: in policy.selector
 * @cell: in policy.cell
 * @draft: of a cell: list of struct draft, its rules as they were written
 * @rule: of a cell: list of struct listed_rule, in their order
 */
struct item {
	struct place at;
	union {
		struct domain domain;
		struct bridge bridge;
		struct selector selector;
		struct cell cell;
	};
	struct list draft;
	struct list rule;
};

/**
 * struct policy - a whole policy
 * @domain: items with name and id
 * @bridge: items with name, or pattern, and mode
 * @selector: items with all but a count of ports
 * @cell: items with both ends, action, flags and services; none is implicit
 * @dictionary: services and lists of prefixes that rules name
 * @drafts: rules that were read, as they were written
 * @settings: all of them; those that a file gives, by attribute, in its has
 * @active: it is in force; one that says nothing is so, too
 * @names: names of files, which places point to
 * @nnames: how many
 *
 * Sorted by what tells one item from another, see policy_sort().
 */
struct policy {
	struct list domain;
	struct list bridge;
	struct list selector;
	struct list cell;
	struct dictionary dictionary;
	size_t drafts;
	struct settings settings;
	bool active;
	char **names;
	size_t nnames;
};

/* a policy: policy.c */
void policy_init(struct policy *p);
void policy_clear(struct policy *p);
void policy_sort(struct policy *p);
int domain_order(const void *a, const void *b);
int bridge_order(const void *a, const void *b);
int selector_order(const void *a, const void *b);
int cell_order(const void *a, const void *b);
bool cell_same(const struct cell *a, const struct cell *b);
bool selector_same_binding(const struct selector *a, const struct selector *b);
const struct item *policy_domain(const struct policy *p, const char *name);
const struct item *policy_cell(const struct policy *p, const char *src,
			       const char *dst);
const struct bridge *policy_bridge(const struct policy *p, const char *name);
const char *selector_text(const struct selector *s, char *buf, size_t size);

/* guards: policy-guard.c */
void guard_sort(struct guard *g);
bool guard_is_empty(const struct guard *g);
bool guard_same(const struct guard *a, const struct guard *b);
void guard_copy(struct guard *to, const struct guard *from);

/* from files: policy-read.c, and what must hold of a whole: policy-check.c */
int policy_read(struct policy *p, const char *path);
int policy_check(struct policy *p);
int policy_make_rules(struct policy *p);

/* from the kernel, and to a file: policy-show.c */
struct ctl;
struct args;
int policy_in_force(struct ctl *c, const struct args *a, struct policy *p,
		    uint64_t *generation);
void policy_print(const struct policy *p, FILE *f);
void policy_print_text(const char *text, FILE *f);

/**
 * struct diff - what makes one policy of another
 * @edit: struct edit, in an order that the kernel takes
 * @line: char *, what each of them means, for people
 */
struct diff {
	struct list edit;
	struct list line;
};

/* what makes one policy of another: policy-diff.c */
void policy_diff(const struct policy *from, const struct policy *to,
		 struct diff *d);
void diff_clear(struct diff *d);

bool globs_meet(const char *a, const char *b);

#endif /* VSEGCTL_POLICY_H */
