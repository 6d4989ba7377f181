// SPDX-License-Identifier: GPL-2.0
/* vsegctl selector */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "../text.h"

#define OBJECT "selector"

static void print_key(struct out *o, const struct selector *s)
{
	char mac[MAC_LEN];

	out_cell_enum(o, &selector_type_names, s->type);
	if (has(s, VSEG_A_SELECTOR_MAC))
		out_cell(o, "%s", text_mac(mac, s->mac));
	else if (has(s, VSEG_A_SELECTOR_GROUP))
		out_cell(o, "%u", s->group);
	else
		out_cell(o, "%s", s->pattern);
}

static void print(struct out *o, const struct list *l)
{
	static const char *const columns[] = {
		"TYPE", "LOOKS FOR", "KIND", "DOMAIN", ">VLANS", ">PORTS",
		"GUARD",
	};
	const struct selector *s = l->item;
	size_t i;

	out_list(o, NULL);
	out_table(o, columns, ARRAY_SIZE(columns));
	for (i = 0; i < l->n; i++, s++) {
		out_object(o, NULL);
		out_model(o, &selector_schema, s);
		out_end(o);
		print_key(o, s);
		out_cell_enum(o, &kind_names, s->kind);
		out_cell(o, "%s", *s->domain ? s->domain : "-");
		out_cell(o, "%zu", s->vlan.n);
		out_cell(o, "%u", s->ports);
		print_guard(o, &s->guard);
	}
	out_table_end(o);
	out_end(o);
}

static int show(struct ctl *c, struct args *a)
{
	struct list l = { 0 };
	int code = args_end(a, NULL);

	if (!code)
		code = ctl_dump(c, a, VSEG_CMD_SELECTOR_GET, &selector_schema,
				&l);
	if (!code)
		print(c->out, &l);
	list_clear(&selector_schema, &l);
	return code;
}

static int parse_guest(struct args *a, struct selector *s)
{
	const char *word = args_need(a, "MAC");

	if (!word)
		return BAD_USAGE;
	if (!parse_mac(word, s->mac))
		return args_fail(a, "expected MAC, as 52:54:00:12:34:56, not \"%s\"",
				 word);
	give(s, VSEG_A_SELECTOR_MAC);
	return DONE;
}

static int parse_type(struct args *a, struct selector *s)
{
	const char *types = "mac, name, alias, glob or group";
	const char *word = args_need(a, types);
	int type;

	if (!word)
		return BAD_USAGE;
	type = value_of(&selector_type_names, word);
	if (type < 0)
		return args_fail(a, "expected %s, not \"%s\"", types, word);
	s->type = type;
	return DONE;
}

static int parse_key(struct args *a, struct selector *s)
{
	int code = parse_type(a, s);
	const char *word;

	if (code)
		return code;
	give(s, VSEG_A_SELECTOR_TYPE);
	if (s->type == VSEG_SELECTOR_TYPE_MAC)
		return parse_guest(a, s);
	if (s->type == VSEG_SELECTOR_TYPE_GROUP) {
		give(s, VSEG_A_SELECTOR_GROUP);
		return args_number(a, "GROUP", 1, UINT32_MAX, &s->group);
	}
	word = args_need(a, "PATTERN");
	if (!word)
		return BAD_USAGE;
	if (strlen(word) >= sizeof(s->pattern))
		return args_fail(a, "expected PATTERN of %zu bytes at most",
				 sizeof(s->pattern) - 1);
	memcpy(s->pattern, word, strlen(word));
	give(s, VSEG_A_SELECTOR_PATTERN);
	return DONE;
}

static int add(struct args *a, struct edit *e)
{
	struct selector *s = edit_init(e, VSEG_CMD_SELECTOR_ADD,
				       &selector_schema);
	const struct label label = {
		.has = &s->has, .kind = &s->kind,
		.domain = s->domain, .vlan = &s->vlan, .guard = &s->guard,
		.kind_attr = VSEG_A_SELECTOR_KIND,
		.domain_attr = VSEG_A_SELECTOR_DOMAIN,
		.vlan_attr = VSEG_A_SELECTOR_VLAN,
		.guard_attr = VSEG_A_SELECTOR_GUARD,
	};
	int code = parse_key(a, s);

	return code ? code : parse_label(a, &label);
}

static int del(struct args *a, struct edit *e)
{
	struct selector *s = edit_init(e, VSEG_CMD_SELECTOR_DEL,
				       &selector_schema);
	int code = parse_key(a, s);

	return code ? code : args_end(a, NULL);
}

static const struct verb verbs[] = {
	SHOW(show, "", "list selectors in the order in which they are asked",
	     show),
	EDIT(add,
	     "{mac MAC|name NAME|alias ALIAS|glob PATTERN|group N} " LABEL_ARGS,
	     "give the ports that fit their domain, from their first frame on",
	     add),
	EDIT(del, "{mac MAC|name NAME|alias ALIAS|glob PATTERN|group N}",
	     "delete a selector", del),
	{ 0 }
};

const struct object selector_object = {
	.name = OBJECT,
	.help = "which ports get which domain when they appear",
	.notes = "A port takes what the first type gives that fits: the guest's address (a tap\n"
		 "may have fe for its first byte, as libvirt makes it), its name, its alias, the\n"
		 "longest pattern of its name, its device group.  vsegctl port bind goes before\n"
		 "all of them.\n",
	.verb = verbs,
};
