/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VSEGCTL_UTIL_H
#define VSEGCTL_UTIL_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#define PRINTF(f, a)	__attribute__((format(printf, f, a)))

/**
 * enum status_code - what the command ends with
 * @DONE: it did what was asked
 * @BAD_USAGE: the words, or a file that they name, make no sense
 * @REFUSED: the kernel refused, or the system failed
 * @ABSENT: there is no vseg in this kernel
 * @DENIED: the policy drops the frame, or doesn't do what was expected
 */
enum status_code {
	DONE = 0,
	BAD_USAGE = 1,
	REFUSED = 2,
	ABSENT = 3,
	DENIED = 4,
};

void *xreallocarray(void *p, size_t n, size_t size);
char *xvasprintf(const char *fmt, va_list ap) PRINTF(1, 0);
char *xasprintf(const char *fmt, ...) PRINTF(1, 2);
char *escape(const char *s);
int utf8_char(const unsigned char *s, uint32_t *c);
int fail(int code, const char *fmt, ...) PRINTF(2, 3);
int finish(int code);
void warning(const char *fmt, ...) PRINTF(1, 2);

#endif /* VSEGCTL_UTIL_H */
