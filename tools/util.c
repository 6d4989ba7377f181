// SPDX-License-Identifier: GPL-2.0
/* Memory that doesn't fail, messages that can't hurt a terminal. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util.h"

static void __attribute__((noreturn)) no_memory(void)
{
	fputs("vsegctl: out of memory\n", stderr);
	exit(REFUSED);
}

/** xreallocarray() - reallocarray() that ends the program when it fails */
void *xreallocarray(void *p, size_t n, size_t size)
{
	p = reallocarray(p, n, size);
	if (!p)
		no_memory();
	return p;
}

/** xvasprintf() - vasprintf() that ends the program when it fails */
char *xvasprintf(const char *fmt, va_list ap)
{
	char *s;

	if (vasprintf(&s, fmt, ap) < 0)
		no_memory();
	return s;
}

/** xasprintf() - asprintf() that ends the program when it fails */
char *xasprintf(const char *fmt, ...)
{
	va_list ap;
	char *s;

	va_start(ap, fmt);
	s = xvasprintf(fmt, ap);
	va_end(ap);
	return s;
}

/**
 * escape() - make a string safe for a terminal
 * @s: anything that ends with a zero
 *
 * Device names may hold any byte but white space, slash and colon, and
 * whoever names a device isn't always whoever looks at it.
 *
 * Return: a copy with a backslash and every byte outside printable ASCII as
 * \\xNN.
 */
char *escape(const char *s)
{
	char *copy = xreallocarray(NULL, strlen(s) + 1, 4);
	char *to = copy;

	for (; *s; s++) {
		unsigned char c = *s;

		if (c >= ' ' && c <= '~' && c != '\\')
			*to++ = c;
		else
			to += sprintf(to, "\\x%02x", c);
	}
	*to = '\0';
	return copy;
}

PRINTF(2, 0)
static void complain(const char *prefix, const char *fmt, va_list ap)
{
	char *raw = xvasprintf(fmt, ap);
	char *safe = escape(raw);

	fflush(NULL);
	fprintf(stderr, "%s: %s\n", prefix, safe);
	free(safe);
	free(raw);
}

/**
 * fail() - say on stderr why something can't be done
 * @code: what to return
 * @fmt: the message
 *
 * Return: @code, for the caller to return.
 */
int fail(int code, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	complain("vsegctl", fmt, ap);
	va_end(ap);
	return code;
}

/**
 * finish() - make sure that all output was written
 * @code: what the program would end with
 *
 * Return: @code, or REFUSED instead of DONE when something could not be
 * written.
 */
int finish(int code)
{
	errno = 0;
	if ((ferror(stdout) || fflush(stdout)) && code == DONE)
		code = fail(REFUSED, "standard output: %s",
			    strerror(errno ? errno : EIO));
	return code;
}

/** warning() - say on stderr what was done and should be looked at */
void warning(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	complain("vsegctl: warning", fmt, ap);
	va_end(ap);
}

/**
 * utf8_char() - the character at the beginning of a text
 * @s: text
 * @c: its code point, where it is one
 *
 * Return: its bytes; 0 when there is no character of UTF-8, and then @c is 0.
 */
int utf8_char(const unsigned char *s, uint32_t *c)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	int i, n = s[0] < 0x80 ? 1 : s[0] < 0xc0 ? 0 : s[0] < 0xe0 ? 2 :
		   s[0] < 0xf0 ? 3 : s[0] < 0xf8 ? 4 : 0;
	uint32_t code = n < 2 ? s[0] : s[0] & 0x7f >> n;

	*c = 0;
	for (i = 1; i < n; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (s[i] & 0x3f);
	}
	if (!n || code < least[n] || code > 0x10ffff ||
	    (code >= 0xd800 && code < 0xe000))
		return 0;
	*c = code;
	return n;
}
