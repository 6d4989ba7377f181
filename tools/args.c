// SPDX-License-Identifier: GPL-2.0
/*
 * Strict parsers: a word is taken whole or refused, with what was expected.
 * What a name may look like beyond its length is the kernel's to say.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "args.h"

/**
 * args_fail() - say what is wrong with the words
 * @a: the words
 * @fmt: the message
 *
 * Return: BAD_USAGE.
 */
int args_fail(const struct args *a, const char *fmt, ...)
{
	va_list ap;
	char *msg;

	va_start(ap, fmt);
	msg = xvasprintf(fmt, ap);
	va_end(ap);
	fail(BAD_USAGE, "%s%s%s%s", a->where, a->label, *a->label ? ": " : "",
	     msg);
	if (a->usage)
		fprintf(stderr, "usage: vsegctl %s%s%s\n", a->label,
			*a->usage ? " " : "", a->usage);
	free(msg);
	return BAD_USAGE;
}

/** args_more() - are there words left? */
bool args_more(const struct args *a)
{
	return a->next < a->n;
}

/** args_peek() - the next word, which stays; NULL at the end */
const char *args_peek(const struct args *a)
{
	return args_more(a) ? a->word[a->next] : NULL;
}

/** args_next() - take the next word; NULL at the end */
const char *args_next(struct args *a)
{
	return args_more(a) ? a->word[a->next++] : NULL;
}

/** args_take() - take the next word if it is @word */
bool args_take(struct args *a, const char *word)
{
	if (!args_more(a) || strcmp(a->word[a->next], word))
		return false;
	a->next++;
	return true;
}

/** args_need() - take the next word, or complain that @what is missing */
const char *args_need(struct args *a, const char *what)
{
	if (!args_more(a))
		args_fail(a, "expected %s", what);
	return args_next(a);
}

/**
 * args_end() - complain about words that are left
 * @a: the words
 * @expected: what could have stood here, or NULL for nothing
 *
 * Return: DONE or BAD_USAGE.
 */
int args_end(const struct args *a, const char *expected)
{
	if (!args_more(a))
		return DONE;
	return args_fail(a, "expected %s, not \"%s\"",
			 expected ? expected : "nothing more", args_peek(a));
}

/**
 * parse_number() - decimal digits, and nothing else
 * @s: where they start
 * @end: what follows them
 * @max: largest value
 * @value: the number
 *
 * Return: whether there was one; else @end and @value are as before.
 */
bool parse_number(const char *s, const char **end, uint64_t max,
		  uint64_t *value)
{
	uint64_t n = 0;

	if (*s < '0' || *s > '9')
		return false;
	for (; *s >= '0' && *s <= '9'; s++) {
		unsigned int digit = *s - '0';

		if (digit > max || n > (max - digit) / 10)
			return false;
		n = n * 10 + digit;
	}
	*end = s;
	*value = n;
	return true;
}

/** parse_range() - N or N-M, M not less than N, and nothing else */
bool parse_range(const char *s, uint32_t max, uint32_t *first, uint32_t *last)
{
	uint64_t from, to;

	if (!parse_number(s, &s, max, &from))
		return false;
	to = from;
	if (*s == '-' && !parse_number(s + 1, &s, max, &to))
		return false;
	*first = from;
	*last = to;
	return !*s && from <= to;
}

/** parse_mac() - an address as 52:54:00:12:34:56, and nothing else */
bool parse_mac(const char *s, uint8_t *mac)
{
	unsigned int byte[6], i;
	int end = 0;

	if (sscanf(s, "%2x:%2x:%2x:%2x:%2x:%2x%n", &byte[0], &byte[1],
		   &byte[2], &byte[3], &byte[4], &byte[5], &end) != 6 ||
	    end != 17 || s[end])
		return false;
	for (i = 0; i < 6; i++)
		mac[i] = byte[i];
	return true;
}

