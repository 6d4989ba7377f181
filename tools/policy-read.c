// SPDX-License-Identifier: GPL-2.0
/*
 * A policy from YAML files.  Every mistake is told with file, line and column,
 * what was found and what was expected; Documentation/policy.schema.json says
 * the same of the syntax.
 */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "args.h"
#include "policy.h"
#include "value.h"

/*
 * Names of domains.
 */

static int bad_domain(const struct place *at, const char *name)
{
	return place_fail(at, "\"%s\" can't be a domain's name: a letter, then letters, digits, dots, underscores and dashes, %u at most",
			  name, VSEG_NAME_MAX);
}

static bool domain_name_ok(const char *name)
{
	const char *p = name;

	if (!isascii(*p) || !isalpha(*p))
		return false;
	while (*++p)
		if (!isascii(*p) || (!isalnum(*p) && !strchr("._-", *p)))
			return false;
	return p - name <= VSEG_NAME_MAX;
}

/* The name of a domain: whether there is such a one is asked later. */
static int read_domain_name(const struct node *y, char *to)
{
	if (y->kind != NODE_TEXT || !y->len)
		return unexpected(y, "the name of a domain");
	if (!domain_name_ok(y->text))
		return bad_domain(&y->at, y->text);
	memcpy(to, y->text, y->len + 1);
	return DONE;
}

/*
 * domains: NAME: ID
 */

static int read_domains(struct policy *p, const struct node *y, void *to)
{
	const struct node *k;
	int code = DONE;

	(void)to;
	if (y->kind != NODE_MAP)
		return unexpected(y, "a map of domains' names to their ids");
	for (k = y->first; k && !code; k = k->next) {
		struct item *i = list_add(&p->domain, sizeof(*i));

		i->at = k->at;
		code = read_domain_name(k, i->domain.name);
		if (!code)
			code = read_number(k->value, "the domain's id, the same on each host",
					   VSEG_DOMAIN_ID_MIN,
					   VSEG_DOMAIN_ID_MAX,
					   &i->domain.id);
		give(&i->domain, VSEG_A_DOMAIN_NAME);
		give(&i->domain, VSEG_A_DOMAIN_ID);
	}
	return code;
}

/*
 * bridges: NAME: MODE
 */

static int read_bridges(struct policy *p, const struct node *y, void *to)
{
	const struct node *k;
	int code = DONE;

	(void)to;
	if (y->kind != NODE_MAP)
		return unexpected(y, "a map of bridges' names or patterns to enforce or monitor");
	for (k = y->first; k && !code; k = k->next) {
		struct item *i = list_add(&p->bridge, sizeof(*i));

		i->at = k->at;
		code = read_string(k, "the name of a bridge", i->bridge.name,
				   sizeof(i->bridge.name));
		if (!code)
			code = read_enum(k->value, &mode_names,
					 "enforce or monitor", &i->bridge.mode);
		give(&i->bridge, VSEG_A_BRIDGE_NAME);
		give(&i->bridge, VSEG_A_BRIDGE_MODE);
	}
	return code;
}

/*
 * ports: a list of selectors
 */

static int read_key_text(const struct node *y, struct selector *s,
			 uint32_t type, const char *what, size_t max)
{
	if (has(s, VSEG_A_SELECTOR_TYPE))
		return place_fail(&y->at, "a port is selected by one of name, glob, mac, alias and group");
	s->type = type;
	give(s, VSEG_A_SELECTOR_TYPE);
	give(s, VSEG_A_SELECTOR_PATTERN);
	return read_string(y, what, s->pattern, max);
}

static int read_name(struct policy *p, const struct node *y, void *to)
{
	(void)p;
	return read_key_text(y, to, VSEG_SELECTOR_TYPE_NAME,
			     "the name of an interface", IFNAMSIZ);
}

static int read_glob(struct policy *p, const struct node *y, void *to)
{
	(void)p;
	return read_key_text(y, to, VSEG_SELECTOR_TYPE_GLOB,
			     "a pattern of names", VSEG_PATTERN_MAX + 1);
}

static int read_alias(struct policy *p, const struct node *y, void *to)
{
	(void)p;
	return read_key_text(y, to, VSEG_SELECTOR_TYPE_ALIAS,
			     "the alias of an interface", VSEG_PATTERN_MAX + 1);
}

