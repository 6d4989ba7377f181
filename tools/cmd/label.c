// SPDX-License-Identifier: GPL-2.0
/* What a port is given, in a binding or a selector. */
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "../match.h"
#include "../policy.h"
#include "../text.h"

static char *append(char *text, const char *before, const char *more)
{
	char *longer = xasprintf("%s%s%s", text, before, more);

	free(text);
	return longer;
}

/** print_guard() - a guard as bind takes it, in a cell of a table */
void print_guard(struct out *o, const struct guard *g)
{
	const struct prefix *p = g->prefix.item;
	const struct mac *m = g->mac.item;
	char *text = xasprintf("%s", ""), *permit;
	char word[MATCH_LEN];
	uint32_t length;
	size_t i;

	for (i = 0; i < g->mac.n; i++)
		text = append(text, i ? "," : "mac ",
			      text_mac(word, m[i].byte));
	for (i = 0; i < g->prefix.n; i++) {
		length = has(&p[i], VSEG_A_PREFIX_LENGTH) ?
			 p[i].length : p[i].address.len * 8u;
		text = append(text, i ? "," : *text ? " address " : "address ",
			      text_prefix(word, &p[i].address, length));
	}
	if (g->permit) {
		permit = bits_text(&guard_permit_names, g->permit);
		text = append(text, *text ? " permit " : "permit ", permit);
		free(permit);
	}
	out_cell(o, "%s", *text ? text : "-");
	free(text);
}

static int label_domain(struct args *a, const struct label *l)
{
	int code = args_domain(a, "DOMAIN", l->domain);

	if (!code)
		*l->has |= BIT64(l->domain_attr);
	return code;
}

static int label_vlan(struct args *a, const struct label *l)
{
	struct vlan *v = list_add(l->vlan, sizeof(*v));
	int code = args_vlans(a, v);

	if (!code)
		code = args_domain(a, "DOMAIN", v->domain);
	if (code)
		return code;
	give(v, VSEG_A_VLAN_DOMAIN);
	*l->has |= BIT64(l->vlan_attr);
	return DONE;
}

static int label_trunk(struct args *a, const struct label *l)
{
	int code = DONE;

	while (!code && args_more(a)) {
		bool had = *l->has & BIT64(l->domain_attr);

		if (args_take(a, "vlan"))
			code = label_vlan(a, l);
		else if (!had && args_take(a, "default"))
			code = label_domain(a, l);
		else
			return args_end(a, had ? "vlan" : "default or vlan");
	}
	return code;
}

/* Calls @fn for each part of a word with commas. */
static int each_part(struct args *a, const char *what, struct guard *g,
		     int (*fn)(struct args *a, struct guard *g,
			       const char *part))
{
	const char *word = args_need(a, what);
	char *copy, *next, *part;
	int code = DONE;

	if (!word)
		return BAD_USAGE;
	copy = xasprintf("%s", word);
	next = copy;
	while (!code && (part = strsep(&next, ",")))
		code = fn(a, g, part);
	free(copy);
	return code;
}

static int take_mac(struct args *a, struct guard *g, const char *part)
{
	struct mac *mac = list_add(&g->mac, sizeof(*mac));

	give(g, VSEG_A_GUARD_MAC);
	return parse_mac(part, mac->byte) ? DONE :
	       args_fail(a, "expected MAC, as 52:54:00:12:34:56, not \"%s\"",
			 part);
}

static int take_address(struct args *a, struct guard *g, const char *part)
{
	struct prefix *p = list_add(&g->prefix, sizeof(*p));
	char *why = parse_prefix(part, &p->address, &p->length);
	int code = why ? args_fail(a, "%s", why) : DONE;

	free(why);
	give(g, VSEG_A_GUARD_PREFIX);
	give(p, VSEG_A_PREFIX_ADDRESS);
	give(p, VSEG_A_PREFIX_LENGTH);
	return code;
}

static int label_guard(struct args *a, const struct label *l)
{
	struct guard *g = l->guard;
	int code = DONE;

	while (!code && args_more(a)) {
		*l->has |= BIT64(l->guard_attr);
		if (args_take(a, "mac")) {
			code = each_part(a, "MAC", g, take_mac);
		} else if (args_take(a, "address")) {
			code = each_part(a, "ADDRESS", g, take_address);
		} else if (args_take(a, "permit")) {
			give(g, VSEG_A_GUARD_PERMIT);
			code = args_bits(a, "permit", &guard_permit_names,
					 &g->permit);
		} else {
			return args_end(a, "mac, address or permit");
		}
	}
	return code;
}

/**
 * parse_label() - read what a port is given: DOMAIN, or trunk and its VLANs
 * @a: words, to their end
 * @l: where it goes
 *
 * Return: DONE, or BAD_USAGE after it was said what is wrong.
 */
int parse_label(struct args *a, const struct label *l)
{
	int code;

	*l->has |= BIT64(l->kind_attr);
	if (args_take(a, "trunk")) {
		*l->kind = VSEG_PORT_KIND_TRUNK;
		return label_trunk(a, l);
	}
	*l->kind = VSEG_PORT_KIND_GUEST;
	if (!args_more(a))
		return args_fail(a, "expected DOMAIN or trunk");
	code = label_domain(a, l);
	return code ? code : label_guard(a, l);
}
