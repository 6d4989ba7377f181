// SPDX-License-Identifier: GPL-2.0
/* Patterns as the kernel's lib/glob.c takes them; fnmatch() has more. */
#include <stddef.h>
#include <linux/glob.h>

/* Does the class [...] that begins behind @p's bracket have @c?  @end: behind
 * it; as before when it doesn't end, and then the bracket is a letter.
 */
static bool class_has(const char *p, unsigned char c, const char **end)
{
	bool not = *p == '!', found = false;
	const char *first;

	p += not;
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
	return found != not;
}

/* Does one step of the pattern, no star, take @c?  @end: behind it. */
static bool step_has(const char *p, unsigned char c, const char **end)
{
	const char *behind = NULL;
	bool has;

	*end = p + 1;
	switch (*p) {
	case '?':
		return true;
	case '[':
		has = class_has(p + 1, c, &behind);
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
 * glob_match() - does a pattern fit a whole string?
 * @pat: pattern: *, ?, [...], [!...], and a backslash before any of them
 * @str: string
 *
 * Goes back to the last star only: what an earlier one could take, it can.
 *
 * Return: whether it does.
 */
bool glob_match(const char *pat, const char *str)
{
	const char *star = NULL, *from = NULL, *end;

	while (*str) {
		if (*pat == '*') {
			star = ++pat;
			from = str;
		} else if (*pat && step_has(pat, *str, &end)) {
			pat = end;
			str++;
		} else if (star) {
			pat = star;
			str = ++from;
		} else {
			return false;
		}
	}
	while (*pat == '*')
		pat++;
	return !*pat;
}