static int read_mac(struct policy *p, const struct node *y, void *to)
{
	struct selector *s = to;
	unsigned int byte[6], i;
	int end = 0;

	(void)p;
	if (has(s, VSEG_A_SELECTOR_TYPE))
		return read_key_text(y, s, 0, "", 0);
	if (y->kind != NODE_TEXT ||
	    sscanf(y->text, "%2x:%2x:%2x:%2x:%2x:%2x%n", &byte[0], &byte[1],
		   &byte[2], &byte[3], &byte[4], &byte[5], &end) != 6 ||
	    end != 17 || y->text[end])
		return unexpected(y, "the guest's address, as 52:54:00:12:34:56");
	for (i = 0; i < 6; i++)
		s->mac[i] = byte[i];
	s->type = VSEG_SELECTOR_TYPE_MAC;
	give(s, VSEG_A_SELECTOR_TYPE);
	give(s, VSEG_A_SELECTOR_MAC);
	if (s->mac[0] & 1 || !memcmp(s->mac, "\0\0\0\0\0\0", 6))
		return unexpected(y, "an address that a guest can have");
	return DONE;
}

static int read_group(struct policy *p, const struct node *y, void *to)
{
	struct selector *s = to;

	(void)p;
	if (has(s, VSEG_A_SELECTOR_TYPE))
		return read_key_text(y, s, 0, "", 0);
	s->type = VSEG_SELECTOR_TYPE_GROUP;
	give(s, VSEG_A_SELECTOR_TYPE);
	give(s, VSEG_A_SELECTOR_GROUP);
	return read_number(y, "the number of a device group", 1, UINT32_MAX,
			   &s->group);
}

static int read_port_domain(struct policy *p, const struct node *y, void *to)
{
	struct selector *s = to;

	(void)p;
	give(s, VSEG_A_SELECTOR_DOMAIN);
	return read_domain_name(y, s->domain);
}

/* N or N-M */
static int read_vlan(const struct node *k, struct vlan *v)
{
	uint64_t first, last;
	const char *end;
	bool ok;

	ok = parse_number(k->text, &end, 4094, &first);
	last = first;
	if (ok && *end == '-')
		ok = parse_number(end + 1, &end, 4094, &last);
	if (!ok || *end || last < first)
		return unexpected(k, "a VLAN or a range of them, 0 to 4094, as 10 or 20-29");
	v->first = first;
	v->last = last;
	give(v, VSEG_A_VLAN_FIRST);
	give(v, VSEG_A_VLAN_LAST);
	give(v, VSEG_A_VLAN_DOMAIN);
	return read_domain_name(k->value, v->domain);
}

static int check_vlans(const struct node *y, const struct selector *s)
{
	const struct node *seen[4095] = { NULL }, *k = y->first;
	const struct vlan *v = s->vlan.item;
	size_t n;
	uint32_t vid;

	for (n = 0; n < s->vlan.n; n++, v++, k = k->next) {
		for (vid = v->first; vid <= v->last; vid++) {
			if (seen[vid])
				return place_fail(&k->at, "VLAN %u is in \"%s\" as well, line %u",
						  vid, seen[vid]->text,
						  seen[vid]->at.line);
			seen[vid] = k;
		}
	}
	return DONE;
}

static int read_vlans(struct policy *p, const struct node *y, void *to)
{
	struct selector *s = to;
	const struct node *k;
	int code = DONE;

	(void)p;
	if (y->kind != NODE_MAP)
		return unexpected(y, "a map of VLANs to domains");
	for (k = y->first; k && !code; k = k->next)
		code = read_vlan(k, list_add(&s->vlan, sizeof(struct vlan)));
	give(s, VSEG_A_SELECTOR_VLAN);
	return code ? code : check_vlans(y, s);
}

static const struct key trunk_keys[] = {
	{ "default", read_port_domain },
	{ "vlans", read_vlans },
};

static int read_trunk(struct policy *p, const struct node *y, void *to)
{
	struct selector *s = to;

	s->kind = VSEG_PORT_KIND_TRUNK;
	return read_map(p, y, "a trunk's map", trunk_keys,
			ARRAY_SIZE(trunk_keys), s);
}

static const struct key port_keys[] = {
	{ "name", read_name },
	{ "glob", read_glob },
	{ "mac", read_mac },
	{ "alias", read_alias },
	{ "group", read_group },
	{ "domain", read_port_domain },
	{ "trunk", read_trunk },
};

static int read_port(struct policy *p, const struct node *y)
{
	struct item *i = list_add(&p->selector, sizeof(*i));
	struct selector *s = &i->selector;
	int code;

	i->at = y->at;
	s->kind = VSEG_PORT_KIND_GUEST;
	give(s, VSEG_A_SELECTOR_KIND);
	code = read_map(p, y, "a port", port_keys, ARRAY_SIZE(port_keys), s);
	if (code)
		return code;
	if (!has(s, VSEG_A_SELECTOR_TYPE))
		return place_fail(&y->at, "a port lacks what it is selected by: name, glob, mac, alias or group");
	if (map_has(y, "domain") == map_has(y, "trunk"))
		return place_fail(&y->at, "a port has either a domain or a trunk");
	return DONE;
}

