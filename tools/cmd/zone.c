// SPDX-License-Identifier: GPL-2.0
/* vsegctl zone */
#include <stdio.h>

#include "cmd.h"

#define OBJECT "zone"

static int show(struct ctl *c, struct args *a)
{
	static const char *const columns[] = {
		">ZONE", "BRIDGE", ">VLAN", "DOMAIN", "PEER",
	};
	struct list l = { 0 };
	const struct zone *z;
	int code = args_end(a, NULL);
	size_t i;

	if (!code)
		code = ctl_dump(c, a, VSEG_CMD_ZONE_GET, &zone_schema, &l);
	if (!code) {
		out_list(c->out, NULL);
		out_table(c->out, columns, ARRAY_SIZE(columns));
		for (i = 0, z = l.item; i < l.n; i++, z++) {
			out_object(c->out, NULL);
			out_model(c->out, &zone_schema, z);
			out_end(c->out);
			out_cell(c->out, "%u", z->id);
			out_cell(c->out, "%s", z->bridge);
			out_cell(c->out, "%u", z->vid);
			out_cell(c->out, "%s", z->domain);
			out_cell(c->out, "%s", z->peer);
		}
		out_table_end(c->out);
		out_end(c->out);
	}
	list_clear(&zone_schema, &l);
	return code;
}

static const struct verb verbs[] = {
	SHOW(show, "",
	     "list the zones of connection tracking, and whose flows are in each",
	     show),
	{ 0 }
};

const struct object zone_object = {
	.name = OBJECT,
	.help = "zones of connection tracking",
	.notes = "The flows that stateful rules allowed between two domains, in one VLAN of one\n"
		 "bridge, are a zone of their own: conntrack -L -w ZONE lists them.\n",
	.verb = verbs,
};
