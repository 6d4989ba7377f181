// SPDX-License-Identifier: GPL-2.0
/* Random numbers, and the first thing that is wrong. */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fuzz.h"

static uint64_t state;
static char why[512];

/** rnd_seed() - begin a row of random numbers, the same for the same seed */
void rnd_seed(uint64_t seed)
{
	state = seed * 2 + 1;
}

/** rnd() - a number from 0 to @below - 1, by xorshift64* */
uint32_t rnd(uint32_t below)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return (uint32_t)((state * UINT64_C(2685821657736338717)) >> 33) % below;
}

/** one_in() - true once in @n times */
bool one_in(uint32_t n)
{
	return !rnd(n);
}

/** broken() - something that must hold doesn't; the first one is kept */
void broken(const char *fmt, ...)
{
	va_list ap;

	if (*why)
		return;
	va_start(ap, fmt);
	vsnprintf(why, sizeof(why), fmt, ap);
	va_end(ap);
}

/** broken_why() - what is broken, or NULL */
const char *broken_why(void)
{
	return *why ? why : NULL;
}

/** broken_forget() - look anew */
void broken_forget(void)
{
	*why = '\0';
}

/** die() - the fuzzer itself can't go on */
void die(const char *fmt, ...)
{
	int err = errno;
	va_list ap;

	printf("Bail out! ");
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	printf(" (%s)\n", strerror(err));
	exit(2);
}

/** xalloc() - zeroed memory */
void *xalloc(size_t size)
{
	void *p = calloc(1, size ? size : 1);

	if (!p)
		die("no memory");
	return p;
}

/** write_to() - put a text into a file of the kernel's */
void write_to(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		die("%s", path);
	close(fd);
}
