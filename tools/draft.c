// SPDX-License-Identifier: GPL-2.0
/*
 * From a rule as it was written to the rules that the kernel has.  Names become
 * what they stand for, and what no frame can be is a mistake.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "draft.h"
#include "forge.h"
#include "util.h"

/** draft_word() - add a word to a draft */
void draft_word(struct draft *d, enum match_key key, const char *text,
		const struct place *at)
{
	struct word *w = list_add(&d->word, sizeof(*w));

	w->at = *at;
	w->key = key;
	w->text = xasprintf("%s", text);
}

/** draft_copy() - a copy that owns what it has */
void draft_copy(struct draft *to, const struct draft *from)
{
	const struct word *w = from->word.item;
	size_t i;

	*to = *from;
	to->name = from->name ? xasprintf("%s", from->name) : NULL;
	to->comment = from->comment ? xasprintf("%s", from->comment) : NULL;
	memset(&to->word, 0, sizeof(to->word));
	for (i = 0; i < from->word.n; i++)
		draft_word(to, w[i].key, w[i].text, &w[i].at);
}

/** words_clear() - free a list of words */
void words_clear(struct list *l)
{
	struct word *w = l->item;
	size_t i;

	for (i = 0; i < l->n; i++)
		free(w[i].text);
	free(l->item);
	memset(l, 0, sizeof(*l));
}

/** draft_clear() - free what a draft owns */
void draft_clear(struct draft *d)
{
	words_clear(&d->word);
	free(d->name);
	free(d->comment);
	memset(d, 0, sizeof(*d));
}

/** named_order() - by name */
int named_order(const void *a, const void *b)
{
	const struct named *x = a, *y = b;

	return strcmp(x->name, y->name);
}

static void named_clear(struct list *l)
{
	struct named *n = l->item;
	size_t i;

	for (i = 0; i < l->n; i++)
		words_clear(&n[i].word);
	free(l->item);
	memset(l, 0, sizeof(*l));
}

/** dictionary_clear() - free what a dictionary owns */
void dictionary_clear(struct dictionary *d)
{
	named_clear(&d->service);
	named_clear(&d->prefix);
}

/* The words of the definition of a name, or NULL. */
static const struct list *find(const struct list *l, const char *name)
{
	struct named key = { 0 };
	const struct named *found;

	if (strlen(name) >= sizeof(key.name) || !l->n)
		return NULL;
	memcpy(key.name, name, strlen(name) + 1);
	found = bsearch(&key, l->item, l->n, sizeof(key), named_order);
	return found ? &found->word : NULL;
}

/*
 * Words.  Each returns NULL, or what is wrong, to be freed.
 */

/* Calls @fn for each part of a text with commas. */
static char *each_part(struct forge *f, enum match_key key, const char *text,
		       char *(*fn)(struct forge *f, enum match_key key,
				   const char *part))
{
	char *copy = xasprintf("%s", text), *next = copy, *part, *why = NULL;

	while (!why && (part = strsep(&next, ",")))
		why = fn(f, key, part);
	free(copy);
	return why;
}

static char *not_what(enum match_key key, const char *text)
{
	return xasprintf("expected %s, not \"%s\"", match_wants[key], text);
}

static char *take_plain(struct forge *f, enum match_key key, const char *part)
{
	struct match m = { 0 };

	if (!parse_match(key, part, &m))
		return not_what(key, part);
	m.has = BIT64(VSEG_A_MATCH_LAST);
	if (key == KEY_TCP_FLAGS)
		give(&m, VSEG_A_MATCH_MASK);
	*(struct match *)list_add(&f->match, sizeof(m)) = m;
	return NULL;
}

static char *take_icmp(struct forge *f, enum match_key key, const char *part)
{
	struct icmp_types t;

	if (!parse_icmp(part, &t))
		return not_what(key, part);
	*(struct icmp_types *)list_add(&f->icmp, sizeof(t)) = t;
	return NULL;
}

static char *take_literal(struct forge *f, enum match_key key,
			  const char *part)
{
	struct match m = {
		.field = key == KEY_FROM ? VSEG_MATCH_FIELD_SOURCE :
					   VSEG_MATCH_FIELD_DESTINATION,
	};
	char *why = parse_prefix(part, &m.address, &m.prefix);

	if (why)
		return why;
	give(&m, VSEG_A_MATCH_PREFIX);
	*(struct match *)list_add(&f->match, sizeof(m)) = m;
	return NULL;
}

