// SPDX-License-Identifier: GPL-2.0
/*
 * vsegctl complete KIND: the words that the shell's completion offers, one a
 * line.  It asks the command itself, so that it can't fall behind it.
 */
#include <stdio.h>
#include <string.h>

#include "cmd/cmd.h"

static int list_objects(void)
{
	unsigned int i;

	for (i = 0; objects[i]; i++)
		puts(objects[i]->name);
	return DONE;
}

static int list_verbs(struct args *a)
{
	const char *word = args_need(a, "OBJECT");
	const struct object *o = word ? object_find(word) : NULL;
	const struct verb *v;

	if (!o)
		return BAD_USAGE;
	for (v = o->verb; v->name; v++)
		if (*v->name)
			puts(v->name);
	return DONE;
}

/* The first member of a model that is a string is its name. */
static void list_names(struct out *o, const struct schema *s, unsigned int attr,
		       const struct list *l)
{
	size_t i;

	for (i = 0; i < l->n; i++)
		out_line(o, "%s", (const char *)l->item + i * s->size +
			 s->field[attr].offset);
}

static int list_live(struct ctl *c, struct args *a, const struct schema *s,
		     unsigned int attr,
		     int (*get)(struct ctl *c, struct args *a, struct list *l))
{
	struct list l = { 0 };
	int code = get(c, a, &l);

	if (!code)
		list_names(c->out, s, attr, &l);
	list_clear(s, &l);
	return code;
}

/** complete_run() - not for people, so not in the help */
int complete_run(struct ctl *c, struct args *a)
{
	a->label = "complete";
	if (args_take(a, "objects"))
		return list_objects();
	if (args_take(a, "verbs"))
		return list_verbs(a);
	if (args_take(a, "domains"))
		return list_live(c, a, &domain_schema, VSEG_A_DOMAIN_NAME,
				 get_domains);
	if (args_take(a, "bridges"))
		return list_live(c, a, &bridge_schema, VSEG_A_BRIDGE_NAME,
				 get_bridges);
	if (args_take(a, "ports"))
		return list_live(c, a, &port_schema, VSEG_A_PORT_IFNAME,
				 get_ports);
	return args_fail(a, "expected objects, verbs, domains, bridges or ports");
}
