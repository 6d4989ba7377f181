// SPDX-License-Identifier: GPL-2.0
/*
 * What selectors give a device, once more: all of them are asked, and the one
 * that goes before all others is taken.
 */
#include <linux/string.h>

#include "model.h"

/* Is @c in the class that begins behind the bracket at @p?  @end is behind it. */
static bool model_in_class(const char *p, char c, const char **end)
{
	bool negated = *p == '!', in = false;
	const char *first = p += negated;

	/* A bracket that stands first, and a dash at either end, are members. */
	for (; p == first || *p != ']'; p++) {
		if (p[1] == '-' && p[2] != ']') {
			in |= *p <= c && c <= p[2];
			p += 2;
		} else {
			in |= c == *p;
		}
	}
	*end = p + 1;
	return in != negated;
}

bool model_fits(const char *pattern, const char *name)
{
	const char *rest;

	switch (*pattern) {
	case '\0':
		return !*name;
	case '*':
		/* It stands for nothing, or for one more. */
		return model_fits(pattern + 1, name) ||
		       (*name && model_fits(pattern, name + 1));
	case '?':
		return *name && model_fits(pattern + 1, name + 1);
	case '[':
		return *name && model_in_class(pattern + 1, *name, &rest) &&
		       model_fits(rest, name + 1);
	}
	return *pattern == *name && model_fits(pattern + 1, name + 1);
}

/* May a policy not have both? */
bool model_alike(const struct model_selector *a, const struct model_selector *b)
{
	if (a->type != b->type)
		return false;
	switch (a->type) {
	case VSEG_SELECTOR_TYPE_MAC:
		return !memcmp(a->mac + 1, b->mac + 1, 5);
	case VSEG_SELECTOR_TYPE_GROUP:
		return a->group == b->group;
	default:
		return !strcmp(a->text, b->text);
	}
}

static bool model_selects(const struct model_selector *s,
			  const struct model_device *dev)
{
	switch (s->type) {
	case VSEG_SELECTOR_TYPE_MAC:
		return dev->ether && !memcmp(s->mac + 1, dev->mac + 1, 5) &&
		       (dev->mac[0] == s->mac[0] || dev->mac[0] == 0xfe);
	case VSEG_SELECTOR_TYPE_NAME:
		return !strcmp(s->text, dev->name);
	case VSEG_SELECTOR_TYPE_ALIAS:
		return *dev->alias && !strcmp(s->text, dev->alias);
	case VSEG_SELECTOR_TYPE_GLOB:
		return model_fits(s->text, dev->name);
	default:
		return s->group == dev->group;
	}
}

/* Numbers that are the higher the earlier a selector is asked. */
static unsigned int model_rank(const struct model_selector *s)
{
	switch (s->type) {
	case VSEG_SELECTOR_TYPE_MAC:
		return 1003;
	case VSEG_SELECTOR_TYPE_NAME:
		return 1002;
	case VSEG_SELECTOR_TYPE_ALIAS:
		return 1001;
	case VSEG_SELECTOR_TYPE_GLOB:
		return strlen(s->text);
	default:
		return 0;
	}
}

static enum vseg_port_match model_why(enum vseg_selector_type type)
{
	switch (type) {
	case VSEG_SELECTOR_TYPE_MAC:
		return VSEG_PORT_MATCH_MAC;
	case VSEG_SELECTOR_TYPE_NAME:
		return VSEG_PORT_MATCH_NAME;
	case VSEG_SELECTOR_TYPE_ALIAS:
		return VSEG_PORT_MATCH_ALIAS;
	case VSEG_SELECTOR_TYPE_GLOB:
		return VSEG_PORT_MATCH_GLOB;
	default:
		return VSEG_PORT_MATCH_GROUP;
	}
}

/* What the port gets, or MODEL_NOTHING. */
int model_select(const struct model_selector *all, unsigned int n,
		 const struct model_device *dev, enum vseg_port_match *why)
{
	const struct model_selector *best = NULL;
	unsigned int i;

	*why = VSEG_PORT_MATCH_NONE;
	for (i = 0; i < n; i++)
		if (model_selects(&all[i], dev) &&
		    (!best || model_rank(&all[i]) > model_rank(best)))
			best = &all[i];
	if (!best)
		return MODEL_NOTHING;

	*why = VSEG_PORT_MATCH_AMBIGUOUS;
	for (i = 0; i < n; i++)
		if (model_selects(&all[i], dev) &&
		    model_rank(&all[i]) == model_rank(best) &&
		    all[i].gives != best->gives)
			return MODEL_NOTHING;
	*why = model_why(best->type);
	return best->gives;
}
