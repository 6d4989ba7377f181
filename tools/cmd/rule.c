// SPDX-License-Identifier: GPL-2.0
/* vsegctl rule */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "../draft.h"

#define OBJECT "rule"

/** print_rule() - a rule in JSON, with its words */
void print_rule(struct out *o, const struct rule *r)
{
	char *text = rule_text(r);

	out_object(o, NULL);
	out_model(o, &rule_schema, r);
	out_str(o, "text", text);
	out_end(o);
	free(text);
}

static void print_row(struct out *o, const struct rule *r)
{
	char *text = rule_text(r);

	out_cell(o, "%s", r->src);
	out_cell(o, "%s", r->dst);
	out_cell(o, "%u", r->index);
	out_cell(o, "%" PRIu64, r->packets);
	out_cell(o, "%" PRIu64, r->bytes);
	out_cell(o, "%" PRIu64, r->would_packets);
	out_cell(o, "%s%s%s", text, *r->comment ? "  # " : "", r->comment);
	free(text);
}

static void print(struct out *o, const struct list *l)
{
	static const char *const columns[] = {
		"SOURCE", "DESTINATION", ">INDEX", ">PACKETS", ">BYTES",
		">WOULD-DROP", "RULE",
	};
	struct rule *r = l->item;
	size_t i;

	out_list(o, NULL);
	out_table(o, columns, ARRAY_SIZE(columns));
	for (i = 0; i < l->n; i++, r++) {
		rule_tidy(r);
		if (out_is_json(o))
			print_rule(o, r);
		print_row(o, r);
	}
	out_table_end(o);
	out_end(o);
}

static int parse_pair(struct args *a, struct rule *r)
{
	int code = args_domain(a, "SRC", r->src);

	if (!code)
		code = args_domain(a, "DST", r->dst);
	if (code)
		return code;
	give(r, VSEG_A_RULE_SRC);
	give(r, VSEG_A_RULE_DST);
	return DONE;
}

static int show(struct ctl *c, struct args *a)
{
	struct rule filter = { 0 };
	struct list l = { 0 };
	int code = DONE;

	if (args_more(a)) {
		code = parse_pair(a, &filter);
		if (!code)
			code = args_end(a, NULL);
	}
	if (!code)
		code = ctl_dump_of(c, a, VSEG_CMD_RULE_GET, &rule_schema,
				   filter.has ? &filter : NULL, &l);
	if (!code)
		print(c->out, &l);
	list_clear(&rule_schema, &l);
	return code;
}

/*
 * What a rule says.
 */

static int parse_text(struct args *a, const char *what, size_t max, char **to)
{
	const char *word = args_need(a, what);

	if (!word)
		return BAD_USAGE;
	if (!*word || strlen(word) > max)
		return args_fail(a, "%s has 1 to %zu bytes, not \"%s\"", what,
				 max, word);
	free(*to);
	*to = xasprintf("%s", word);
	return DONE;
}

static int parse_state(struct args *a, const char *key, struct draft *d)
{
	if (d->state != STATE_BY_RULE)
		return args_fail(a, "a rule says %s or %s, once", "state",
				 "stateless");
	d->state = strcmp(key, "state") ? STATE_NO : STATE_YES;
	return DONE;
}

static int parse_word(struct args *a, struct draft *d, struct rule *like)
{
	const struct place nowhere = { 0 };
	const char *key = args_next(a), *word;
	int n = match_key_of(key);

	if (n >= 0) {
		word = args_need(a, match_wants[n]);
		if (!word)
			return BAD_USAGE;
		draft_word(d, n, word, &nowhere);
		return DONE;
	}
	if (!strcmp(key, "index")) {
		give(like, VSEG_A_RULE_INDEX);
		return args_number(a, "index", 0, VSEG_MAX_CELL_RULES - 1,
				   &like->index);
	}
	if (!strcmp(key, "name"))
		return parse_text(a, "NAME", VSEG_RULE_NAME_MAX, &d->name);
	if (!strcmp(key, "comment"))
		return parse_text(a, "COMMENT", VSEG_COMMENT_MAX, &d->comment);
	if (!strcmp(key, "allow") || !strcmp(key, "deny"))
		d->action = value_of(&action_names, key);
	else if (!strcmp(key, "log"))
		d->log = true;
	else if (!strcmp(key, "keep"))
		d->keep = true;
	else if (!strcmp(key, "state") || !strcmp(key, "stateless"))
		return parse_state(a, key, d);
	else if (strcmp(key, "any"))
		return args_fail(a, "expected allow, deny, index, name, comment, log, state, stateless, keep, any or what the rule looks at, not \"%s\"",
				 key);
	return DONE;
}

