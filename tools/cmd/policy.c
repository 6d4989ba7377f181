// SPDX-License-Identifier: GPL-2.0
/* vsegctl policy */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "../policy.h"

#define OBJECT "policy"
#define KEYS "address-resolution, bridge-control, unmanaged or flood-events"

static int by_names(const void *a, const void *b)
{
	const struct cell *x = a, *y = b;
	int order = strverscmp(x->src, y->src);

	return order ? order : strverscmp(x->dst, y->dst);
}

static const char *cell_notes(const struct cell *cell)
{
	if (cell->flags & VSEG_CELL_FLAGS_IMPLICIT)
		return "(implicit)";
	if (cell->flags & VSEG_CELL_FLAGS_MONITOR)
		return "monitor";
	return cell->flags & VSEG_CELL_FLAGS_LOG ? "log" : "";
}

/** print_cells() - cells with their counters */
void print_cells(struct out *o, const struct list *l)
{
	static const char *const columns[] = {
		"SOURCE", "DESTINATION", "ACTION", "FLAGS", ">PACKETS",
		">BYTES", ">WOULD-DROP",
	};
	const struct cell *p = l->item;
	size_t i;

	out_list(o, NULL);
	out_table(o, columns, ARRAY_SIZE(columns));
	for (i = 0; i < l->n; i++, p++) {
		out_object(o, NULL);
		out_model(o, &cell_schema, p);
		out_end(o);
		out_cell(o, "%s", p->src);
		out_cell(o, "%s", p->dst);
		out_cell_enum(o, &action_names, p->action);
		out_cell(o, "%s", cell_notes(p));
		out_cell(o, "%" PRIu64, p->packets);
		out_cell(o, "%" PRIu64, p->bytes);
		out_cell(o, "%" PRIu64, p->would_packets);
	}
	out_table_end(o);
	out_end(o);
}

static int get_one(struct ctl *c, struct args *a, struct cell *filter,
		   struct list *l)
{
	give(filter, VSEG_A_CELL_SRC);
	give(filter, VSEG_A_CELL_DST);
	return ctl_get(c, a, VSEG_CMD_CELL_GET, &cell_schema, filter,
		       list_add(l, sizeof(*filter)));
}

/* A domain without any cell is most likely a misspelt one: let the kernel say
 * so.
 */
static int check_domain(struct ctl *c, struct args *a, const char *name)
{
	struct domain filter = { 0 }, reply = { 0 };
	int code;

	if (!strcmp(name, "any") || !strcmp(name, "host") ||
	    !strcmp(name, "routed"))
		return DONE;
	snprintf(filter.name, sizeof(filter.name), "%s", name);
	give(&filter, VSEG_A_DOMAIN_NAME);
	code = ctl_get(c, a, VSEG_CMD_DOMAIN_GET, &domain_schema, &filter,
		       &reply);
	model_clear(&domain_schema, &reply);
	return code;
}

static int get_of_source(struct ctl *c, struct args *a, const char *src,
			 struct list *l)
{
	int code = ctl_dump(c, a, VSEG_CMD_CELL_GET, &cell_schema, l);
	struct cell *cell = l->item;
	size_t i, n = 0;

	if (code)
		return code;
	for (i = 0; i < l->n; i++)
		if (!strcmp(cell[i].src, src))
			cell[n++] = cell[i];
	l->n = n;
	list_sort(l, sizeof(*cell), by_names);
	return n ? DONE : check_domain(c, a, src);
}

/** get_cells() - one cell, those of a source, or all of them */
int get_cells(struct ctl *c, struct args *a, struct list *l)
{
	struct cell filter = { 0 };
	bool one = false;
	int code;

	if (!args_more(a)) {
		code = ctl_dump(c, a, VSEG_CMD_CELL_GET, &cell_schema, l);
		list_sort(l, sizeof(filter), by_names);
		return code;
	}
	code = args_domain(a, "SRC", filter.src);
	if (!code && args_more(a)) {
		one = true;
		code = args_domain(a, "DST", filter.dst);
	}
	if (!code)
		code = args_end(a, NULL);
	if (code)
		return code;
	return one ? get_one(c, a, &filter, l) :
		     get_of_source(c, a, filter.src, l);
}