static int read_ports(struct policy *p, const struct node *y, void *to)
{
	const struct node *m;
	int code = DONE;

	(void)to;
	if (y->kind != NODE_LIST)
		return unexpected(y, "a list of ports");
	for (m = y->first; m && !code; m = m->next)
		code = read_port(p, m);
	return code;
}

/*
 * cells: a list of "SRC -> DST: ACTION"
 */

static int read_action(struct policy *p, const struct node *y, void *to)
{
	struct cell *cell = to;

	(void)p;
	return read_enum(y, &action_names, "allow or deny", &cell->action);
}

static int read_flag(const struct node *y, struct cell *cell, uint32_t flag)
{
	bool on;
	int code = read_switch(y, &on);

	if (!code && on)
		cell->flags |= flag;
	return code;
}

static int read_cell_mode(struct policy *p, const struct node *y, void *to)
{
	struct cell *cell = to;
	uint32_t mode = VSEG_BRIDGE_MODE_ENFORCE;
	int code = read_enum(y, &mode_names, "enforce or monitor", &mode);

	(void)p;
	if (!code && mode == VSEG_BRIDGE_MODE_MONITOR)
		cell->flags |= VSEG_CELL_FLAGS_MONITOR;
	return code;
}

static int read_log(struct policy *p, const struct node *y, void *to)
{
	(void)p;
	return read_flag(y, to, VSEG_CELL_FLAGS_LOG);
}

static const struct key cell_keys[] = {
	{ "action", read_action, true },
	{ "mode", read_cell_mode },
	{ "log", read_log },
};

/* Cuts "SRC -> DST" or "SRC <-> DST". */
static int read_ends(const struct node *k, struct cell *cell, bool *both)
{
	char src[64], arrow[4], dst[64];
	int end = 0;

	if (sscanf(k->text, "%63[^ \t] %3[-<>] %63[^ \t]%n", src, arrow, dst,
		   &end) != 3 || k->text[end] ||
	    (strcmp(arrow, "->") && strcmp(arrow, "<->")))
		return unexpected(k, "SRC -> DST or SRC <-> DST");
	if (!domain_name_ok(src))
		return bad_domain(&k->at, src);
	if (!domain_name_ok(dst))
		return bad_domain(&k->at, dst);
	memcpy(cell->src, src, strlen(src) + 1);
	memcpy(cell->dst, dst, strlen(dst) + 1);
	*both = *arrow == '<';
	return DONE;
}

static void turn(const struct cell *from, struct cell *to)
{
	*to = *from;
	memcpy(to->src, from->dst, sizeof(to->src));
	memcpy(to->dst, from->src, sizeof(to->dst));
}

static int read_cell(struct policy *p, const struct node *k)
{
	struct item one = { .at = k->at }, *i;
	struct cell *cell = &one.cell;
	bool both = false;
	int code = read_ends(k, cell, &both);

	if (code)
		return code;
	if (k->value->kind == NODE_MAP)
		code = read_map(p, k->value, "a cell", cell_keys,
				ARRAY_SIZE(cell_keys), cell);
	else
		code = read_action(p, k->value, cell);
	if (code)
		return code;
	if (cell->action == VSEG_ACTION_ALLOW &&
	    cell->flags & VSEG_CELL_FLAGS_MONITOR)
		return place_fail(&k->at, "an allow cell drops nothing that could be monitored");

	give(cell, VSEG_A_CELL_SRC);
	give(cell, VSEG_A_CELL_DST);
	give(cell, VSEG_A_CELL_ACTION);
	give(cell, VSEG_A_CELL_FLAGS);
	i = list_add(&p->cell, sizeof(*i));
	*i = one;
	if (both && strcmp(cell->src, cell->dst)) {
		i = list_add(&p->cell, sizeof(*i));
		i->at = k->at;
		turn(cell, &i->cell);
	}
	return DONE;
}

static int read_cells(struct policy *p, const struct node *y, void *to)
{
	const struct node *m;
	int code = DONE;

	(void)to;
	if (y->kind != NODE_LIST)
		return unexpected(y, "a list of cells, as - web -> db: allow");
	for (m = y->first; m && !code; m = m->next) {
		if (m->kind != NODE_MAP || !m->first || m->first->next)
			return unexpected(m, "a cell, as web -> db: allow");
		code = read_cell(p, m->first);
	}
	return code;
}

