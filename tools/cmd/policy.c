// SPDX-License-Identifier: GPL-2.0
/* vsegctl policy */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "../policy.h"
#include "../settings.h"

#define OBJECT "policy"
#define KEYS								\
	"address-resolution, bridge-control, unmanaged, flood-events, guard, state-pickup, state-limit, state-zones or mark-mask"

static int parse_state_zones(struct args *a, struct settings *s)
{
	const char *word = args_need(a, "FIRST-LAST");

	if (!word)
		return BAD_USAGE;
	s->has |= SETTINGS_OF_ZONES;
	return parse_zones(word, s) ? DONE :
	       args_fail(a, "state-zones are " ZONES_WANTED ", not \"%s\"",
			 word);
}

static int parse_mark_mask(struct args *a, struct settings *s)
{
	const char *word = args_need(a, "MASK");

	if (!word)
		return BAD_USAGE;
	return parse_mask(word, &s->mark_mask) ? DONE :
	       args_fail(a, "mark-mask is " MASK_WANTED ", not \"%s\"", word);
}

/* Take KEY VALUE into the settings, each key once. */
static int parse_setting(struct args *a, struct settings *s)
{
	const struct field *f = settings_schema.field;
	unsigned int i;

	if (!(s->has & SETTINGS_OF_ZONES) && args_take(a, "state-zones"))
		return parse_state_zones(a, s);
	for (i = VSEG_A_SETTINGS_ADDRESS_RESOLUTION; i < settings_schema.n; i++)
		if (!has(s, i) && !(SETTINGS_OF_ZONES & BIT64(i)) &&
		    args_take(a, f[i].name))
			break;
	if (i == settings_schema.n)
		return args_fail(a, "expected " KEYS ", each once, not \"%s\"",
				 args_peek(a));
	give(s, i);
	if (i == VSEG_A_SETTINGS_STATE_LIMIT)
		return args_number(a, f[i].name, 1, VSEG_STATE_LIMIT_MAX,
				   &s->state_limit);
	if (i == VSEG_A_SETTINGS_MARK_MASK)
		return parse_mark_mask(a, s);
	if (f[i].kind == FIELD_ENUM)
		return args_enum(a, f[i].name, f[i].names, &s->unmanaged);
	return args_switch(a, f[i].name, (bool *)((char *)s + f[i].offset));
}

static int set(struct args *a, struct edit *e)
{
	struct settings *s = edit_init(e, VSEG_CMD_SETTINGS_SET,
				       &settings_schema);
	int code = DONE;

	if (!args_more(a))
		return args_fail(a, "expected " KEYS);
	while (!code && args_more(a))
		code = parse_setting(a, s);
	return code;
}

static void print_list(struct out *o, const char *key,
		       const struct schema *s, const struct list *l)
{
	const struct item *i = l->item;
	size_t n;

	out_list(o, key);
	for (n = 0; n < l->n; n++) {
		out_object(o, NULL);
		out_model(o, s, &i[n].domain);	/* whichever it is */
		out_end(o);
	}
	out_end(o);
}

static void print_rules(struct out *o, const struct list *l)
{
	const struct item *i = l->item;
	const struct listed_rule *r;
	size_t n, m;

	if (!out_is_json(o))
		return;
	out_list(o, "rules");
	for (n = 0; n < l->n; n++) {
		r = i[n].rule.item;
		for (m = 0; m < i[n].rule.n; m++)
			print_rule(o, &r[m].rule);
	}
	out_end(o);
}

static void print_policy(struct out *o, const struct policy *p,
			 const uint64_t *generation)
{
	if (!out_is_json(o))
		policy_print(p, stdout);
	out_object(o, NULL);
	if (generation)
		out_u64(o, "generation", *generation);
	print_list(o, "domains", &domain_schema, &p->domain);
	print_list(o, "bridges", &bridge_schema, &p->bridge);
	print_list(o, "selectors", &selector_schema, &p->selector);
	print_list(o, "cells", &cell_schema, &p->cell);
	print_rules(o, &p->cell);
	out_object(o, "settings");
	out_model(o, &settings_schema, &p->settings);
	out_end(o);
	out_end(o);
}

/* What files say, with all that their names stand for. */
static int show_files(struct ctl *c, struct args *a)
{
	unsigned int attr;
	struct policy p;
	int code = DONE;

	policy_init(&p);
	while (!code && args_more(a))
		code = policy_read(&p, args_next(a));
	if (!code)
		code = policy_check(&p);
	for (attr = VSEG_A_SETTINGS_COOKIE + 1; attr < settings_schema.n; attr++)
		give(&p.settings, attr);
	if (!code)
		print_policy(c->out, &p, NULL);
	policy_clear(&p);
	return code;
}

static int show(struct ctl *c, struct args *a)
{
	uint64_t generation;
	struct policy p;
	int code;

	if (args_more(a))
		return show_files(c, a);
	code = policy_in_force(c, a, &p, &generation);
	if (!code)
		print_policy(c->out, &p, &generation);
	policy_clear(&p);
	return code;
}

static const struct verb verbs[] = {
	SHOW(show, "[FILE...]",
	     "print the policy in force, or what files say, as a file for apply",
	     show),
	SHOW(cells, "[SRC [DST]]",
	     "list cells with what they passed or dropped",
	     cell_show),
	EDIT(allow, "SRC DST [log]",
	     "let frames from SRC to DST pass, not those back; with log, events tell of them",
	     cell_allow),
	EDIT(deny, "SRC DST [monitor]",
	     "drop frames from SRC to DST; with monitor, only count them",
	     cell_deny),
	EDIT(del, "SRC DST",
	     "delete a cell, so that a wider one or the default decides",
	     cell_del),
	EDIT(set,
	     "{address-resolution on|off | bridge-control on|off | unmanaged pass|drop | flood-events on|off | guard on|off | state-pickup on|off | state-limit N | state-zones FIRST-LAST | mark-mask MASK}...",
	     "change settings; vsegctl status shows them", set),
	{ 0 }
};

const struct object policy_object = {
	.name = OBJECT,
	.help = "which domain may send to which",
	.notes = "SRC and DST are domains, host, routed, or any, which stands for all domains\n"
		 "but those two.  What no cell lists is denied, except inside a domain.  The\n"
		 "most specific cell decides; between SRC any and any DST, deny does.\n",
	.verb = verbs,
};
