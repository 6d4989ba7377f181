/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What all parts of the netlink fuzzer share.
 */
#ifndef VSEG_FUZZ_FUZZ_H
#define VSEG_FUZZ_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ARRAY_SIZE(a)		(sizeof(a) / sizeof((a)[0]))
/* one of a list */
#define PICK(_list)		((_list)[rnd(ARRAY_SIZE(_list))])
#define PRINTF(f, a)		__attribute__((format(printf, f, a)))
#define NORETURN		__attribute__((noreturn))

/* Two network namespaces: that of the host, and one that belongs to root of an
 * unprivileged user namespace.
 */
enum world {
	WORLD_HOST,
	WORLD_USER,
	WORLDS,
};

void rnd_seed(uint64_t seed);
uint32_t rnd(uint32_t below);
bool one_in(uint32_t n);

void broken(const char *fmt, ...) PRINTF(1, 2);
const char *broken_why(void);
void broken_forget(void);
void die(const char *fmt, ...) PRINTF(1, 2) NORETURN;

void *xalloc(size_t size);
void write_to(const char *path, const char *text);

#endif /* VSEG_FUZZ_FUZZ_H */