/*
 * settings
 */

static int once(const struct policy *p, const struct node *y, unsigned int attr)
{
	if (has(&p->settings, attr))
		return place_fail(&y->at, "this setting stands in another file as well");
	return DONE;
}

static int read_setting(struct policy *p, const struct node *y,
			unsigned int attr, bool *value)
{
	int code = once(p, y, attr);

	give(&p->settings, attr);
	return code ? code : read_switch(y, value);
}

#define SETTING(_attr, _member)						\
static int read_##_member(struct policy *p, const struct node *y, void *to) \
{									\
	(void)to;							\
	return read_setting(p, y, _attr, &p->settings._member);		\
}

SETTING(VSEG_A_SETTINGS_ADDRESS_RESOLUTION, address_resolution)
SETTING(VSEG_A_SETTINGS_BRIDGE_CONTROL, bridge_control)
SETTING(VSEG_A_SETTINGS_FLOOD_EVENTS, flood_events)

static int read_unmanaged(struct policy *p, const struct node *y, void *to)
{
	int code = once(p, y, VSEG_A_SETTINGS_UNMANAGED);

	(void)to;
	give(&p->settings, VSEG_A_SETTINGS_UNMANAGED);
	return code ? code : read_enum(y, &unmanaged_names, "pass or drop",
				       &p->settings.unmanaged);
}

static const struct key settings_keys[] = {
	{ "address-resolution", read_address_resolution },
	{ "bridge-control", read_bridge_control },
	{ "flood-events", read_flood_events },
	{ "unmanaged", read_unmanaged },
};

static int read_settings(struct policy *p, const struct node *y, void *to)
{
	(void)to;
	return read_map(p, y, "the settings", settings_keys,
			ARRAY_SIZE(settings_keys), NULL);
}

static const struct key top_keys[] = {
	{ "version", read_version, true },
	{ "domains", read_domains },
	{ "bridges", read_bridges },
	{ "ports", read_ports },
	{ "cells", read_cells },
	{ "settings", read_settings },
};

/*
 * Files.
 */

/* Keeps the name for as long as places point to it. */
static const char *keep_name(struct policy *p, const char *name)
{
	p->names = xreallocarray(p->names, p->nnames + 1, sizeof(*p->names));
	p->names[p->nnames] = xasprintf("%s", name);
	return p->names[p->nnames++];
}

static int read_stream(struct policy *p, const char *name, FILE *f)
{
	struct node *tree;
	int code;

	name = keep_name(p, name);
	code = tree_read(name, f, &tree);
	if (!code && !tree)
		code = fail(BAD_USAGE, "%s: empty; a policy begins with \"version: 1\"",
			    name);
	else if (!code)
		code = read_map(p, tree, "a policy", top_keys,
				ARRAY_SIZE(top_keys), NULL);
	tree_free(tree);
	return code;
}

static int read_file(struct policy *p, const char *path)
{
	FILE *f = fopen(path, "re");
	int code;

	if (!f)
		return fail(BAD_USAGE, "%s: %s", path, strerror(errno));
	code = read_stream(p, path, f);
	fclose(f);
	return code;
}

static int is_policy(const struct dirent *d)
{
	size_t len = strlen(d->d_name);

	return d->d_name[0] != '.' && len > 5 &&
	       !strcmp(d->d_name + len - 5, ".yaml");
}

static int read_directory(struct policy *p, const char *path)
{
	struct dirent **entry;
	int n = scandir(path, &entry, is_policy, alphasort), i, code = DONE;

	if (n < 0)
		return fail(BAD_USAGE, "%s: %s", path, strerror(errno));
	if (!n)
		code = fail(BAD_USAGE, "%s: no file whose name ends in .yaml",
			    path);
	for (i = 0; i < n; i++) {
		char *file = xasprintf("%s/%s", path, entry[i]->d_name);

		if (!code)
			code = read_file(p, file);
		free(file);
		free(entry[i]);
	}
	free(entry);
	return code;
}

/**
 * policy_read() - add what a file says to a policy
 * @p: policy
 * @path: a file, a directory of *.yaml, or "-" for standard input
 *
 * Return: DONE, or BAD_USAGE after it was said what is wrong.
 */
int policy_read(struct policy *p, const char *path)
{
	struct stat st;

	if (!strcmp(path, "-"))
		return read_stream(p, "standard input", stdin);
	if (!stat(path, &st) && S_ISDIR(st.st_mode))
		return read_directory(p, path);
	return read_file(p, path);
}