static char *take_address(struct forge *f, enum match_key key,
			  const char *part)
{
	const struct list *l;
	const struct word *w;
	char *why = NULL;
	size_t i;

	/* An address begins with a digit or has a colon, and no name does. */
	if (!isalpha((unsigned char)*part) || strchr(part, ':'))
		return take_literal(f, key, part);
	l = find(&f->names->prefix, part);
	if (!l)
		return xasprintf("there is no prefix list \"%s\"%s", part,
				 f->names->service.n + f->names->prefix.n ?
				 " in this policy" : "");
	w = l->item;
	for (i = 0; i < l->n && !why; i++)
		why = each_part(f, key, w[i].text, take_literal);
	return why;
}

/* "tcp 80,443" */
static char *take_definition(struct forge *f, enum match_key key,
			     const char *text)
{
	static const char what[] =
		"a protocol that has ports, and ports, as tcp 5432 or udp 8000-8080";
	char *copy = xasprintf("%s", text), *ports = copy, *part, *why = NULL;
	const char *proto = strsep(&ports, " ");
	struct match m = { 0 };
	struct port_range *p;

	(void)key;
	if (!ports || !parse_match(KEY_PROTOCOL, proto, &m) ||
	    m.first != m.last || !has_ports(m.first))
		why = xasprintf("expected %s, not \"%s\"", what, text);
	while (!why && (part = strsep(&ports, ","))) {
		p = list_add(&f->service, sizeof(*p));
		p->proto = m.first;
		if (!parse_ports(part, &p->first, &p->last))
			why = xasprintf("expected %s, not \"%s\"", what, text);
	}
	free(copy);
	return why;
}

static char *take_service(struct forge *f, enum match_key key,
			  const char *part)
{
	const struct list *l = find(&f->names->service, part);
	const struct word *w;
	char *why = NULL;
	size_t i;

	if (l) {
		w = l->item;
		for (i = 0; i < l->n && !why; i++)
			why = take_definition(f, key, w[i].text);
		return why;
	}
	if (forge_system_service(f, part))
		return NULL;
	return xasprintf("expected %s, not \"%s\", which neither this policy nor this system knows",
			 match_wants[KEY_SERVICE], part);
}

static char *take_word(struct forge *f, const struct word *w)
{
	f->keys |= 1u << w->key;
	switch (w->key) {
	case KEY_TCP_FLAGS:
		return take_plain(f, w->key, w->text);
	case KEY_SERVICE:
		return each_part(f, w->key, w->text, take_service);
	case KEY_ICMP:
		return each_part(f, w->key, w->text, take_icmp);
	case KEY_FROM:
	case KEY_TO:
		return each_part(f, w->key, w->text, take_address);
	default:
		return each_part(f, w->key, w->text, take_plain);
	}
}

/*
 * What names stand for, whether a rule uses them or not.
 */

static char *check_named(const struct list *l, bool service,
			 const struct place **at)
{
	const struct dictionary none = { 0 };
	const struct named *n = l->item;
	char *why = NULL;
	size_t i, j;

	for (i = 0; i < l->n && !why; i++) {
		const struct word *w = n[i].word.item;
		struct forge f = { .names = &none };

		*at = &n[i].at;
		if (i && !named_order(&n[i - 1], &n[i]))
			return xasprintf("\"%s\" is given twice, first at %s:%u",
					 n[i].name, n[i - 1].at.file,
					 n[i - 1].at.line);
		for (j = 0; j < n[i].word.n && !why; j++) {
			*at = &w[j].at;
			why = service ?
			      take_definition(&f, KEY_SERVICE, w[j].text) :
			      each_part(&f, KEY_FROM, w[j].text, take_literal);
		}
		forge_clear(&f);
	}
	return why;
}

/**
 * dictionary_check() - does each name stand for something, and for one thing?
 * @d: dictionary, sorted
 * @at: result: where it doesn't
 *
 * Return: NULL, or what is wrong, to be freed.
 */
char *dictionary_check(const struct dictionary *d, const struct place **at)
{
	char *why = check_named(&d->service, true, at);

	return why ? why : check_named(&d->prefix, false, at);
}

/**
 * draft_rules() - the rules that the kernel has for a draft
 * @d: draft
 * @names: what names stand for
 * @rules: list of struct listed_rule, which they are added to
 * @at: result: where something is wrong
 *
 * Return: NULL, or what is wrong, to be freed.
 */
char *draft_rules(const struct draft *d, const struct dictionary *names,
		  struct list *rules, const struct place **at)
{
	const struct word *w = d->word.item;
	struct forge f = { .names = names };
	char *why = NULL;
	size_t i;

	for (i = 0; i < d->word.n && !why; i++) {
		*at = &w[i].at;
		why = take_word(&f, &w[i]);
	}
	if (!why) {
		*at = &d->at;
		why = forge_rules(&f, d, rules);
	}
	forge_clear(&f);
	return why;
}
