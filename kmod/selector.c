// SPDX-License-Identifier: GPL-2.0
/*
 * Selectors, the set of them that a policy has, and what they say of a device.
 *
 * The set is one array, sorted by rank: guest addresses, names, aliases,
 * patterns (the longest first), groups.  All but patterns are found by a
 * binary search.
 */
#include <linux/string.h>

#include "selector.h"

/*
 * Patterns, as lib/glob.c takes them.  That of Linux 6.1 lets an inverted class
 * at the end of a name have the zero byte, and reads on behind it.
 */

/* Does the class [...] that begins behind @p's bracket have @c?  @end: behind it;
 * as before when the class doesn't end, and then the bracket is a letter.
 */
static bool vseg_glob_class(const char *p, unsigned char c, const char **end)
{
	bool inverted = *p == '!', found = false;
	const char *first;

	p += inverted;
	for (first = p; *p != ']' || p == first; p++) {
		unsigned char low = *p, high = low;

		if (!low)
			return false;
		if (p[1] == '-' && p[2] != ']') {
			high = p[2];
			if (!high)
				return false;
			p += 2;
		}
		found |= low <= c && c <= high;
	}
	*end = p + 1;
	return found != inverted;
}

/* Does one step of the pattern, no star, take @c?  @end: behind it. */
static bool vseg_glob_step(const char *p, unsigned char c, const char **end)
{
	const char *behind = NULL;
	bool has;

	*end = p + 1;
	switch (*p) {
	case '?':
		return true;
	case '[':
		has = vseg_glob_class(p + 1, c, &behind);
		if (!behind)
			break;
		*end = behind;
		return has;
	case '\\':
		p++;
		*end = p + 1;
		break;
	}
	return (unsigned char)*p == c;
}

/**
 * vseg_glob - does a pattern fit a whole name?
 * @pattern: *, ?, [...], [!...], and a backslash before any of them
 * @name: name
 *
 * Goes back to the last star only: what an earlier one could take, it can.
 *
 * Return: whether it does.
 */
bool vseg_glob(const char *pattern, const char *name)
{
	const char *star = NULL, *from = NULL, *end;

	while (*name) {
		if (*pattern == '*') {
			star = ++pattern;
			from = name;
		} else if (*pattern && vseg_glob_step(pattern, *name, &end)) {
			pattern = end;
			name++;
		} else if (star) {
			pattern = star;
			name = ++from;
		} else {
			return false;
		}
	}
	while (*pattern == '*')
		pattern++;
	return !*pattern;
}

/* Room in the smallest set. */
#define VSEG_SELECTORS_MIN	16

static_assert(VSEG_SELECTOR_TYPE_MAC < VSEG_SELECTOR_TYPE_NAME &&
	      VSEG_SELECTOR_TYPE_NAME < VSEG_SELECTOR_TYPE_ALIAS &&
	      VSEG_SELECTOR_TYPE_ALIAS < VSEG_SELECTOR_TYPE_GLOB &&
	      VSEG_SELECTOR_TYPE_GLOB < VSEG_SELECTOR_TYPE_GROUP);

/*
 * Binds.
 */

/**
 * vseg_bind_clear - give back what a bind owns
 * @bind: bind with references of its own
 */
void vseg_bind_clear(struct vseg_bind *bind)
{
	u32 i;

	for (i = 0; i < bind->nmap; i++)
		vseg_domain_put(bind->map[i].domain);
	kvfree(bind->map);
	if (bind->domain)
		vseg_domain_put(bind->domain);
	vseg_guard_put(bind->guard);
	memset(bind, 0, sizeof(*bind));
}

/**
 * vseg_bind_same - do two binds give a port the same labels and guard?
 * @a: bind
 * @b: bind
 *
 * Return: whether they do; maps that are cut differently are not the same.
 */
bool vseg_bind_same(const struct vseg_bind *a, const struct vseg_bind *b)
{
	u32 i;

	if (a->kind != b->kind || a->domain != b->domain ||
	    a->nmap != b->nmap || !vseg_guard_same(a->guard, b->guard))
		return false;
	for (i = 0; i < a->nmap; i++)
		if (a->map[i].first != b->map[i].first ||
		    a->map[i].last != b->map[i].last ||
		    a->map[i].domain != b->map[i].domain)
			return false;
	return true;
}

