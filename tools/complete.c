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

static int list_domains(struct ctl *c, struct args *a)
{
	struct list l = { 0 };
	int code = get_domains(c, a, &l);
	const struct domain *d = l.item;
	size_t i;

	for (i = 0; !code && i < l.n; i++)
		if (d[i].id >= VSEG_DOMAIN_ID_MIN)
			out_line(c->out, "%s", d[i].name);
	list_clear(&domain_schema, &l);
	return code;
}

static int list_bridges(struct ctl *c, struct args *a)
{
	struct list l = { 0 };
	int code = get_bridges(c, a, &l);
	const struct bridge *b = l.item;
	size_t i;

	for (i = 0; !code && i < l.n; i++)
		out_line(c->out, "%s", b[i].name);
	list_clear(&bridge_schema, &l);
	return code;
}

static int list_ports(struct ctl *c, struct args *a)
{
	struct list l = { 0 };
	int code = get_ports(c, a, &l);
	const struct port *p = l.item;
	size_t i;

	for (i = 0; !code && i < l.n; i++)
		out_line(c->out, "%s", p[i].ifname);
	list_clear(&port_schema, &l);
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
		return list_domains(c, a);
	if (args_take(a, "bridges"))
		return list_bridges(c, a);
	if (args_take(a, "ports"))
		return list_ports(c, a);
	return args_fail(a, "expected objects, verbs, domains, bridges or ports");
}
