// SPDX-License-Identifier: GPL-2.0
/* vsegctl port */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"

#define OBJECT "port"

static int by_name(const void *a, const void *b)
{
	return strverscmp(((const struct port *)a)->ifname,
			  ((const struct port *)b)->ifname);
}

static char *add_text(char *to, const char *text)
{
	char *longer = xasprintf("%s%s%s", to, *to ? ", " : "", text);

	free(to);
	return longer;
}

/* "default d, 10 web, 20-29 db", as bind takes it */
static char *vlan_map(const struct port *p)
{
	const struct vlan *v = p->vlan.item;
	char *map = xasprintf("%s", "");
	char text[64];
	size_t i;

	if (p->kind != VSEG_PORT_KIND_TRUNK)
		return map;
	if (has(p, VSEG_A_PORT_DOMAIN)) {
		snprintf(text, sizeof(text), "default %s", p->domain);
		map = add_text(map, text);
	}
	for (i = 0; i < p->vlan.n; i++, v++) {
		if (has(v, VSEG_A_VLAN_LAST) && v->last != v->first)
			snprintf(text, sizeof(text), "%u-%u %s", v->first,
				 v->last, v->domain);
		else
			snprintf(text, sizeof(text), "%u %s", v->first,
				 v->domain);
		map = add_text(map, text);
	}
	return map;
}

static void print_port(struct out *o, const struct port *p)
{
	bool one = p->kind != VSEG_PORT_KIND_TRUNK &&
		   has(p, VSEG_A_PORT_DOMAIN);
	char *map = vlan_map(p);

	out_cell(o, "%s", p->ifname);
	out_cell(o, "%s", p->bridge);
	out_cell_enum(o, &kind_names, p->kind);
	out_cell(o, "%s", one ? p->domain : "-");
	if (has(p, VSEG_A_PORT_SELECTOR))
		out_cell(o, "%s %s", name_of(&match_names, p->match),
			 p->selector);
	else
		out_cell_enum(o, &match_names, p->match);
	if (has(p, VSEG_A_PORT_VLAN_AMBIGUOUS))
		out_cell(o, "vlan-ambiguous");
	else if (has(p, VSEG_A_PORT_UNTAGGED_VLAN))
		out_cell(o, "%u", p->untagged_vlan);
	else
		out_cell(o, "-");
	out_cell(o, "%s", *map ? map : "-");
	free(map);
	if (p->kind == VSEG_PORT_KIND_GUEST)
		print_guard(o, &p->guard);
	else
		out_cell(o, "-");
}

static void print(struct ctl *c, const struct list *l)
{
	static const char *const columns[] = {
		"PORT", "BRIDGE", "KIND", "DOMAIN", "MATCH", "UNTAGGED",
		"VLANS", "GUARD",
	};
	const struct port *p = l->item;
	size_t i;

	out_list(c->out, NULL);
	out_table(c->out, columns, ARRAY_SIZE(columns));
	for (i = 0; i < l->n; i++, p++) {
		out_object(c->out, NULL);
		out_model(c->out, &port_schema, p);
		out_end(c->out);
		print_port(c->out, p);
	}
	out_table_end(c->out);
	out_end(c->out);
}

/** get_ports() - one port, if the words name one, or all of them */
int get_ports(struct ctl *c, struct args *a, struct list *l)
{
	struct port filter = { 0 };
	int code;

	if (!args_more(a)) {
		code = ctl_dump(c, a, VSEG_CMD_PORT_GET, &port_schema, l);
		list_sort(l, sizeof(filter), by_name);
		return code;
	}
	code = args_ifname(a, "DEV", filter.ifname);
	if (!code)
		code = args_end(a, NULL);
	if (code)
		return code;
	give(&filter, VSEG_A_PORT_IFNAME);
	return ctl_get(c, a, VSEG_CMD_PORT_GET, &port_schema, &filter,
		       list_add(l, sizeof(filter)));
}

static int show(struct ctl *c, struct args *a)
{
	struct list l = { 0 };
	int code = get_ports(c, a, &l);

	if (!code)
		print(c, &l);
	list_clear(&port_schema, &l);
	return code;
}

static int parse_dev(struct args *a, struct port *p)
{
	int code = args_ifname(a, "DEV", p->ifname);

	if (!code)
		give(p, VSEG_A_PORT_IFNAME);
	return code;
}

static int bind_port(struct args *a, struct edit *e)
{
	struct port *p = edit_init(e, VSEG_CMD_PORT_BIND, &port_schema);
	const struct label label = {
		.has = &p->has, .kind = &p->kind,
		.domain = p->domain, .vlan = &p->vlan, .guard = &p->guard,
		.kind_attr = VSEG_A_PORT_KIND,
		.domain_attr = VSEG_A_PORT_DOMAIN,
		.vlan_attr = VSEG_A_PORT_VLAN,
		.guard_attr = VSEG_A_PORT_GUARD,
	};
	int code = parse_dev(a, p);

	return code ? code : parse_label(a, &label);
}

static int unbind_port(struct args *a, struct edit *e)
{
	struct port *p = edit_init(e, VSEG_CMD_PORT_UNBIND, &port_schema);
	int code = parse_dev(a, p);

	return code ? code : args_end(a, NULL);
}

static const struct verb verbs[] = {
	SHOW(show, "[DEV]", "list ports of managed bridges", show),
	EDIT(bind, "DEV " LABEL_ARGS,
	     "give a port its domain, or a trunk its VLAN map", bind_port),
	EDIT(unbind, "DEV", "take a port's domain away", unbind_port),
	{ 0 }
};

const struct object port_object = {
	.name = OBJECT,
	.help = "bridge ports and the domains behind them",
	.notes = "A binding survives a rename of the device and ends when it leaves its bridge.\n"
		 "On a trunk, VLANs outside the map carry the default domain, or are unlabelled\n"
		 "when there is none; VLAN 0 stands for untagged frames of a bridge that doesn't\n"
		 "filter VLANs.  A guest sends from its own addresses, where they are given, and\n"
		 "plays no server, router or bridge unless that is permitted.\n",
	.verb = verbs,
};
