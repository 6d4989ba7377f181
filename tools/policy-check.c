// SPDX-License-Identifier: GPL-2.0
/* What must hold of a whole policy, whatever files it was read from. */
#include <stdlib.h>
#include <string.h>

#include "policy.h"

static bool reserved(const char *name)
{
	static const char *const words[] = {
		"any", "unlabelled", "host", "routed", "none", "all", "default",
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(words); i++)
		if (!strcmp(words[i], name))
			return true;
	return false;
}

/*
 * Domains.
 */

static int id_order(const void *a, const void *b)
{
	const struct item *const *x = a, *const *y = b;

	return (int)(*x)->domain.id - (int)(*y)->domain.id;
}

static int check_ids(const struct policy *p)
{
	const struct item *i = p->domain.item, **by_id;
	int code = DONE;
	size_t n;

	by_id = xreallocarray(NULL, p->domain.n + 1, sizeof(*by_id));
	for (n = 0; n < p->domain.n; n++)
		by_id[n] = &i[n];
	qsort(by_id, p->domain.n, sizeof(*by_id), id_order);
	for (n = 1; n < p->domain.n && !code; n++)
		if (by_id[n]->domain.id == by_id[n - 1]->domain.id)
			code = place_fail(&by_id[n]->at, "domain %s has id %u, and so has %s, %s:%u",
					  by_id[n]->domain.name,
					  by_id[n]->domain.id,
					  by_id[n - 1]->domain.name,
					  by_id[n - 1]->at.file,
					  by_id[n - 1]->at.line);
	free(by_id);
	return code;
}

static int check_domains(const struct policy *p)
{
	const struct item *i = p->domain.item;
	size_t n;

	for (n = 0; n < p->domain.n; n++) {
		if (reserved(i[n].domain.name))
			return place_fail(&i[n].at, "\"%s\" is a word of vseg's own, no name for a domain",
					  i[n].domain.name);
		if (n && !domain_order(&i[n - 1], &i[n]))
			return place_fail(&i[n].at, "domain \"%s\" is given twice, first at %s:%u",
					  i[n].domain.name, i[n - 1].at.file,
					  i[n - 1].at.line);
	}
	return check_ids(p);
}

static int undefined(const struct place *at, const char *name)
{
	if (reserved(name))
		return place_fail(at, "\"%s\" can't stand here, only a domain of this policy can",
				  name);
	return place_fail(at, "there is no domain \"%s\" in this policy", name);
}

/*
 * Patterns.
 */

/* Does the class [...] at @p, without its bracket, have @c?  @end: behind it. */
static bool class_has(const char *p, unsigned char c, const char **end)
{
	bool not = *p == '!', found = false;
	const char *first;

	p += not;
	for (first = p; *p && (*p != ']' || p == first); p++) {
		if (p[1] == '-' && p[2] && p[2] != ']') {
			found |= (unsigned char)p[0] <= c &&
				 c <= (unsigned char)p[2];
			p += 2;
		} else {
			found |= (unsigned char)*p == c;
		}
	}
	*end = p + 1;
	return found != not;
}

static const char *step_end(const char *p)
{
	const char *end = p + 1;

	if (*p == '[')
		class_has(p + 1, 0, &end);
	return end;
}

/* Behind the step at @i; @i itself where there is none, or a star. */
static size_t step(const char *s, size_t i)
{
	if (!s[i] || s[i] == '*')
		return i;
	return step_end(s + i) - s;
}

static bool step_has(const char *p, unsigned char c)
{
	const char *end;

	if (*p == '?')
		return true;
	return *p == '[' ? class_has(p + 1, c, &end) : (unsigned char)*p == c;
}

/* Is there a character that both steps take? */
static bool steps_meet(const char *a, const char *b)
{
	unsigned int c;

	for (c = 1; c < 256; c++)
		if (step_has(a, c) && step_has(b, c))
			return true;
	return false;
}

/**
 * globs_meet() - is there a name that fits both patterns?
 * @a: pattern
 * @b: pattern
 *
 * By places in both, each pair of them looked at once.
 *
 * Return: whether there is.
 */
