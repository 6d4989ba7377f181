// SPDX-License-Identifier: GPL-2.0
/* vsegctl cell, and what vsegctl policy does with cells */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "../text.h"

#define OBJECT "cell"

static int by_names(const void *a, const void *b)
{
	const struct cell *x = a, *y = b;
	int order = strverscmp(x->src, y->src);

	return order ? order : strverscmp(x->dst, y->dst);
}

static void print_notes(struct out *o, const struct cell *cell)
{
	char *flags;

	if (cell->flags & VSEG_CELL_FLAGS_IMPLICIT) {
		out_cell(o, "(implicit)");
		return;
	}
	flags = bits_text(&cell_flag_names, cell->flags);
	out_cell(o, "%s", flags);
	free(flags);
}

static void print_services(struct out *o, const struct cell *cell)
{
	char *services = bits_text(&service_names, cell->services);

	out_cell(o, "%s", *services ? services : "-");
	free(services);
}

/** print_cells() - cells with their counters */
void print_cells(struct out *o, const struct list *l)
{
	static const char *const columns[] = {
		"SOURCE", "DESTINATION", "ACTION", "FLAGS", ">PACKETS",
		">BYTES", ">WOULD-DROP", "SERVICES", ">RULES",
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
		print_notes(o, p);
		out_cell(o, "%" PRIu64, p->packets);
		out_cell(o, "%" PRIu64, p->bytes);
		out_cell(o, "%" PRIu64, p->would_packets);
		print_services(o, p);
		out_cell(o, "%u", p->rules);
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

/** cell_show() - list cells, all or those that are named */
int cell_show(struct ctl *c, struct args *a)
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
	/* always said: a cell that is set again must not keep them */
	give(cell, VSEG_A_CELL_FLAGS);
	give(cell, VSEG_A_CELL_SERVICES);
	/* also for allow, of which the kernel will say that it makes no sense */
	if (args_take(a, "monitor"))
		cell->flags |= VSEG_CELL_FLAGS_MONITOR;
	if (args_take(a, "log"))
		cell->flags |= VSEG_CELL_FLAGS_LOG;
	return args_end(a, cell->flags ? NULL :
			action == VSEG_ACTION_ALLOW ? "log" : "monitor");
}

/** cell_allow() - an edit that makes a cell allow */
int cell_allow(struct args *a, struct edit *e)
{
	return parse_cell(a, e, VSEG_ACTION_ALLOW);
}

/** cell_deny() - an edit that makes a cell deny */
int cell_deny(struct args *a, struct edit *e)
{
	return parse_cell(a, e, VSEG_ACTION_DENY);
}

/** cell_del() - an edit that deletes a cell */
int cell_del(struct args *a, struct edit *e)
{
	struct cell *cell = edit_init(e, VSEG_CMD_CELL_DEL, &cell_schema);
	int code = parse_pair(a, cell);

	return code ? code : args_end(a, NULL);
}

static int parse_action(struct args *a, struct cell *cell)
{
	static const char what[] = "allow, deny or rules";
	const char *word = args_need(a, what);
	int action = word ? value_of(&action_names, word) : 0;

	if (!word)
		return BAD_USAGE;
	if (action < 0)
		return args_fail(a, "expected %s, not \"%s\"", what, word);
	cell->action = action;
	return DONE;
}

static int parse_more(struct args *a, struct cell *cell)
{
	if (args_take(a, "services"))
		return args_bits(a, "services", &service_names,
				 &cell->services);
	if (args_take(a, "isolate"))
		cell->flags |= VSEG_CELL_FLAGS_ISOLATE;
	else if (args_take(a, "monitor"))
		cell->flags |= VSEG_CELL_FLAGS_MONITOR;
	else if (args_take(a, "log"))
		cell->flags |= VSEG_CELL_FLAGS_LOG;
	else
		return args_end(a, "services, isolate, monitor or log");
	return DONE;
}

static int set(struct args *a, struct edit *e)
{
	struct cell *cell = edit_init(e, VSEG_CMD_CELL_SET, &cell_schema);
	int code = parse_pair(a, cell);

	if (!code)
		code = parse_action(a, cell);
	while (!code && args_more(a))
		code = parse_more(a, cell);
	give(cell, VSEG_A_CELL_ACTION);
	give(cell, VSEG_A_CELL_FLAGS);
	give(cell, VSEG_A_CELL_SERVICES);
	return code;
}

static const struct verb verbs[] = {
	SHOW(show, "[SRC [DST]]",
	     "list cells with what they passed or dropped", cell_show),
	EDIT(set,
	     "SRC DST allow|deny|rules [services dhcp,dhcpv6,ra,mdns] [isolate] [monitor] [log]",
	     "say what frames from SRC to DST meet; SRC is the client of the services",
	     set),
	EDIT(del, "SRC DST",
	     "delete a cell, so that a wider one or the default decides",
	     cell_del),
	{ 0 }
};

const struct object cell_object = {
	.name = OBJECT,
	.help = "what frames from one domain to another meet",
	.notes = "SRC and DST are domains, host, routed, or any, which stands for all domains\n"
		 "but those two.  A cell that says rules decides by its rules, see vsegctl rule,\n"
		 "and denies what none of them matches.  Services pass in both directions,\n"
		 "whatever else the cell says.  With isolate, guests of one domain (SRC and DST\n"
		 "are the same) reach each other by services only.\n",
	.verb = verbs,
};
