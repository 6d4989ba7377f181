// SPDX-License-Identifier: GPL-2.0
/* Values in a file, and what is said of those that aren't what they should be. */
#include <stdlib.h>
#include <string.h>

#include "args.h"
#include "value.h"

/** unexpected() - say that @y isn't @what it should be */
int unexpected(const struct node *y, const char *what)
{
	if (y->kind == NODE_TEXT && y->len)
		return place_fail(&y->at, "expected %s, not \"%s\"", what,
				  y->text);
	return place_fail(&y->at, "expected %s, not %s", what,
			  node_kind_text(y));
}

/** read_switch() - true or false */
int read_switch(const struct node *y, bool *value)
{
	/* YAML 1.1's yes, no, on and off as well: that is what people write. */
	static const char *const words[][2] = {
		{ "false", "true" }, { "no", "yes" }, { "off", "on" },
	};
	unsigned int i, j;

	for (i = 0; y->kind == NODE_TEXT && y->plain && i < ARRAY_SIZE(words);
	     i++) {
		for (j = 0; j < 2; j++) {
			if (!strcmp(y->text, words[i][j])) {
				*value = j;
				return DONE;
			}
		}
	}
	return unexpected(y, "true or false");
}

/** read_number() - a number from @min to @max, without quotes */
int read_number(const struct node *y, const char *what, uint32_t min,
		uint32_t max, uint32_t *value)
{
	const char *end;
	uint64_t n;

	if (y->kind != NODE_TEXT || !y->plain ||
	    !parse_number(y->text, &end, max, &n) || *end || n < min) {
		char *range = xasprintf("%s, %u to %u", what, min, max);
		int code = unexpected(y, range);

		free(range);
		return code;
	}
	*value = n;
	return DONE;
}

/** read_enum() - one of an enum's names; @what lists them */
int read_enum(const struct node *y, const struct names *names,
	      const char *what, uint32_t *value)
{
	int n = y->kind == NODE_TEXT ? value_of(names, y->text) : -1;

	if (n < 0)
		return unexpected(y, what);
	*value = n;
	return DONE;
}

/** read_bits() - names of bits: one, or a list of them, each once */
int read_bits(const struct node *y, const struct names *names,
	      const char *what, uint32_t *mask)
{
	bool list = y->kind == NODE_LIST;
	const struct node *m;
	uint32_t bit = 0;
	int code;

	for (m = list ? y->first : y; m; m = list ? m->next : NULL) {
		code = read_enum(m, names, what, &bit);
		if (code)
			return code;
		if (*mask & UINT32_C(1) << bit)
			return place_fail(&m->at, "\"%s\" is given twice",
					  m->text);
		*mask |= UINT32_C(1) << bit;
	}
	return DONE;
}

/** read_string() - a text that isn't empty and fits into @size bytes */
int read_string(const struct node *y, const char *what, char *to, size_t size)
{
	if (y->kind != NODE_TEXT || !y->len)
		return unexpected(y, what);
	if (y->len >= size)
		return place_fail(&y->at, "\"%s\" is %zu bytes long, %zu is the most for %s",
				  y->text, y->len, size - 1, what);
	memcpy(to, y->text, y->len + 1);
	return DONE;
}

static int unknown_key(const struct node *k, const struct key *keys,
		       unsigned int n)
{
	char *list = xasprintf("%s", keys[0].name), *longer;
	unsigned int i;
	int code;

	for (i = 1; i < n; i++) {
		longer = xasprintf("%s, %s", list, keys[i].name);
		free(list);
		list = longer;
	}
	code = place_fail(&k->at, "unknown key \"%s\", expected one of: %s",
			  k->text, list);
	free(list);
	return code;
}

/** map_has() - is a key in a map? */
bool map_has(const struct node *y, const char *name)
{
	const struct node *k;

	for (k = y->first; k; k = k->next)
		if (!strcmp(k->text, name))
			return true;
	return false;
}

/**
 * read_map() - a map whose keys are known beforehand
 * @p: policy, for the keys' own readers; NULL when none of them has to do with
 *	one
 * @y: what should be the map
 * @what: what it is, for messages
 * @keys: the keys
 * @n: how many
 * @to: where their readers put it
 *
 * Return: DONE, or BAD_USAGE after it was said what is wrong.
 */
int read_map(struct policy *p, const struct node *y, const char *what,
	     const struct key *keys, unsigned int n, void *to)
{
	const struct node *k;
	unsigned int i;
	int code;

	if (y->kind != NODE_MAP)
		return unexpected(y, what);
	for (k = y->first; k; k = k->next) {
		for (i = 0; i < n && strcmp(keys[i].name, k->text); i++)
			;
		if (i == n)
			return unknown_key(k, keys, n);
		code = keys[i].read(p, k->value, to);
		if (code)
			return code;
	}
	for (i = 0; i < n; i++)
		if (keys[i].need && !map_has(y, keys[i].name))
			return place_fail(&y->at, "%s lacks \"%s\"", what,
					  keys[i].name);
	return DONE;
}

/** read_version() - struct key.read of "version", which every file begins with */
int read_version(struct policy *p, const struct node *y, void *to)
{
	uint32_t version;

	(void)p;
	(void)to;
	return read_number(y, "the version of the syntax", 1, 1, &version);
}
