// SPDX-License-Identifier: GPL-2.0
/* A verdict in words. */
#include <stdlib.h>
#include <string.h>

#include "verdict.h"

static const char *const outcome_name[] = {
	[OUTCOME_DENY] = "deny",
	[OUTCOME_ALLOW] = "allow",
	[OUTCOME_WOULD_DROP] = "would-drop",
};

/** outcome_names - outcomes by their names */
const struct names outcome_names = { ARRAY_SIZE(outcome_name), outcome_name };

/** outcome_of() - what a decision means to the frame */
enum outcome outcome_of(const struct decision *d)
{
	if (d->reason == VSEG_REASON_NONE)
		return OUTCOME_ALLOW;
	if (d->flags & VSEG_CELL_FLAGS_MONITOR &&
	    (d->reason == VSEG_REASON_CELL_DENY ||
	     d->reason == VSEG_REASON_RULE_DENY ||
	     d->reason == VSEG_REASON_NO_RULE ||
	     d->reason == VSEG_REASON_UNPARSED))
		return OUTCOME_WOULD_DROP;
	return OUTCOME_DENY;
}

/** verdict_grounds() - what a decision stands on */
const struct grounds *verdict_grounds(const struct decision *d)
{
	enum {
		RESOLUTION, CONTROL, SERVICE, STATE, UNLABELLED, DEFAULT, NO_RULE,
		UNPARSED, ISOLATED, RULE, INSIDE, ANY_ANY, ANY, PAIR,
	};
	static const struct grounds grounds[] = {
		[RESOLUTION] = { "address-resolution",
			"built-in pass: address resolution, as the policy allows the other direction" },
		[CONTROL] = { "bridge-control",
			"built-in pass: bridge control" },
		[SERVICE] = { "service",
			"built-in pass: a named service of the cell of this direction or of the other" },
		[STATE] = { "state",
			"a flow that a stateful rule allowed" },
		[NO_RULE] = { "no-rule",
			"no rule of the cell matches" },
		[UNPARSED] = { "unparsed",
			"a rule of the cell asks what can't be told of this frame" },
		[ISOLATED] = { "isolated",
			"guests of this domain reach each other by services only" },
		[RULE] = { "rule",
			"the first rule of the cell that matches" },
		[UNLABELLED] = { "unlabelled",
			"what is unlabelled gets nothing and sends nothing" },
		[DEFAULT] = { "default",
			"no cell speaks for this pair: denied" },
		[INSIDE] = { "inside",
			"inside a domain frames pass" },
		[ANY_ANY] = { "any-any",
			"the cell any -> any, as none is more specific" },
		[ANY] = { "any",
			"a cell with any, as none lists the pair itself" },
		[PAIR] = { "pair",
			"the cell of this pair" },
	};
	bool src_any = !strcmp(d->cell_src, "any");
	bool dst_any = !strcmp(d->cell_dst, "any");

	if (d->pass == VSEG_PASS_ADDRESS_RESOLUTION)
		return &grounds[RESOLUTION];
	if (d->pass == VSEG_PASS_BRIDGE_CONTROL)
		return &grounds[CONTROL];
	if (d->pass == VSEG_PASS_SERVICE)
		return &grounds[SERVICE];
	if (d->pass == VSEG_PASS_STATE)
		return &grounds[STATE];
	if (d->reason == VSEG_REASON_NO_RULE)
		return &grounds[NO_RULE];
	if (d->reason == VSEG_REASON_UNPARSED)
		return &grounds[UNPARSED];
	if (d->reason == VSEG_REASON_ISOLATED)
		return &grounds[ISOLATED];
	if (has(d, VSEG_A_DECISION_RULE))
		return &grounds[RULE];
	if (d->reason == VSEG_REASON_UNLABELLED_SRC ||
	    d->reason == VSEG_REASON_UNLABELLED_DST)
		return &grounds[UNLABELLED];
	if (!has(d, VSEG_A_DECISION_CELL_SRC))
		return &grounds[DEFAULT];
	if (d->flags & VSEG_CELL_FLAGS_IMPLICIT)
		return &grounds[INSIDE];
	if (src_any || dst_any)
		return &grounds[src_any && dst_any ? ANY_ANY : ANY];
	return &grounds[PAIR];
}

/** verdict_place() - "policy.yaml:7:5", or "" where nobody knows; to be freed */
char *verdict_place(const struct place *at)
{
	if (!at)
		return xasprintf("%s", "");
	return xasprintf("%s:%u:%u", at->file, at->line, at->column);
}

/** verdict_rule() - "2 ping: allow protocol icmp (policy.yaml:9:11)"; to be freed */
char *verdict_rule(const struct verdict *v)
{
	const struct decision *d = &v->d;
	char *text, *at, *line;

	if (!has(d, VSEG_A_DECISION_RULE))
		return xasprintf("none");
	if (!v->rule)
		return xasprintf("%u%s%s", d->rule, *d->rule_name ? " " : "",
				 d->rule_name);
	text = rule_text(&v->rule->rule);
	at = verdict_place(&v->rule->at);
	line = xasprintf("%u: %s (%s)", d->rule, text, at);
	free(text);
	free(at);
	return line;
}

/** verdict_cell() - "web -> any: deny (policy.yaml:9:5)"; to be freed */
char *verdict_cell(const struct verdict *v)
{
	const struct decision *d = &v->d;
	char *at, *text;

	if (!has(d, VSEG_A_DECISION_CELL_SRC))
		return xasprintf("none");
	at = verdict_place(v->cell ? &v->cell->at : NULL);
	text = xasprintf("%s -> %s: %s%s%s%s%s%s%s%s", d->cell_src, d->cell_dst,
			 name_of(&action_names, d->action) ?: "?",
			 d->flags & VSEG_CELL_FLAGS_MONITOR ? ", monitor" : "",
			 d->flags & VSEG_CELL_FLAGS_LOG ? ", log" : "",
			 d->flags & VSEG_CELL_FLAGS_ISOLATE ? ", isolate" : "",
			 d->flags & VSEG_CELL_FLAGS_IMPLICIT ?
			 ", implicit" : "",
			 *at ? " (" : "", at, *at ? ")" : "");
	free(at);
	return text;
}
