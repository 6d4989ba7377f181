// SPDX-License-Identifier: GPL-2.0
/* Rules of cells: one form for all that look at the same, and their words. */
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rule.h"
#include "util.h"

static int number_order(uint32_t a, uint32_t b)
{
	return a < b ? -1 : a > b;
}

/* What the kernel, or a word, leaves away is what it means then. */
static void complete(struct match *m)
{
	bool flags = m->field == VSEG_MATCH_FIELD_TCP_FLAGS;

	if (!has(m, VSEG_A_MATCH_LAST) || flags)
		m->last = m->first;
	if (!has(m, VSEG_A_MATCH_MASK))
		m->mask = flags ? 0xff : 0;
	if (!has(m, VSEG_A_MATCH_PREFIX))
		m->prefix = m->address.len * 8;
	m->has = BIT64(VSEG_A_MATCH_FIELD);
	if (m->address.len) {
		give(m, VSEG_A_MATCH_ADDRESS);
		give(m, VSEG_A_MATCH_PREFIX);
		return;
	}
	give(m, VSEG_A_MATCH_FIRST);
	give(m, flags ? VSEG_A_MATCH_MASK : VSEG_A_MATCH_LAST);
}

static int match_order(const void *a, const void *b)
{
	const struct match *x = a, *y = b;
	int order = number_order(x->field, y->field);

	if (!order)
		order = number_order(x->first, y->first);
	if (!order)
		order = number_order(x->last, y->last);
	if (!order)
		order = number_order(x->mask, y->mask);
	if (!order)
		order = number_order(x->address.len, y->address.len);
	if (!order)
		order = memcmp(x->address.byte, y->address.byte,
			       x->address.len);
	return order ? order : number_order(x->prefix, y->prefix);
}

/* Does @b add nothing that can't be said in @a, which stands before it? */
static bool joins(struct match *a, const struct match *b)
{
	if (!match_order(a, b))
		return true;
	if (a->field != b->field ||
	    (a->field != VSEG_MATCH_FIELD_VLAN &&
	     a->field != VSEG_MATCH_FIELD_SOURCE_PORT &&
	     a->field != VSEG_MATCH_FIELD_DESTINATION_PORT) ||
	    b->first > a->last + 1)
		return false;
	if (b->last > a->last)
		a->last = b->last;
	return true;
}

/* Fragments have names, and a range of them has none. */
static void part_fragments(struct list *l)
{
	size_t i, n = l->n;

	for (i = 0; i < n; i++) {
		struct match *m = (struct match *)l->item + i, copy = *m;

		if (m->field != VSEG_MATCH_FIELD_FRAGMENT)
			continue;
		m->last = m->first;
		while (copy.first < copy.last &&
		       copy.first < VSEG_FRAGMENT_MAX) {
			struct match *more = list_add(l, sizeof(*more));

			*more = copy;
			more->first = ++copy.first;
			more->last = more->first;
		}
	}
}

/**
 * rule_tidy() - make a rule look as all do that ask the same
 * @r: rule; what its fields ask is put in order, none of it twice
 */
void rule_tidy(struct rule *r)
{
	struct list *l = &r->match;
	struct match *m = l->item;
	size_t i, n = 0;

	for (i = 0; i < l->n; i++)
		complete(&m[i]);
	part_fragments(l);
	list_sort(l, sizeof(*m), match_order);
	m = l->item;
	for (i = 0; i < l->n; i++)
		if (!n || !joins(&m[n - 1], &m[i]))
			m[n++] = m[i];
	if (n && n < l->room) {
		l->item = xreallocarray(l->item, n, sizeof(*m));
		l->room = n;
	}
	l->n = n;
	if (n)
		give(r, VSEG_A_RULE_MATCH);
	give(r, VSEG_A_RULE_ACTION);
	give(r, VSEG_A_RULE_FLAGS);
}

/** rule_order() - 0 for two that ask, do and say the same, after rule_tidy() */
int rule_order(const struct rule *a, const struct rule *b)
{
	const struct match *x = a->match.item, *y = b->match.item;
	int order = number_order(a->action, b->action);
	size_t i;

	if (!order)
		order = number_order(a->flags, b->flags);
	if (!order)
		order = number_order(a->match.n, b->match.n);
	for (i = 0; i < a->match.n && !order; i++)
		order = match_order(&x[i], &y[i]);
	if (!order)
		order = strcmp(a->name, b->name);
	return order ? order : strcmp(a->comment, b->comment);
}

/** rules_same() - are two lists of struct listed_rule the same, in order? */
bool rules_same(const struct list *a, const struct list *b)
{
	const struct listed_rule *x = a->item, *y = b->item;
	size_t i;

	if (a->n != b->n)
		return false;
	for (i = 0; i < a->n; i++)
		if (rule_order(&x[i].rule, &y[i].rule))
			return false;
	return true;
}

