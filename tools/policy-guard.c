// SPDX-License-Identifier: GPL-2.0
/* The guards of a policy file's ports, and what makes two of them the same. */
#include <stdlib.h>
#include <string.h>

#include "args.h"
#include "match.h"
#include "policy-read.h"

/** read_permit() - what a guest may send that guards drop otherwise */
int read_permit(const struct node *y, uint32_t *permit)
{
	return read_bits(y, &guard_permit_names,
			 "what a guest may send: all, dhcp-server, router, spanning-tree, link-local or multicast-router",
			 permit);
}

/** read_guest_mac() - an address of a guest */
int read_guest_mac(const struct node *y, uint8_t *mac)
{
	if (y->kind != NODE_TEXT || !parse_mac(y->text, mac))
		return unexpected(y, "the guest's address, as 52:54:00:12:34:56");
	if (mac[0] & 1 || !memcmp(mac, "\0\0\0\0\0\0", 6))
		return unexpected(y, "an address that a guest can have");
	return DONE;
}

/* Calls @fn for a text, or for each text of a list. */
static int each_text(const struct node *y, struct guard *g, const char *what,
		     int (*fn)(const struct node *y, struct guard *g))
{
	const struct node *m;
	unsigned int n = 0;
	int code = DONE;

	if (y->kind == NODE_TEXT)
		return fn(y, g);
	if (y->kind != NODE_LIST || !y->first)
		return unexpected(y, what);
	for (m = y->first; m && !code; m = m->next) {
		if (++n > VSEG_MAX_GUARD_ADDRESSES)
			return place_fail(&m->at, "more than %u addresses",
					  VSEG_MAX_GUARD_ADDRESSES);
		code = fn(m, g);
	}
	return code;
}

static int take_mac(const struct node *y, struct guard *g)
{
	const struct mac *mac = g->mac.item;
	struct mac one;
	size_t i;
	int code = read_guest_mac(y, one.byte);

	if (code)
		return code;
	for (i = 0; i < g->mac.n; i++)
		if (!memcmp(&mac[i], &one, sizeof(one)))
			return place_fail(&y->at, "\"%s\" is given twice",
					  y->text);
	*(struct mac *)list_add(&g->mac, sizeof(one)) = one;
	give(g, VSEG_A_GUARD_MAC);
	return DONE;
}

static int take_prefix(const struct node *y, struct guard *g)
{
	struct prefix *p = list_add(&g->prefix, sizeof(*p));
	char *why;
	int code;

	if (y->kind != NODE_TEXT || !y->len)
		return unexpected(y, "an address or prefix, as 192.0.2.7");
	why = parse_prefix(y->text, &p->address, &p->length);
	give(p, VSEG_A_PREFIX_ADDRESS);
	give(p, VSEG_A_PREFIX_LENGTH);
	give(g, VSEG_A_GUARD_PREFIX);
	if (!why)
		return DONE;
	code = place_fail(&y->at, "%s", why);
	free(why);
	return code;
}

static int read_macs(struct policy *p, const struct node *y, void *to)
{
	(void)p;
	return each_text(y, to, "the guest's address, as 52:54:00:12:34:56, or a list of these",
			 take_mac);
}

static int read_addresses(struct policy *p, const struct node *y, void *to)
{
	(void)p;
	return each_text(y, to, "an address or prefix, as 192.0.2.7, or a list of these",
			 take_prefix);
}

static int read_guard_permit(struct policy *p, const struct node *y, void *to)
{
	struct guard *g = to;

	(void)p;
	give(g, VSEG_A_GUARD_PERMIT);
	return read_permit(y, &g->permit);
}

static const struct key guard_keys[] = {
	{ "mac", read_macs },
	{ "address", read_addresses },
	{ "permit", read_guard_permit },
};

/** read_guard() - struct key.read of a port's "guard" */
int read_guard(struct policy *p, const struct node *y, void *to)
{
	struct selector *s = to;

	give(s, VSEG_A_SELECTOR_GUARD);
	return read_map(p, y, "a guard", guard_keys, ARRAY_SIZE(guard_keys),
			&s->guard);
}

/*
 * What all readers of guards share.
 */

static int mac_order(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct mac));
}

static int prefix_order(const void *a, const void *b)
{
	const struct prefix *x = a, *y = b;
	int order = (int)x->address.len - (int)y->address.len;

	if (!order)
		order = memcmp(x->address.byte, y->address.byte,
			       x->address.len);
	return order ? order : (int)x->length - (int)y->length;
}

/** guard_sort() - put a guard in order, and complete what was left away */
void guard_sort(struct guard *g)
{
	struct prefix *p = g->prefix.item;
	size_t n;

	for (n = 0; n < g->prefix.n; n++)
		if (!has(&p[n], VSEG_A_PREFIX_LENGTH)) {
			p[n].length = p[n].address.len * 8;
			give(&p[n], VSEG_A_PREFIX_LENGTH);
		}
	list_sort(&g->mac, sizeof(struct mac), mac_order);
	list_sort(&g->prefix, sizeof(struct prefix), prefix_order);
}

/** guard_is_empty() - does a guard say nothing of its own? */
bool guard_is_empty(const struct guard *g)
{
	return !g->permit && !g->mac.n && !g->prefix.n;
}

/** guard_same() - do two guards, both sorted, let the same pass? */
bool guard_same(const struct guard *a, const struct guard *b)
{
	const struct prefix *x = a->prefix.item, *y = b->prefix.item;
	size_t n;

	if (a->permit != b->permit || a->mac.n != b->mac.n ||
	    a->prefix.n != b->prefix.n)
		return false;
	for (n = 0; n < a->prefix.n; n++)
		if (prefix_order(&x[n], &y[n]))
			return false;
	return !a->mac.n || !memcmp(a->mac.item, b->mac.item,
				    a->mac.n * sizeof(struct mac));
}

/** guard_copy() - a copy that owns what it has */
void guard_copy(struct guard *to, const struct guard *from)
{
	const struct prefix *p = from->prefix.item;
	const struct mac *m = from->mac.item;
	size_t n;

	*to = *from;
	memset(&to->mac, 0, sizeof(to->mac));
	memset(&to->prefix, 0, sizeof(to->prefix));
	for (n = 0; n < from->mac.n; n++)
		*(struct mac *)list_add(&to->mac, sizeof(*m)) = m[n];
	for (n = 0; n < from->prefix.n; n++)
		*(struct prefix *)list_add(&to->prefix, sizeof(*p)) = p[n];
}