bool globs_meet(const char *a, const char *b)
{
	size_t la = strlen(a), lb = strlen(b), i, j;
	bool *seen = xreallocarray(NULL, (la + 1) * (lb + 1), sizeof(*seen));
	bool meet;

	memset(seen, 0, (la + 1) * (lb + 1) * sizeof(*seen));
#define SEEN(_i, _j)	seen[(_i) * (lb + 1) + (_j)]
	SEEN(0, 0) = true;
	for (i = 0; i <= la; i++) {
		for (j = 0; j <= lb; j++) {
			size_t ni, nj;

			if (!SEEN(i, j))
				continue;
			/* A star takes nothing, or what the other one takes. */
			if (a[i] == '*')
				SEEN(i + 1, j) = true;
			if (b[j] == '*')
				SEEN(i, j + 1) = true;
			ni = step(a, i);
			nj = step(b, j);
			if (ni > i && nj > j && steps_meet(a + i, b + j))
				SEEN(ni, nj) = true;
			if (a[i] == '*' && nj > j)
				SEEN(i, nj) = true;
			if (b[j] == '*' && ni > i)
				SEEN(ni, j) = true;
		}
	}
	meet = SEEN(la, lb);
#undef SEEN
	free(seen);
	return meet;
}

/* The kernel takes a backslash and a bracket without end as themselves; both
 * are mistakes.
 */
static bool glob_ok(const char *p)
{
	for (; *p; p++) {
		const char *q;

		if (*p == '\\')
			return false;
		if (*p != '[')
			continue;
		q = p + 1;
		if (*q == '^')
			return false;
		q += *q == '!';
		q += *q == ']';
		p = strchr(q, ']');
		if (!p)
			return false;
	}
	return true;
}

static int check_glob(const struct place *at, const char *pattern)
{
	if (glob_ok(pattern))
		return DONE;
	return place_fail(at, "\"%s\" is no pattern: * and ? and [...] or [!...], no backslash",
			  pattern);
}

static bool name_ok(const char *name)
{
	return strcmp(name, ".") && strcmp(name, "..") &&
	       !strpbrk(name, "/: \t\n\v\f\r");
}

/*
 * Bridges.
 */

static bool has_wildcard(const char *name)
{
	return strpbrk(name, "*?[");
}

static int check_bridge_pair(const struct item *a, const struct item *b)
{
	if (!strcmp(a->bridge.name, b->bridge.name))
		return place_fail(&b->at, "bridge \"%s\" is given twice, first at %s:%u",
				  b->bridge.name, a->at.file, a->at.line);
	if (a->bridge.mode == b->bridge.mode ||
	    !has_wildcard(a->bridge.name) || !has_wildcard(b->bridge.name) ||
	    strlen(a->bridge.name) != strlen(b->bridge.name) ||
	    !globs_meet(a->bridge.name, b->bridge.name))
		return DONE;
	return place_fail(&b->at, "\"%s\" and \"%s\", %s:%u, fit the same bridges, are equally long, and say different things",
			  b->bridge.name, a->bridge.name, a->at.file,
			  a->at.line);
}

static int check_bridges(const struct policy *p)
{
	const struct item *i = p->bridge.item;
	size_t n, m;
	int code;

	if (p->bridge.n > VSEG_MAX_BRIDGES)
		return place_fail(&i[p->bridge.n - 1].at, "more than %u bridges and patterns",
				  VSEG_MAX_BRIDGES);
	for (n = 0; n < p->bridge.n; n++) {
		if (!name_ok(i[n].bridge.name))
			return place_fail(&i[n].at, "\"%s\" can't be the name of an interface",
					  i[n].bridge.name);
		code = check_glob(&i[n].at, i[n].bridge.name);
		for (m = 0; m < n && !code; m++)
			code = check_bridge_pair(&i[m], &i[n]);
		if (code)
			return code;
	}
	return DONE;
}

/*
 * Selectors.
 */

static int check_selector(const struct policy *p, const struct item *i)
{
	const struct selector *s = &i->selector;
	const struct vlan *v = s->vlan.item;
	size_t n;

	if (has(s, VSEG_A_SELECTOR_DOMAIN) && !policy_domain(p, s->domain))
		return undefined(&i->at, s->domain);
	for (n = 0; n < s->vlan.n; n++)
		if (!policy_domain(p, v[n].domain))
			return undefined(&i->at, v[n].domain);
	if (s->type == VSEG_SELECTOR_TYPE_NAME && !name_ok(s->pattern))
		return place_fail(&i->at, "\"%s\" can't be the name of an interface",
				  s->pattern);
	if (s->type == VSEG_SELECTOR_TYPE_NAME && has_wildcard(s->pattern))
		return place_fail(&i->at, "\"%s\" is a pattern; use glob: instead of name:",
				  s->pattern);
	return s->type == VSEG_SELECTOR_TYPE_GLOB ?
	       check_glob(&i->at, s->pattern) : DONE;
}

