// SPDX-License-Identifier: GPL-2.0
/* A whole policy: its order, and what tells one item from another. */
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy.h"
#include "text.h"

/** policy_init() - an empty policy, with the settings that the kernel begins with */
void policy_init(struct policy *p)
{
	memset(p, 0, sizeof(*p));
	p->settings.address_resolution = true;
	p->settings.bridge_control = true;
	p->settings.unmanaged = VSEG_UNMANAGED_PASS;
}

static void selectors_clear(struct list *l)
{
	struct item *i = l->item;
	size_t n;

	for (n = 0; n < l->n; n++)
		list_clear(&vlan_schema, &i[n].selector.vlan);
	free(l->item);
}

/** policy_clear() - free what a policy owns */
void policy_clear(struct policy *p)
{
	size_t n;

	free(p->domain.item);
	free(p->bridge.item);
	selectors_clear(&p->selector);
	free(p->cell.item);
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
	s = p->selector.item;
	for (n = 0; n < p->selector.n; n++)
		list_sort(&s[n].selector.vlan, sizeof(struct vlan),
			  vlan_order);
}

/** selector_same_binding() - do two selectors give a port the same labels? */
bool selector_same_binding(const struct selector *a, const struct selector *b)
{
	const struct vlan *x = a->vlan.item, *y = b->vlan.item;
	size_t n;

	if (a->kind != b->kind || strcmp(a->domain, b->domain) ||
	    a->vlan.n != b->vlan.n)
		return false;
	for (n = 0; n < a->vlan.n; n++)
		if (x[n].first != y[n].first || x[n].last != y[n].last ||
		    strcmp(x[n].domain, y[n].domain))
			return false;
	return true;
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
