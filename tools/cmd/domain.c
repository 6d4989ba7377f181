// SPDX-License-Identifier: GPL-2.0
/* vsegctl domain */
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "../text.h"

#define OBJECT "domain"

static int by_name(const void *a, const void *b)
{
	return strverscmp(((const struct domain *)a)->name,
			  ((const struct domain *)b)->name);
}

static void print(struct ctl *c, const struct list *l)
{
	static const char *const columns[] = {
		"DOMAIN", ">ID", ">PORTS", ">CELLS", "PERMIT",
	};
	const struct domain *d = l->item;
	char *permit;
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
		permit = bits_text(&guard_permit_names, d->guard_permit);
		out_cell(c->out, "%s", *permit ? permit : "-");
		free(permit);
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

static int parse_permit(struct args *a, struct domain *d)
{
	give(d, VSEG_A_DOMAIN_GUARD_PERMIT);
	return args_bits(a, "permit", &guard_permit_names, &d->guard_permit);
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
	if (args_take(a, "permit"))
		code = parse_permit(a, d);
	if (code)
		return code;
	return args_end(a, has(d, VSEG_A_DOMAIN_GUARD_PERMIT) ? NULL :
			has(d, VSEG_A_DOMAIN_ID) ? "permit" :
			"id N or permit");
}

static int set(struct args *a, struct edit *e)
{
	struct domain *d = edit_init(e, VSEG_CMD_DOMAIN_SET, &domain_schema);
	int code = args_domain(a, "NAME", d->name);

	if (code)
		return code;
	give(d, VSEG_A_DOMAIN_NAME);
	if (!args_take(a, "permit"))
		return args_fail(a, "expected permit WHAT");
	code = parse_permit(a, d);
	return code ? code : args_end(a, NULL);
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
	EDIT(add, "NAME [id N] [permit WHAT,...]",
	     "add a domain; N is from 16 to 65535, the lowest free one by default",
	     add),
	EDIT(set, "NAME permit WHAT,...|none",
	     "say what its guests may send that guards drop otherwise", set),
	EDIT(del, "NAME",
	     "delete a domain that no cell names and no port carries", del),
	{ 0 }
};

const struct object domain_object = {
	.name = OBJECT,
	.help = "security domains",
	.notes = "A name is a letter, then letters, digits, dots, underscores and dashes, at\n"
		 "most 31 characters.  The domains host (the host itself) and routed (beyond\n"
		 "it) are built in.  WHAT its guests may send: all, dhcp-server, router,\n"
		 "spanning-tree, link-local, multicast-router.\n",
	.verb = verbs,
};
