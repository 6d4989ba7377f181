// SPDX-License-Identifier: GPL-2.0
/* A whole policy: its order, and what tells one item from another. */
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy.h"
#include "settings.h"
#include "text.h"

/** policy_init() - an empty policy, with the settings that the kernel begins with */
void policy_init(struct policy *p)
{
	memset(p, 0, sizeof(*p));
	settings_init(&p->settings);
}

static void selectors_clear(struct list *l)
{
	struct item *i = l->item;
	size_t n;

	for (n = 0; n < l->n; n++)
		model_clear(&selector_schema, &i[n].selector);
	free(l->item);
}

static void drafts_clear(struct list *l)
{
	struct draft *d = l->item;
	size_t n;

	for (n = 0; n < l->n; n++)
		draft_clear(&d[n]);
	free(l->item);
	memset(l, 0, sizeof(*l));
}

static void cells_clear(struct list *l)
{
	struct item *i = l->item;
	size_t n;

	for (n = 0; n < l->n; n++) {
		drafts_clear(&i[n].draft);
		rules_clear(&i[n].rule);
	}
	free(l->item);
}

/** policy_clear() - free what a policy owns */
void policy_clear(struct policy *p)
{
	size_t n;

	free(p->domain.item);
	free(p->bridge.item);
	selectors_clear(&p->selector);
	cells_clear(&p->cell);
	dictionary_clear(&p->dictionary);
	for (n = 0; n < p->nnames; n++)
		free(p->names[n]);
	free(p->names);
	memset(p, 0, sizeof(*p));
}

/** domain_order() - by name */
int domain_order(const void *a, const void *b)
{
	const struct item *x = a, *y = b;

	return strcmp(x->domain.name, y->domain.name);
}

/** bridge_order() - by name or pattern */
int bridge_order(const void *a, const void *b)
{
	const struct item *x = a, *y = b;

	return strcmp(x->bridge.name, y->bridge.name);
}

static int number_order(uint32_t a, uint32_t b)
{
	return a < b ? -1 : a > b;
}

/** selector_order() - in the order in which the kernel asks them */
int selector_order(const void *a, const void *b)
{
	const struct selector *x = &((const struct item *)a)->selector;
	const struct selector *y = &((const struct item *)b)->selector;
	int order = number_order(x->type, y->type);

	if (order)
		return order;
	switch (x->type) {
	case VSEG_SELECTOR_TYPE_MAC:
		/* The first byte of a tap's address may be libvirt's. */
		return memcmp(x->mac + 1, y->mac + 1, sizeof(x->mac) - 1);
	case VSEG_SELECTOR_TYPE_GROUP:
		return number_order(x->group, y->group);
	case VSEG_SELECTOR_TYPE_GLOB:
		order = number_order(strlen(y->pattern), strlen(x->pattern));
		break;
	}
	return order ? order : strcmp(x->pattern, y->pattern);
}

/** cell_order() - by source, then destination */
int cell_order(const void *a, const void *b)
{
	const struct cell *x = &((const struct item *)a)->cell;
	const struct cell *y = &((const struct item *)b)->cell;
	int order = strcmp(x->src, y->src);

	return order ? order : strcmp(x->dst, y->dst);
}

/** cell_same() - do two cells do the same, but for their rules? */
bool cell_same(const struct cell *a, const struct cell *b)
{
	return a->action == b->action && a->flags == b->flags &&
	       a->services == b->services;
}

static int vlan_order(const void *a, const void *b)
{
	const struct vlan *x = a, *y = b;

	return number_order(x->first, y->first);
}

/** policy_sort() - put all items in order */
void policy_sort(struct policy *p)
{
	struct item *s;
	size_t n;

	list_sort(&p->domain, sizeof(struct item), domain_order);
	list_sort(&p->bridge, sizeof(struct item), bridge_order);
	list_sort(&p->selector, sizeof(struct item), selector_order);
	list_sort(&p->cell, sizeof(struct item), cell_order);
	list_sort(&p->dictionary.service, sizeof(struct named), named_order);
	list_sort(&p->dictionary.prefix, sizeof(struct named), named_order);
	s = p->selector.item;
	for (n = 0; n < p->selector.n; n++) {
		list_sort(&s[n].selector.vlan, sizeof(struct vlan),
			  vlan_order);
		guard_sort(&s[n].selector.guard);
	}
}