/**
 * vseg_bind_names - does a bind give a domain to any frame?
 * @bind: bind
 * @domain: domain
 *
 * Return: whether it does.
 */
bool vseg_bind_names(const struct vseg_bind *bind,
		     const struct vseg_domain *domain)
{
	u32 i;

	for (i = 0; i < bind->nmap; i++)
		if (bind->map[i].domain == domain)
			return true;
	return bind->domain == domain;
}

/**
 * vseg_bind_vlan - the domain that a bind gives a frame of a VLAN
 * @bind: bind
 * @vid: VLAN; matters at trunk ports only
 *
 * Return: the domain, the bind's reference; NULL for unlabelled.
 */
struct vseg_domain *vseg_bind_vlan(const struct vseg_bind *bind, u16 vid)
{
	u32 i;

	for (i = 0; i < bind->nmap; i++)
		if (bind->map[i].first <= vid && vid <= bind->map[i].last)
			return bind->map[i].domain;
	return bind->domain;
}

/*
 * Selectors.
 */

/**
 * vseg_selector_alloc - make a selector
 * @type: enum vseg_selector_type
 * @pattern: name, alias or pattern, or "" for the other types
 *
 * Return: the selector with one reference, the caller's, who fills in the
 * rest; or NULL.
 */
struct vseg_selector *vseg_selector_alloc(u8 type, const char *pattern)
{
	size_t len = strlen(pattern);
	struct vseg_selector *s;

	s = kzalloc(struct_size(s, pattern, len + 1), GFP_KERNEL_ACCOUNT);
	if (!s)
		return NULL;
	refcount_set(&s->ref, 1);
	s->type = type;
	s->len = len;
	memcpy(s->pattern, pattern, len);
	return s;
}

/**
 * vseg_selector_put - give a reference back
 * @s: selector, or NULL
 *
 * Context: process, may sleep.
 */
void vseg_selector_put(struct vseg_selector *s)
{
	if (!s || !refcount_dec_and_test(&s->ref))
		return;
	vseg_bind_clear(&s->bind);
	kfree(s);
}

/**
 * vseg_glob_has_wildcard - is this a pattern rather than a name?
 * @pattern: string
 *
 * Return: whether a wildcard is in it.
 */
bool vseg_glob_has_wildcard(const char *pattern)
{
	return strpbrk(pattern, "*?[");
}

/* Behind the class that begins at @p; NULL when it doesn't end. */
static const char *vseg_glob_class_end(const char *p)
{
	if (*p == '!')
		p++;
	/* A bracket that stands first is a member. */
	if (*p == ']')
		p++;
	p = strchr(p, ']');
	return p ? p + 1 : NULL;
}

/**
 * vseg_glob_ok - is this a pattern that means the same to everybody?
 * @pattern: string
 *
 * vseg_glob() takes a backslash as an escape and an open bracket as itself,
 * shells differ; both are typing errors in the name of an interface.
 *
 * Return: whether it is.
 */
bool vseg_glob_ok(const char *pattern)
{
	const char *p = pattern;

	while (p && *p) {
		if (*p == '\\')
			return false;
		if (*p++ == '[')
			p = *p == '^' ? NULL : vseg_glob_class_end(p);
	}
	return p && *pattern;
}

/* Order within a type; 0 for two selectors that fit the same devices. */
static int vseg_selector_cmp_key(const struct vseg_selector *a,
				 const struct vseg_selector *b)
{
	switch (a->type) {
	case VSEG_SELECTOR_TYPE_MAC:
		/* A tap's first byte may be libvirt's. */
		return memcmp(a->mac + 1, b->mac + 1, VSEG_MAC_LEN - 1);
	case VSEG_SELECTOR_TYPE_GROUP:
		return a->group < b->group ? -1 : a->group > b->group;
	case VSEG_SELECTOR_TYPE_GLOB:
		if (a->len != b->len)
			return a->len > b->len ? -1 : 1;
		break;
	}
	return strcmp(a->pattern, b->pattern);
}

/*
 * Sets.
 */

