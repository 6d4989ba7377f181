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
#include "policy-read.h"
#include "settings.h"

/*
 * Names of domains.
 */

/** bad_domain() - say that a domain can't have this name */
int bad_domain(const struct place *at, const char *name)
{
	return place_fail(at, "\"%s\" can't be a domain's name: a letter, then letters, digits, dots, underscores and dashes, %u at most",
			  name, VSEG_NAME_MAX);
}

/** domain_name_ok() - can a domain have this name? */
bool domain_name_ok(const char *name)
{
	const char *p = name;

	if (!isascii(*p) || !isalpha(*p))
		return false;
	while (*++p)
		if (!isascii(*p) || (!isalnum(*p) && !strchr("._-", *p)))
			return false;
	return p - name <= VSEG_NAME_MAX;
}

/** read_domain_name() - a domain's; whether there is such a one is asked later */
int read_domain_name(const struct node *y, char *to)
{
	if (y->kind != NODE_TEXT || !y->len)
		return unexpected(y, "the name of a domain");
	if (!domain_name_ok(y->text))
		return bad_domain(&y->at, y->text);
	memcpy(to, y->text, y->len + 1);
	return DONE;
}

/*
 * domains: NAME: ID, or NAME: {id: ID, permit: …, intra: …}
 */

static int read_id(struct policy *p, const struct node *y, void *to)
{
	struct domain *d = to;

	(void)p;
	give(d, VSEG_A_DOMAIN_ID);
	return read_number(y, "the domain's id, the same on each host",
			   VSEG_DOMAIN_ID_MIN, VSEG_DOMAIN_ID_MAX, &d->id);
}

static int read_domain_permit(struct policy *p, const struct node *y, void *to)
{
	struct domain *d = to;

	(void)p;
	give(d, VSEG_A_DOMAIN_GUARD_PERMIT);
	return read_permit(y, &d->guard_permit);
}

/* Short for a cell of the domain with itself. */
static int read_intra(struct policy *p, const struct node *y, void *to)
{
	static const char *const words[] = { "allow", "isolate" };
	const struct names names = { ARRAY_SIZE(words), words };
	const struct domain *d = to;
	uint32_t intra = 0;
	struct item *i;
	int code = read_enum(y, &names, "allow or isolate", &intra);

	if (code || !intra)
		return code;
	i = list_add(&p->cell, sizeof(*i));
	i->at = y->at;
	memcpy(i->cell.src, d->name, sizeof(i->cell.src));
	memcpy(i->cell.dst, d->name, sizeof(i->cell.dst));
	i->cell.action = VSEG_ACTION_ALLOW;
	i->cell.flags = VSEG_CELL_FLAGS_ISOLATE;
	give(&i->cell, VSEG_A_CELL_SRC);
	give(&i->cell, VSEG_A_CELL_DST);
	give(&i->cell, VSEG_A_CELL_ACTION);
	give(&i->cell, VSEG_A_CELL_FLAGS);
	give(&i->cell, VSEG_A_CELL_SERVICES);
	return DONE;
}

static const struct key domain_keys[] = {
	{ "id", read_id, true },
	{ "permit", read_domain_permit },
	{ "intra", read_intra },
};

static int read_domain(struct policy *p, const struct node *k)
{
	struct item *i = list_add(&p->domain, sizeof(*i));
	struct domain *d = &i->domain;
	int code = read_domain_name(k, d->name);

	i->at = k->at;
	give(d, VSEG_A_DOMAIN_NAME);
	if (code)
		return code;
	if (k->value->kind != NODE_MAP)
		return read_id(p, k->value, d);
	return read_map(p, k->value, "a domain", domain_keys,
			ARRAY_SIZE(domain_keys), d);
}

static int read_domains(struct policy *p, const struct node *y, void *to)
{
	const struct node *k;
	int code = DONE;

	(void)to;
	if (y->kind != NODE_MAP)
		return unexpected(y, "a map of domains' names to their ids");
	for (k = y->first; k && !code; k = k->next)
		code = read_domain(p, k);
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

	(void)p;
	if (has(s, VSEG_A_SELECTOR_TYPE))
		return read_key_text(y, s, 0, "", 0);
	s->type = VSEG_SELECTOR_TYPE_MAC;
	give(s, VSEG_A_SELECTOR_TYPE);
	give(s, VSEG_A_SELECTOR_MAC);
	return read_guest_mac(y, s->mac);
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
	if (!parse_range(k->text, 4094, &v->first, &v->last))
		return unexpected(k, "a VLAN or a range of them, 0 to 4094, as 10 or 20-29");
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

	for (n = 0; k && n < s->vlan.n; n++, v++, k = k->next) {
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
	{ "guard", read_guard },
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
	if (map_has(y, "guard") && map_has(y, "trunk"))
		return place_fail(&y->at, "a trunk has no guard: many stations are behind it");
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

static int read_settings_guard(struct policy *p, const struct node *y,
			       void *to)
{
	(void)to;
	return read_setting(p, y, VSEG_A_SETTINGS_GUARD, &p->settings.guard);
}

static int read_unmanaged(struct policy *p, const struct node *y, void *to)
{
	int code = once(p, y, VSEG_A_SETTINGS_UNMANAGED);

	(void)to;
	give(&p->settings, VSEG_A_SETTINGS_UNMANAGED);
	return code ? code : read_enum(y, &unmanaged_names, "pass or drop",
				       &p->settings.unmanaged);
}

SETTING(VSEG_A_SETTINGS_STATE_PICKUP, state_pickup)

static int read_state_limit(struct policy *p, const struct node *y, void *to)
{
	int code = once(p, y, VSEG_A_SETTINGS_STATE_LIMIT);

	(void)to;
	give(&p->settings, VSEG_A_SETTINGS_STATE_LIMIT);
	return code ? code : read_number(y, "the most flows of one domain", 1,
					 VSEG_STATE_LIMIT_MAX,
					 &p->settings.state_limit);
}

static int read_state_zones(struct policy *p, const struct node *y, void *to)
{
	int code = once(p, y, VSEG_A_SETTINGS_STATE_ZONE_FIRST);

	(void)to;
	give(&p->settings, VSEG_A_SETTINGS_STATE_ZONE_FIRST);
	give(&p->settings, VSEG_A_SETTINGS_STATE_ZONE_LAST);
	if (code)
		return code;
	return y->kind == NODE_TEXT && parse_zones(y->text, &p->settings) ?
	       DONE : unexpected(y, ZONES_WANTED);
}

static int read_mark_mask(struct policy *p, const struct node *y, void *to)
{
	int code = once(p, y, VSEG_A_SETTINGS_MARK_MASK);

	(void)to;
	give(&p->settings, VSEG_A_SETTINGS_MARK_MASK);
	if (code)
		return code;
	return y->kind == NODE_TEXT && y->plain &&
	       parse_mask(y->text, &p->settings.mark_mask) ?
	       DONE : unexpected(y, MASK_WANTED);
}

static const struct key settings_keys[] = {
	{ "address-resolution", read_address_resolution },
	{ "bridge-control", read_bridge_control },
	{ "flood-events", read_flood_events },
	{ "guard", read_settings_guard },
	{ "unmanaged", read_unmanaged },
	{ "state-pickup", read_state_pickup },
	{ "state-limit", read_state_limit },
	{ "state-zones", read_state_zones },
	{ "mark-mask", read_mark_mask },
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
	{ "services", read_services },
	{ "prefixes", read_prefixes },
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