/** args_number() - take a number from @min to @max */
int args_number(struct args *a, const char *what, uint32_t min, uint32_t max,
		uint32_t *value)
{
	const char *word = args_need(a, what);
	const char *end;
	uint64_t n;

	if (!word)
		return BAD_USAGE;
	if (!parse_number(word, &end, max, &n) || *end || n < min)
		return args_fail(a, "%s is a number from %u to %u, not \"%s\"",
				 what, min, max, word);
	*value = n;
	return DONE;
}

static int take_name(struct args *a, const char *what, char *name, size_t size)
{
	const char *word = args_need(a, what);
	size_t len;

	if (!word)
		return BAD_USAGE;
	len = strlen(word);
	if (!len)
		return args_fail(a, "%s is empty", what);
	if (len >= size)
		return args_fail(a, "%s has at most %zu characters, not \"%s\"",
				 what, size - 1, word);
	memcpy(name, word, len + 1);
	return DONE;
}

/** args_domain() - take the name of a domain, of DOMAIN_NAMSIZ at most */
int args_domain(struct args *a, const char *what, char *name)
{
	return take_name(a, what, name, DOMAIN_NAMSIZ);
}

/** args_ifname() - take the name of a device, of IFNAMSIZ at most */
int args_ifname(struct args *a, const char *what, char *name)
{
	return take_name(a, what, name, IFNAMSIZ);
}

/** args_switch() - take "on" or "off" */
int args_switch(struct args *a, const char *what, bool *value)
{
	const char *word = args_need(a, what);

	if (!word)
		return BAD_USAGE;
	*value = !strcmp(word, "on");
	if (*value || !strcmp(word, "off"))
		return DONE;
	return args_fail(a, "%s is on or off, not \"%s\"", what, word);
}

/** args_enum() - take one of an enum's names */
int args_enum(struct args *a, const char *what, const struct names *names,
	      uint32_t *value)
{
	const char *word = args_need(a, what);
	int v;

	if (!word)
		return BAD_USAGE;
	v = value_of(names, word);
	if (v < 0)
		return args_fail(a, "%s is %s or %s, not \"%s\"", what,
				 names->name[0], names->name[1], word);
	*value = v;
	return DONE;
}

/* The name that a text begins with, up to a comma. */
static bool take_bit(const char **s, const struct names *names, uint32_t *mask)
{
	size_t len = strcspn(*s, ",");
	unsigned int bit;

	for (bit = 0; bit < names->n; bit++)
		if (strlen(names->name[bit]) == len &&
		    !strncmp(names->name[bit], *s, len))
			break;
	if (bit == names->n)
		return false;
	*mask |= UINT32_C(1) << bit;
	*s += len;
	return true;
}

static int bad_bits(const struct args *a, const char *what,
		    const struct names *names, const char *word)
{
	char *list = xasprintf("%s", "none"), *longer;
	unsigned int bit;
	int code;

	for (bit = 0; bit < names->n; bit++) {
		longer = xasprintf("%s, %s", list, names->name[bit]);
		free(list);
		list = longer;
	}
	code = args_fail(a, "%s is of: %s; not \"%s\"", what, list, word);
	free(list);
	return code;
}

/** args_bits() - take names of bits with commas between them, or none */
int args_bits(struct args *a, const char *what, const struct names *names,
	      uint32_t *mask)
{
	const char *word = args_need(a, what), *s = word;

	if (!word)
		return BAD_USAGE;
	if (!strcmp(word, "none"))
		return DONE;
	while (take_bit(&s, names, mask)) {
		if (!*s)
			return DONE;
		s++;
	}
	return bad_bits(a, what, names, word);
}

/** args_vlans() - take N or N-M, VLAN ids */
int args_vlans(struct args *a, struct vlan *v)
{
	const char *word = args_need(a, "N or N-M");

	if (!word)
		return BAD_USAGE;
	if (!parse_range(word, 4094, &v->first, &v->last))
		return args_fail(a, "vlan is N or N-M, from 0 to 4094, not \"%s\"",
				 word);
	give(v, VSEG_A_VLAN_FIRST);
	if (v->last != v->first)
		give(v, VSEG_A_VLAN_LAST);
	return DONE;
}