static int cells(struct ctl *c, struct args *a)
{
	struct list l = { 0 };
	int code = get_cells(c, a, &l);

	if (!code)
		print_cells(c->out, &l);
	list_clear(&cell_schema, &l);
	return code;
}

static int parse_pair(struct args *a, struct cell *cell)
{
	int code = args_domain(a, "SRC", cell->src);

	if (!code)
		code = args_domain(a, "DST", cell->dst);
	if (code)
		return code;
	give(cell, VSEG_A_CELL_SRC);
	give(cell, VSEG_A_CELL_DST);
	return DONE;
}

static int parse_cell(struct args *a, struct edit *e, uint32_t action)
{
	struct cell *cell = edit_init(e, VSEG_CMD_CELL_SET, &cell_schema);
	int code = parse_pair(a, cell);

	if (code)
		return code;
	cell->action = action;
	give(cell, VSEG_A_CELL_ACTION);
	/* always said: a cell that is set again must not keep its flags */
	give(cell, VSEG_A_CELL_FLAGS);
	/* also for allow, of which the kernel will say that it makes no sense */
	if (args_take(a, "monitor"))
		cell->flags |= VSEG_CELL_FLAGS_MONITOR;
	if (args_take(a, "log"))
		cell->flags |= VSEG_CELL_FLAGS_LOG;
	return args_end(a, cell->flags ? NULL :
			action == VSEG_ACTION_ALLOW ? "log" : "monitor");
}

static int allow(struct args *a, struct edit *e)
{
	return parse_cell(a, e, VSEG_ACTION_ALLOW);
}

static int deny(struct args *a, struct edit *e)
{
	return parse_cell(a, e, VSEG_ACTION_DENY);
}

static int del(struct args *a, struct edit *e)
{
	struct cell *cell = edit_init(e, VSEG_CMD_CELL_DEL, &cell_schema);
	int code = parse_pair(a, cell);

	return code ? code : args_end(a, NULL);
}

/* Take KEY VALUE into the settings, each key once. */
static int parse_setting(struct args *a, struct settings *s)
{
	const struct field *f = settings_schema.field;
	unsigned int i;

	for (i = VSEG_A_SETTINGS_ADDRESS_RESOLUTION; i < settings_schema.n; i++)
		if (!has(s, i) && args_take(a, f[i].name))
			break;
	if (i == settings_schema.n)
		return args_fail(a, "expected " KEYS ", each once, not \"%s\"",
				 args_peek(a));
	give(s, i);
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

static void print_policy(struct out *o, const struct policy *p,
			 uint64_t generation)
{
	if (!out_is_json(o))
		policy_print(p, stdout);
	out_object(o, NULL);
	out_u64(o, "generation", generation);
	print_list(o, "domains", &domain_schema, &p->domain);
	print_list(o, "bridges", &bridge_schema, &p->bridge);
	print_list(o, "selectors", &selector_schema, &p->selector);
	print_list(o, "cells", &cell_schema, &p->cell);
	out_object(o, "settings");
	out_model(o, &settings_schema, &p->settings);
	out_end(o);
	out_end(o);
}

static int show(struct ctl *c, struct args *a)
{
	uint64_t generation;
	struct policy p;
	int code = args_end(a, NULL);

	if (code)
		return code;
	code = policy_in_force(c, a, &p, &generation);
	if (!code)
		print_policy(c->out, &p, generation);
	policy_clear(&p);
	return code;
}

static const struct verb verbs[] = {
	SHOW(show, "", "print the policy in force, as a file for apply", show),
	SHOW(cells, "[SRC [DST]]",
	     "list cells with what they passed or dropped", cells),
	EDIT(allow, "SRC DST [log]",
	     "let frames from SRC to DST pass, not those back; with log, events tell of them",
	     allow),
	EDIT(deny, "SRC DST [monitor]",
	     "drop frames from SRC to DST; with monitor, only count them",
	     deny),
	EDIT(del, "SRC DST",
	     "delete a cell, so that a wider one or the default decides", del),
	EDIT(set,
	     "{address-resolution on|off | bridge-control on|off | unmanaged pass|drop | flood-events on|off}...",
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