static int parse_draft(struct args *a, struct draft *d, struct rule *like)
{
	const char *said = NULL, *key;
	bool any = false;
	int code = DONE;

	d->action = VSEG_ACTION_ALLOW;
	while (!code && args_more(a)) {
		key = args_peek(a);
		if (!strcmp(key, "allow") || !strcmp(key, "deny")) {
			if (said)
				return args_fail(a, "a rule says %s or %s, once",
						 "allow", "deny");
			said = key;
		}
		any |= !strcmp(key, "any");
		code = parse_word(a, d, like);
	}
	if (!code && any && d->word.n)
		return args_fail(a, "any stands alone: it looks at nothing");
	if (!code && !any && !d->word.n)
		return args_fail(a, "expected what the rule looks at, or any");
	return code;
}

/* One edit for each rule that the words stand for, one behind the other. */
static void fill_edits(struct edit *e, const struct rule *like,
		       struct list *rules)
{
	struct listed_rule *l = rules->item;
	size_t i;

	for (i = 0; i < rules->n; i++) {
		struct rule *r = e->obj;

		*r = l[i].rule;
		memset(&l[i].rule, 0, sizeof(l[i].rule));
		memcpy(r->src, like->src, sizeof(r->src));
		memcpy(r->dst, like->dst, sizeof(r->dst));
		r->index = like->index + i;
		r->has |= like->has;
		if (i + 1 == rules->n)
			break;
		e = edit_more(e);
		edit_init(e, VSEG_CMD_RULE_ADD, &rule_schema);
	}
}

static int make_edits(struct args *a, struct edit *e, const struct rule *like,
		      const struct draft *d)
{
	const struct dictionary none = { 0 };
	const struct place *at;
	struct list rules = { 0 };
	char *why = draft_rules(d, &none, &rules, &at);
	int code = DONE;

	if (why)
		code = args_fail(a, "%s", why);
	else
		fill_edits(e, like, &rules);
	free(why);
	rules_clear(&rules);
	return code;
}

static int add(struct args *a, struct edit *e)
{
	struct rule like = { 0 };
	struct draft d = { 0 };
	int code;

	edit_init(e, VSEG_CMD_RULE_ADD, &rule_schema);
	code = parse_pair(a, &like);
	if (!code)
		code = parse_draft(a, &d, &like);
	if (!code)
		code = make_edits(a, e, &like, &d);
	draft_clear(&d);
	return code;
}

static int del(struct args *a, struct edit *e)
{
	struct rule *r = edit_init(e, VSEG_CMD_RULE_DEL, &rule_schema);
	int code = parse_pair(a, r);

	if (code)
		return code;
	if (!args_more(a))
		return args_fail(a, "expected INDEX or all");
	if (args_take(a, "all"))
		return args_end(a, NULL);
	give(r, VSEG_A_RULE_INDEX);
	code = args_number(a, "INDEX", 0, VSEG_MAX_CELL_RULES - 1, &r->index);
	return code ? code : args_end(a, NULL);
}

static const struct verb verbs[] = {
	SHOW(show, "[SRC DST]",
	     "list rules, in their order, with what they passed or dropped",
	     show),
	EDIT(add,
	     "SRC DST [index N] [allow|deny] any|[ethertype TYPE,...] [ip 4|6] [vlan N[-M],...] [protocol P,...] [port N[-M],...] [source-port N[-M],...] [service NAME,...] [icmp TYPE,...] [from ADDRESS,...] [to ADDRESS,...] [tcp-flags SET/MASK] [fragment whole|first|later] [name NAME] [comment COMMENT] [log] [state|stateless] [keep]",
	     "add a rule to a cell that says rules, at its end or as number N",
	     add),
	EDIT(del, "SRC DST INDEX|all", "delete a rule, or all of a cell", del),
	{ 0 }
};

const struct object rule_object = {
	.name = OBJECT,
	.help = "rules inside cells",
	.notes = "The first rule that matches decides; what none matches is denied.  A rule\n"
		 "matches when each thing that it looks at is one of those given.\n"
		 "  port       of the destination; 22,80,8000-8080\n"
		 "  service    ssh,https: protocol and port by the system's services database, now\n"
		 "  icmp       echo-request,3/4: names mean both ICMP and ICMPv6, unless protocol or\n"
		 "             ip says which\n"
		 "  tcp-flags  those that are set, of those that are looked at: syn/syn,ack\n"
		 "Words that mean two kinds of frames make two rules.\n"
		 "  state      the answers to what it allows may pass, and errors about it: so it\n"
		 "             is for tcp, udp, icmp and icmpv6 unless stateless is said\n"
		 "  keep       flows that it allowed go on when it is gone\n",
	.verb = verbs,
};