/** selector_same_binding() - do two selectors give a port the same? */
bool selector_same_binding(const struct selector *a, const struct selector *b)
{
	const struct vlan *x = a->vlan.item, *y = b->vlan.item;
	size_t n;

	if (a->kind != b->kind || strcmp(a->domain, b->domain) ||
	    a->vlan.n != b->vlan.n || !guard_same(&a->guard, &b->guard))
		return false;
	for (n = 0; n < a->vlan.n; n++)
		if (x[n].first != y[n].first || x[n].last != y[n].last ||
		    strcmp(x[n].domain, y[n].domain))
			return false;
	return true;
}

/* Matches of all rules together: a list of prefixes may be named by each rule. */
#define MAX_ALL_MATCHES	1048576

static int make_rules(const struct policy *p, struct item *i, size_t *rules,
		      size_t *matches)
{
	const struct draft *d = i->draft.item;
	const struct place *at;
	size_t n, before;
	char *why;
	int code;

	for (n = 0; n < i->draft.n; n++) {
		before = i->rule.n;
		at = &d[n].at;
		why = draft_rules(&d[n], &p->dictionary, &i->rule, &at);
		if (why) {
			code = place_fail(at, "%s", why);
			free(why);
			return code;
		}
		for (; before < i->rule.n; before++)
			*matches += ((struct listed_rule *)i->rule.item +
				     before)->rule.match.n;
		if (i->rule.n > VSEG_MAX_CELL_RULES)
			return place_fail(&d[n].at, "more than %u rules of one cell",
					  VSEG_MAX_CELL_RULES);
		if (*rules + i->rule.n > VSEG_MAX_RULES)
			return place_fail(&d[n].at, "more than %u rules",
					  VSEG_MAX_RULES);
		if (*matches > MAX_ALL_MATCHES)
			return place_fail(&d[n].at, "the rules ask more than %u things together",
					  MAX_ALL_MATCHES);
	}
	*rules += i->rule.n;
	return DONE;
}

/**
 * policy_make_rules() - make of rules as they were written what the kernel has
 * @p: sorted policy, whose names were checked
 *
 * Return: DONE, or BAD_USAGE after it was said what is wrong.
 */
int policy_make_rules(struct policy *p)
{
	struct item *i = p->cell.item;
	size_t n, rules = 0, matches = 0;
	int code = DONE;

	for (n = 0; n < p->cell.n && !code; n++) {
		code = make_rules(p, &i[n], &rules, &matches);
		drafts_clear(&i[n].draft);
		i[n].cell.rules = i[n].rule.n;
	}
	return code;
}

/** policy_domain() - a domain of a sorted policy by name, or NULL */
const struct item *policy_domain(const struct policy *p, const char *name)
{
	struct item key = { 0 };

	snprintf(key.domain.name, sizeof(key.domain.name), "%s", name);
	return p->domain.n ? bsearch(&key, p->domain.item, p->domain.n,
				     sizeof(key), domain_order) : NULL;
}

/** policy_cell() - a cell of a sorted policy by its ends, or NULL */
const struct item *policy_cell(const struct policy *p, const char *src,
			       const char *dst)
{
	struct item key = { 0 };

	snprintf(key.cell.src, sizeof(key.cell.src), "%s", src);
	snprintf(key.cell.dst, sizeof(key.cell.dst), "%s", dst);
	return p->cell.n ? bsearch(&key, p->cell.item, p->cell.n, sizeof(key),
				   cell_order) : NULL;
}

/** policy_bridge() - what a policy says of a bridge, or NULL; as the kernel does */
const struct bridge *policy_bridge(const struct policy *p, const char *name)
{
	const struct item *i = p->bridge.item;
	const struct bridge *best = NULL;
	size_t n;

	for (n = 0; n < p->bridge.n; n++) {
		const struct bridge *b = &i[n].bridge;

		if (!strcmp(b->name, name))
			return b;
		if (!fnmatch(b->name, name, 0) &&
		    (!best || strlen(b->name) > strlen(best->name)))
			best = b;
	}
	return best;
}

/** selector_text() - what a selector looks for, as the file says it */
const char *selector_text(const struct selector *s, char *buf, size_t size)
{
	char mac[MAC_LEN];

	switch (s->type) {
	case VSEG_SELECTOR_TYPE_MAC:
		snprintf(buf, size, "mac %s", text_mac(mac, s->mac));
		break;
	case VSEG_SELECTOR_TYPE_GROUP:
		snprintf(buf, size, "group %u", s->group);
		break;
	default:
		snprintf(buf, size, "%s %s",
			 name_of(&selector_type_names, s->type), s->pattern);
	}
	return buf;
}
