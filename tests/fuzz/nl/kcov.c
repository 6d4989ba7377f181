// SPDX-License-Identifier: GPL-2.0
/*
 * Which code of the module ran, by KCOV: of this task alone, and in our kernels
 * only the module is instrumented.  Reading a dump on counts as well.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <linux/kcov.h>

#include "kcov.h"

#define KCOV_FILE	"/sys/kernel/debug/kcov"
#define WORDS		(256 * 1024)
#define SEEN_BITS	16

static unsigned long *trace;
static uint64_t pcs[1 << SEEN_BITS];
static uint8_t ways[1 << SEEN_BITS];
static unsigned int npcs;

/** kcov_init() - trace from now on; false where the kernel can't */
bool kcov_init(void)
{
	int fd = open(KCOV_FILE, O_RDWR | O_CLOEXEC);

	if (fd < 0)
		return false;
	if (ioctl(fd, KCOV_INIT_TRACE, WORDS))
		die(KCOV_FILE);
	trace = mmap(NULL, WORDS * sizeof(*trace), PROT_READ | PROT_WRITE,
		     MAP_SHARED, fd, 0);
	if (trace == MAP_FAILED || ioctl(fd, KCOV_ENABLE, KCOV_TRACE_PC))
		die(KCOV_FILE);
	return true;
}

/** kcov_begin() - forget what ran */
void kcov_begin(void)
{
	if (trace)
		__atomic_store_n(&trace[0], 0, __ATOMIC_RELAXED);
}

static uint32_t hash(uint64_t value)
{
	return value * UINT64_C(0x9e3779b97f4a7c15) >> (64 - SEEN_BITS);
}

static bool is_new_pc(uint64_t pc)
{
	uint32_t i = hash(pc);

	while (pcs[i] && pcs[i] != pc)
		i = (i + 1) % ARRAY_SIZE(pcs);
	if (pcs[i] || npcs == ARRAY_SIZE(pcs) / 2)
		return false;
	pcs[i] = pc;
	npcs++;
	return true;
}

/* A step from one place to another; a clash of hashes costs one that is new. */
static bool is_new_way(uint64_t from, uint64_t to)
{
	uint32_t i = hash(from * 31 + to);
	bool is_new = !ways[i];

	ways[i] = 1;
	return is_new;
}

/**
 * kcov_end() - what ran since kcov_begin()
 *
 * Return: how many places, and ways between two of them, were never seen before.
 */
unsigned int kcov_end(void)
{
	unsigned long n = trace ? __atomic_load_n(&trace[0],
						  __ATOMIC_RELAXED) : 0;
	unsigned long i, last = 0;
	unsigned int fresh = 0;

	for (i = 1; i <= n && i < WORDS; i++) {
		fresh += is_new_pc(trace[i]) + is_new_way(last, trace[i]);
		last = trace[i];
	}
	return fresh;
}

/** kcov_pcs() - how many places have been seen so far */
unsigned int kcov_pcs(void)
{
	return npcs;
}