/** rule_copy() - a copy that owns what it has */
void rule_copy(struct rule *to, const struct rule *from)
{
	size_t n = from->match.n;

	*to = *from;
	memset(&to->match, 0, sizeof(to->match));
	if (!n)
		return;
	to->match.item = xreallocarray(NULL, n, sizeof(struct match));
	memcpy(to->match.item, from->match.item, n * sizeof(struct match));
	to->match.n = n;
	to->match.room = n;
}

/** rule_protocol() - the only protocol that a rule asks for, or UINT32_MAX */
uint32_t rule_protocol(const struct rule *r)
{
	const struct match *m = r->match.item;
	uint32_t proto = UINT32_MAX;
	size_t i;

	for (i = 0; i < r->match.n; i++) {
		if (m[i].field != VSEG_MATCH_FIELD_PROTOCOL)
			continue;
		if (proto != UINT32_MAX || m[i].first != m[i].last)
			return UINT32_MAX;
		proto = m[i].first;
	}
	return proto;
}

/* Is what a match of the protocol leaves of those whose flows all know? */
static bool is_of_flows(const struct match *m)
{
	return m->first == m->last &&
	       (m->first == IPPROTO_TCP || m->first == IPPROTO_UDP ||
		m->first == IPPROTO_ICMP || m->first == IPPROTO_ICMPV6);
}

/**
 * rule_is_of_flows() - is a rule stateful unless it says otherwise?
 * @r: rule, after rule_tidy()
 *
 * It is when it allows TCP, UDP, ICMP or ICMPv6 alone: by what it says of the
 * protocol, or else since it asks what only these and their like have.  A later
 * fragment begins no flow.
 *
 * Return: whether it is.
 */
bool rule_is_of_flows(const struct rule *r)
{
	bool protocol = false, implied = false, begins = true;
	const struct match *m = r->match.item;
	size_t i;

	for (i = 0; i < r->match.n; i++) {
		switch (m[i].field) {
		case VSEG_MATCH_FIELD_PROTOCOL:
			if (!is_of_flows(&m[i]))
				return false;
			protocol = true;
			break;
		case VSEG_MATCH_FIELD_SOURCE_PORT:
		case VSEG_MATCH_FIELD_DESTINATION_PORT:
		case VSEG_MATCH_FIELD_ICMP:
		case VSEG_MATCH_FIELD_TCP_FLAGS:
			implied = true;
			break;
		case VSEG_MATCH_FIELD_FRAGMENT:
			/* In order: it is the last of several. */
			begins = i && m[i - 1].field == m[i].field ?
				 begins : m[i].first != VSEG_FRAGMENT_LATER;
			break;
		}
	}
	return r->action == VSEG_ACTION_ALLOW && begins &&
	       (protocol || implied);
}

static char *append(char *text, const char *between, const char *more)
{
	char *longer = xasprintf("%s%s%s", text, between, more);

	free(text);
	return longer;
}

/* "protocol tcp port 22,443" */
static char *append_matches(char *text, const struct rule *r)
{
	const struct match *m = r->match.item;
	uint32_t proto = rule_protocol(r);
	char word[MATCH_LEN];
	size_t i;

	for (i = 0; i < r->match.n; i++) {
		enum match_key key = match_key_of_field(m[i].field);
		bool more = i && m[i - 1].field == m[i].field;

		/* The comma of flags stands within a word. */
		if (more && m[i].field != VSEG_MATCH_FIELD_TCP_FLAGS) {
			text = append(text, ",", "");
		} else {
			text = append(text, " ", key < MATCH_KEYS ?
				      match_keys[key] : "?");
			text = append(text, " ", "");
		}
		text = append(text, match_text(&m[i], proto, word), "");
	}
	return text;
}

/**
 * rule_text() - a rule in the words of vsegctl rule add
 * @r: rule, after rule_tidy()
 *
 * Return: the words, to be freed.
 */
char *rule_text(const struct rule *r)
{
	char *text = xasprintf("%s", name_of(&action_names, r->action) ?: "?");

	text = append(text, r->match.n ? "" : " any", "");
	text = append_matches(text, r);
	if (*r->name)
		text = append(text, " name ", r->name);
	if (r->flags & VSEG_RULE_FLAGS_LOG)
		text = append(text, " log", "");
	if (!!(r->flags & VSEG_RULE_FLAGS_STATE) != rule_is_of_flows(r))
		text = append(text, r->flags & VSEG_RULE_FLAGS_STATE ?
			      " state" : " stateless", "");
	if (r->flags & VSEG_RULE_FLAGS_KEEP)
		text = append(text, " keep", "");
	return text;
}

/** rules_clear() - free a list of struct listed_rule */
void rules_clear(struct list *l)
{
	struct listed_rule *r = l->item;
	size_t i;

	for (i = 0; i < l->n; i++)
		model_clear(&rule_schema, &r[i].rule);
	free(l->item);
	memset(l, 0, sizeof(*l));
}
