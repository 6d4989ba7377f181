/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a policy says of a frame: by the kernel, or here, by the kernel's own
 * source: frame.c, rules.c, policy.c and others of kmod/ are compiled with the headers in
 * kernel/linux.
 */
#ifndef VSEGCTL_VERDICT_H
#define VSEGCTL_VERDICT_H

#include "policy.h"

/**
 * struct verdict - what a policy says of a frame
 * @d: as the kernel's DECIDE tells it
 * @from: selector of the port that the frame enters by, or NULL
 * @to: selector of the port that it leaves by, or NULL
 * @cell: cell that speaks for it, or NULL; implicit ones stand in no file
 * @rule: rule of the cell that decides, or NULL
 * @answers_pass: it is let through by a stateful rule
 * @is_answer: it isn't, but what it may answer is, by a stateful rule
 * @asked_rule: that rule
 * @asked_src: source of its cell
 * @asked_dst: destination of its cell
 */
struct verdict {
	struct decision d;
	const struct item *from;
	const struct item *to;
	const struct item *cell;
	const struct listed_rule *rule;
	bool answers_pass;
	bool is_answer;
	uint32_t asked_rule;
	char asked_src[DOMAIN_NAMSIZ];
	char asked_dst[DOMAIN_NAMSIZ];
};

/**
 * enum outcome - what becomes of a frame
 * @OUTCOME_DENY: it is dropped
 * @OUTCOME_ALLOW: it passes
 * @OUTCOME_WOULD_DROP: it passes since its cell only monitors
 */
enum outcome {
	OUTCOME_DENY,
	OUTCOME_ALLOW,
	OUTCOME_WOULD_DROP,
};

extern const struct names outcome_names;

/**
 * struct grounds - what a decision stands on
 * @name: its word
 * @text: what it says
 */
struct grounds {
	const char *name;
	const char *text;
};

enum outcome outcome_of(const struct decision *d);
const struct grounds *verdict_grounds(const struct decision *d);
char *verdict_place(const struct place *at);
char *verdict_cell(const struct verdict *v);
char *verdict_rule(const struct verdict *v);

/* What decides without the kernel: kernel/compiled.c. */
struct compiled;

struct compiled *compiled_new(const struct policy *p);
void compiled_free(struct compiled *c);
bool compiled_has_domain(const struct compiled *c, const char *name);
bool compiled_has_port(const struct compiled *c, const char *name);
const char *compiled_decide(const struct compiled *c,
			    const struct decision *ask, struct verdict *v);

#endif /* VSEGCTL_VERDICT_H */
