// SPDX-License-Identifier: GPL-2.0
/* vsegctl domain */
#include <stdlib.h>
#include <string.h>

#include "cmd.h"

#define OBJECT "domain"

static int by_name(const void *a, const void *b)
{
	return strverscmp(((const struct domain *)a)->name,
			  ((const struct domain *)b)->name);
}

static void print(struct ctl *c, const struct list *l)
{
	static const char *const columns[] = {
		"DOMAIN", ">ID", ">PORTS", ">CELLS",
	};
	const struct domain *d = l->item;
	size_t i;

	out_list(c->out, NULL);
	out_table(c->out, columns, ARRAY_SIZE(columns));
	for (i = 0; i < l->n; i++, d++) {
		out_object(c->out, NULL);
		out_model(c->out, &domain_schema, d);
		out_end(c->out);
		out_cell(c->out, "%s", d->name);
		out_cell(c->out, "%u", d->id);
		out_cell(c->out, "%u", d->ports);
		out_cell(c->out, "%u", d->cells);
	}
	out_table_end(c->out);
	out_end(c->out);
}

/**
 * get_domains() - one domain, if the words name one, or all of them
 * @c: this run
 * @a: words, taken to their end
 * @l: empty list for the answer, by name
 *
 * Return: the exit status; the list is to be cleared in any case.
 */
int get_domains(struct ctl *c, struct args *a, struct list *l)
{
	struct domain filter = { 0 };
	int code;

	if (!args_more(a)) {
		code = ctl_dump(c, a, VSEG_CMD_DOMAIN_GET, &domain_schema, l);
		list_sort(l, sizeof(filter), by_name);
		return code;
	}
	code = args_domain(a, "NAME", filter.name);
	if (!code)
		code = args_end(a, NULL);
	if (code)
		return code;
	give(&filter, VSEG_A_DOMAIN_NAME);
	return ctl_get(c, a, VSEG_CMD_DOMAIN_GET, &domain_schema, &filter,
		       list_add(l, sizeof(filter)));
}

static int show(struct ctl *c, struct args *a)
{
	struct list l = { 0 };
	int code = get_domains(c, a, &l);

	if (!code)
		print(c, &l);
	list_clear(&domain_schema, &l);
	return code;
}

static int add(struct args *a, struct edit *e)
{
	struct domain *d = edit_init(e, VSEG_CMD_DOMAIN_ADD, &domain_schema);
	int code = args_domain(a, "NAME", d->name);

	if (code)
		return code;
	give(d, VSEG_A_DOMAIN_NAME);
	if (args_take(a, "id")) {
		code = args_number(a, "id", VSEG_DOMAIN_ID_MIN,
				   VSEG_DOMAIN_ID_MAX, &d->id);
		if (code)
			return code;
		give(d, VSEG_A_DOMAIN_ID);
	}
	return args_end(a, has(d, VSEG_A_DOMAIN_ID) ? NULL : "id N");
}

static int del(struct args *a, struct edit *e)
{
	struct domain *d = edit_init(e, VSEG_CMD_DOMAIN_DEL, &domain_schema);
	int code = args_domain(a, "NAME", d->name);

	if (code)
		return code;
	give(d, VSEG_A_DOMAIN_NAME);
	return args_end(a, NULL);
}

static const struct verb verbs[] = {
	SHOW(show, "[NAME]", "list domains", show),
	EDIT(add, "NAME [id N]",
	     "add a domain; N is from 16 to 65535, the lowest free one by default",
	     add),
	EDIT(del, "NAME",
	     "delete a domain that no cell names and no port carries", del),
	{ 0 }
};

const struct object domain_object = {
	.name = OBJECT,
	.help = "security domains",
	.notes = "A name is a letter, then letters, digits, dots, underscores and dashes, at\n"
		 "most 31 characters.  The domains host (the host itself) and routed (beyond\n"
		 "it) are built in.\n",
	.verb = verbs,
};
