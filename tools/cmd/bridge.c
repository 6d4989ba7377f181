// SPDX-License-Identifier: GPL-2.0
/* vsegctl bridge */
#include <stdlib.h>
#include <string.h>

#include "cmd.h"

#define OBJECT "bridge"

static int by_name(const void *a, const void *b)
{
	return strverscmp(((const struct bridge *)a)->name,
			  ((const struct bridge *)b)->name);
}

static void print(struct ctl *c, const struct list *l)
{
	static const char *const columns[] = {
		"BRIDGE", "MODE", "DEVICE", ">PORTS",
	};
	const struct bridge *b = l->item;
	size_t i;

	out_list(c->out, NULL);
	out_table(c->out, columns, ARRAY_SIZE(columns));
	for (i = 0; i < l->n; i++, b++) {
		out_object(c->out, NULL);
		out_model(c->out, &bridge_schema, b);
		out_end(c->out);
		out_cell(c->out, "%s", b->name);
		out_cell_enum(c->out, &mode_names, b->mode);
		out_cell(c->out, "%s", has(b, VSEG_A_BRIDGE_IFINDEX) ?
			 "present" : "absent");
		out_cell(c->out, "%u", b->ports);
	}
	out_table_end(c->out);
	out_end(c->out);
}

/** get_bridges() - one bridge, if the words name one, or all of them */
int get_bridges(struct ctl *c, struct args *a, struct list *l)
{
	struct bridge filter = { 0 };
	int code;

	if (!args_more(a)) {
		code = ctl_dump(c, a, VSEG_CMD_BRIDGE_GET, &bridge_schema, l);
		list_sort(l, sizeof(filter), by_name);
		return code;
	}
	code = args_ifname(a, "NAME", filter.name);
	if (!code)
		code = args_end(a, NULL);
	if (code)
		return code;
	give(&filter, VSEG_A_BRIDGE_NAME);
	return ctl_get(c, a, VSEG_CMD_BRIDGE_GET, &bridge_schema, &filter,
		       list_add(l, sizeof(filter)));
}

static int show(struct ctl *c, struct args *a)
{
	struct list l = { 0 };
	int code = get_bridges(c, a, &l);

	if (!code)
		print(c, &l);
	list_clear(&bridge_schema, &l);
	return code;
}

static int parse_name(struct args *a, struct bridge *b)
{
	int code = args_ifname(a, "NAME", b->name);

	if (!code)
		give(b, VSEG_A_BRIDGE_NAME);
	return code;
}

static int parse_mode(struct args *a, struct bridge *b)
{
	int code = args_enum(a, "mode", &mode_names, &b->mode);

	if (code)
		return code;
	give(b, VSEG_A_BRIDGE_MODE);
	return args_end(a, NULL);
}

static int add(struct args *a, struct edit *e)
{
	struct bridge *b = edit_init(e, VSEG_CMD_BRIDGE_ADD, &bridge_schema);
	int code = parse_name(a, b);

	if (code)
		return code;
	return args_take(a, "mode") ? parse_mode(a, b) : args_end(a, "mode");
}

static int set(struct args *a, struct edit *e)
{
	struct bridge *b = edit_init(e, VSEG_CMD_BRIDGE_SET, &bridge_schema);
	int code = parse_name(a, b);

	if (code)
		return code;
	if (args_take(a, "mode"))
		return parse_mode(a, b);
	return args_more(a) ? args_end(a, "mode") :
			      args_fail(a, "expected mode");
}

static int del(struct args *a, struct edit *e)
{
	struct bridge *b = edit_init(e, VSEG_CMD_BRIDGE_DEL, &bridge_schema);
	int code = parse_name(a, b);

	return code ? code : args_end(a, NULL);
}

static const struct verb verbs[] = {
	SHOW(show, "[NAME]", "list managed bridges", show),
	EDIT(add, "NAME [mode enforce|monitor]",
	     "manage a bridge; it need not exist yet", add),
	EDIT(set, "NAME mode enforce|monitor",
	     "change the mode of a managed bridge", set),
	EDIT(del, "NAME",
	     "manage a bridge no longer; its frames pass again", del),
	{ 0 }
};

const struct object bridge_object = {
	.name = OBJECT,
	.help = "managed bridges and their modes",
	.notes = "A port of a managed bridge is unlabelled until it is bound to a domain, and\n"
		 "then nothing enters or leaves by it.  In mode monitor, frames that would be\n"
		 "dropped are counted and pass.\n",
	.verb = verbs,
};