/* First place of its type that doesn't come before @like. */
static u32 vseg_selector_place(const struct vseg_selector_set *set,
			       const struct vseg_selector *like)
{
	u32 low = set->first[like->type], high = set->first[like->type + 1];

	while (low < high) {
		u32 mid = low + (high - low) / 2;

		if (vseg_selector_cmp_key(set->v[mid], like) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/**
 * vseg_selector_set_find - the selector that fits the same devices
 * @set: selectors of a policy
 * @like: a selector, its bind not looked at
 *
 * Two guest addresses that differ in their first byte only fit the same tap.
 *
 * Return: the selector, the set's reference; or NULL.
 */
struct vseg_selector *
vseg_selector_set_find(const struct vseg_selector_set *set,
		       const struct vseg_selector *like)
{
	u32 i = vseg_selector_place(set, like);

	if (i < set->first[like->type + 1] &&
	    !vseg_selector_cmp_key(set->v[i], like))
		return set->v[i];
	return NULL;
}

static int vseg_selector_set_grow(struct vseg_selector_set *set)
{
	u32 max = set->max ? 2 * set->max : VSEG_SELECTORS_MIN;
	struct vseg_selector **v;

	if (set->n < set->max)
		return 0;
	v = kvmalloc_array(max, sizeof(*v), VSEG_GFP_TABLE);
	if (!v)
		return -ENOMEM;
	if (set->n)
		memcpy(v, set->v, set->n * sizeof(*v));
	kvfree(set->v);
	set->v = v;
	set->max = max;
	return 0;
}

/**
 * vseg_selector_set_add - add a selector that isn't there
 * @set: selectors of a policy
 * @s: selector; the set takes a reference of its own
 *
 * Return: 0 or -ENOMEM, with nothing changed.
 */
int vseg_selector_set_add(struct vseg_selector_set *set,
			  struct vseg_selector *s)
{
	u32 at, type;

	if (vseg_selector_set_grow(set))
		return -ENOMEM;
	at = vseg_selector_place(set, s);
	memmove(&set->v[at + 1], &set->v[at],
		(set->n - at) * sizeof(*set->v));
	set->v[at] = vseg_selector_get(s);
	set->n++;
	for (type = s->type + 1; type < ARRAY_SIZE(set->first); type++)
		set->first[type]++;
	return 0;
}

/**
 * vseg_selector_set_del - take a selector out
 * @set: selectors of a policy
 * @s: one of them; the set gives its reference back
 */
void vseg_selector_set_del(struct vseg_selector_set *set,
			   struct vseg_selector *s)
{
	u32 at = vseg_selector_place(set, s);
	u32 type;

	set->n--;
	memmove(&set->v[at], &set->v[at + 1],
		(set->n - at) * sizeof(*set->v));
	for (type = s->type + 1; type < ARRAY_SIZE(set->first); type++)
		set->first[type]--;
	vseg_selector_put(s);
}

/**
 * vseg_selector_set_copy - the same selectors in another set
 * @to: empty set
 * @from: set
 *
 * The room of those that were taken out of @from isn't taken along.
 *
 * Return: 0 or -ENOMEM, with @to empty.
 */
int vseg_selector_set_copy(struct vseg_selector_set *to,
			   const struct vseg_selector_set *from)
{
	u32 max = max_t(u32, from->n, VSEG_SELECTORS_MIN);
	u32 i;

	memset(to, 0, sizeof(*to));
	if (!from->n)
		return 0;
	to->v = kvmalloc_array(max, sizeof(*to->v), VSEG_GFP_TABLE);
	if (!to->v)
		return -ENOMEM;
	to->n = from->n;
	to->max = max;
	memcpy(to->first, from->first, sizeof(to->first));
	for (i = 0; i < from->n; i++)
		to->v[i] = vseg_selector_get(from->v[i]);
	return 0;
}

/**
 * vseg_selector_set_clear - take all selectors out
 * @set: selectors of a policy
 */
void vseg_selector_set_clear(struct vseg_selector_set *set)
{
	u32 i;

	for (i = 0; i < set->n; i++)
		vseg_selector_put(set->v[i]);
	kvfree(set->v);
	memset(set, 0, sizeof(*set));
}

/**
 * vseg_selector_set_names - does a selector give a domain to any frame?
 * @set: selectors of a policy
 * @domain: domain
 *
 * Return: whether one does.
 */
bool vseg_selector_set_names(const struct vseg_selector_set *set,
			     const struct vseg_domain *domain)
{
	u32 i;

	for (i = 0; i < set->n; i++)
		if (vseg_bind_names(&set->v[i]->bind, domain))
			return true;
	return false;
}

/*
 * Matching.
 */

static int vseg_selector_cmp_id(const struct vseg_selector *s,
				const struct vseg_identity *id)
{
	switch (s->type) {
	case VSEG_SELECTOR_TYPE_MAC:
		return memcmp(s->mac + 1, id->mac + 1, VSEG_MAC_LEN - 1);
	case VSEG_SELECTOR_TYPE_NAME:
		return strcmp(s->pattern, id->name);
	case VSEG_SELECTOR_TYPE_ALIAS:
		return strcmp(s->pattern, id->alias);
	default:
		return s->group < id->group ? -1 : s->group > id->group;
	}
}

/* The selector of a type that isn't a pattern. */
static const struct vseg_selector *
vseg_selector_search(const struct vseg_selector_set *set, u8 type,
		     const struct vseg_identity *id)
{
	u32 low = set->first[type], high = set->first[type + 1];

	while (low < high) {
		u32 mid = low + (high - low) / 2;
		int cmp = vseg_selector_cmp_id(set->v[mid], id);

		if (!cmp)
			return set->v[mid];
		if (cmp < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return NULL;
}

static const struct vseg_selector *
vseg_selector_search_mac(const struct vseg_selector_set *set,
			 const struct vseg_identity *id)
{
	const struct vseg_selector *s;

	s = vseg_selector_search(set, VSEG_SELECTOR_TYPE_MAC, id);
	if (s && id->mac[0] != VSEG_MAC_TAP && id->mac[0] != s->mac[0])
		return NULL;
	return s;
}

/* The longest patterns stand first; those of one length must agree. */
static void vseg_selector_match_glob(const struct vseg_selector_set *set,
				     const struct vseg_identity *id,
				     struct vseg_match *match)
{
	u32 end = set->first[VSEG_SELECTOR_TYPE_GLOB + 1];
	u32 i = set->first[VSEG_SELECTOR_TYPE_GLOB];

	for (; i < end; i++) {
		const struct vseg_selector *s = set->v[i];

		if (match->selector && s->len != match->selector->len)
			return;
		if (!vseg_glob(s->pattern, id->name))
			continue;
		if (!match->selector) {
			match->selector = s;
			match->match = VSEG_PORT_MATCH_GLOB;
		} else if (!vseg_bind_same(&s->bind, &match->selector->bind)) {
			match->selector = NULL;
			match->match = VSEG_PORT_MATCH_AMBIGUOUS;
			return;
		}
	}
}

static bool vseg_selector_found(struct vseg_match *match, u8 why,
				const struct vseg_selector *s)
{
	if (!s)
		return false;
	match->match = why;
	match->selector = s;
	return true;
}

/**
 * vseg_selector_match - what the selectors say of a device
 * @set: selectors of a policy
 * @id: the device
 * @match: result
 */
void vseg_selector_match(const struct vseg_selector_set *set,
			 const struct vseg_identity *id,
			 struct vseg_match *match)
{
	match->match = VSEG_PORT_MATCH_NONE;
	match->selector = NULL;

	if (id->mac &&
	    vseg_selector_found(match, VSEG_PORT_MATCH_MAC,
				vseg_selector_search_mac(set, id)))
		return;
	if (vseg_selector_found(match, VSEG_PORT_MATCH_NAME,
				vseg_selector_search(set,
						     VSEG_SELECTOR_TYPE_NAME,
						     id)))
		return;
	if (id->alias &&
	    vseg_selector_found(match, VSEG_PORT_MATCH_ALIAS,
				vseg_selector_search(set,
						     VSEG_SELECTOR_TYPE_ALIAS,
						     id)))
		return;
	vseg_selector_match_glob(set, id, match);
	if (match->match != VSEG_PORT_MATCH_NONE)
		return;
	vseg_selector_found(match, VSEG_PORT_MATCH_GROUP,
			    vseg_selector_search(set, VSEG_SELECTOR_TYPE_GROUP,
						 id));
}