static int check_selector_pair(const struct item *a, const struct item *b)
{
	char x[VSEG_PATTERN_MAX + 16], y[VSEG_PATTERN_MAX + 16];

	selector_text(&a->selector, x, sizeof(x));
	selector_text(&b->selector, y, sizeof(y));
	if (!selector_order(a, b)) {
		if (!strcmp(x, y))
			return place_fail(&b->at, "%s is given twice, first at %s:%u",
					  y, a->at.file, a->at.line);
		return place_fail(&b->at, "%s and %s, %s:%u, fit the same taps: the first byte of a tap's address may not be the guest's",
				  y, x, a->at.file, a->at.line);
	}
	if (a->selector.type != VSEG_SELECTOR_TYPE_GLOB ||
	    b->selector.type != VSEG_SELECTOR_TYPE_GLOB ||
	    strlen(a->selector.pattern) != strlen(b->selector.pattern) ||
	    selector_same_binding(&a->selector, &b->selector) ||
	    !globs_meet(a->selector.pattern, b->selector.pattern))
		return DONE;
	return place_fail(&b->at, "%s and %s, %s:%u, fit the same ports, are equally long, and say different things",
			  y, x, a->at.file, a->at.line);
}

/* Patterns of one length stand together; two that begin with different letters
 * have nothing in common, which spares most pairs.
 */
static int check_selectors(const struct policy *p)
{
	const struct item *i = p->selector.item;
	size_t n, m, globs = 0;
	int code;

	if (p->selector.n > VSEG_MAX_SELECTORS)
		return place_fail(&i[p->selector.n - 1].at, "more than %u ports",
				  VSEG_MAX_SELECTORS);
	for (n = 0; n < p->selector.n; n++) {
		code = check_selector(p, &i[n]);
		if (!code && n)
			code = check_selector_pair(&i[n - 1], &i[n]);
		if (code)
			return code;
		if (i[n].selector.type != VSEG_SELECTOR_TYPE_GLOB)
			continue;
		if (++globs > VSEG_MAX_GLOBS)
			return place_fail(&i[n].at, "more than %u patterns of ports",
					  VSEG_MAX_GLOBS);
		for (m = n; m-- > 0 && !code; ) {
			if (i[m].selector.type != VSEG_SELECTOR_TYPE_GLOB ||
			    strlen(i[m].selector.pattern) !=
			    strlen(i[n].selector.pattern))
				break;
			code = check_selector_pair(&i[m], &i[n]);
		}
		if (code)
			return code;
	}
	return DONE;
}

/*
 * Cells.
 */

static int check_end(const struct policy *p, const struct place *at,
		     const char *name)
{
	if (!strcmp(name, "any") || !strcmp(name, "host") ||
	    !strcmp(name, "routed"))
		return DONE;
	if (!strcmp(name, "unlabelled"))
		return place_fail(at, "what is unlabelled gets nothing; give its port a domain");
	return policy_domain(p, name) ? DONE : undefined(at, name);
}

static int check_cells(const struct policy *p)
{
	const struct item *i = p->cell.item;
	size_t n;
	int code;

	if (p->cell.n > VSEG_MAX_CELLS)
		return place_fail(&i[p->cell.n - 1].at, "more than %u cells",
				  VSEG_MAX_CELLS);
	for (n = 0; n < p->cell.n; n++) {
		code = check_end(p, &i[n].at, i[n].cell.src);
		if (!code)
			code = check_end(p, &i[n].at, i[n].cell.dst);
		if (!code && n && !cell_order(&i[n - 1], &i[n]))
			code = place_fail(&i[n].at, "the cell %s -> %s is given twice, first at %s:%u",
					  i[n].cell.src, i[n].cell.dst,
					  i[n - 1].at.file, i[n - 1].at.line);
		if (code)
			return code;
	}
	return DONE;
}

/*
 * Services, lists of prefixes, and the rules that use them.
 */

static int check_rules(struct policy *p)
{
	const struct place *at = NULL;
	char *why = dictionary_check(&p->dictionary, &at);
	int code;

	if (!why)
		return policy_make_rules(p);
	code = place_fail(at, "%s", why);
	free(why);
	return code;
}

/**
 * policy_check() - does a policy make sense as a whole?
 * @p: policy; sorted by it
 *
 * Return: DONE, or BAD_USAGE after it was said what is wrong.
 */
int policy_check(struct policy *p)
{
	int code;

	policy_sort(p);
	if (p->domain.n > VSEG_MAX_DOMAINS)
		return fail(BAD_USAGE, "more than %u domains",
			    VSEG_MAX_DOMAINS);
	code = check_domains(p);
	if (!code)
		code = check_bridges(p);
	if (!code)
		code = check_selectors(p);
	if (!code)
		code = check_cells(p);
	return code ? code : check_rules(p);
}
