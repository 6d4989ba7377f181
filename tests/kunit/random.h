/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Random cases that can be had again: each is made from the seed, the name of
 * its test and its own number alone.
 */
#ifndef VSEG_TEST_RANDOM_H
#define VSEG_TEST_RANDOM_H

#include <linux/jhash.h>
#include <linux/prandom.h>
#include <linux/stringhash.h>
#include <linux/string.h>

extern unsigned int test_seed;
extern unsigned int test_cases;

/* For the message of an expectation: which case it was. */
const char *case_name(unsigned int i);

static inline void random_case(struct rnd_state *rnd, const char *name,
			       unsigned int i)
{
	u32 hash = full_name_hash(NULL, name, strlen(name));

	prandom_seed_state(rnd, jhash_3words(test_seed, hash, i, 0));
}

static inline u32 below(struct rnd_state *rnd, u32 n)
{
	return prandom_u32_state(rnd) % n;
}

static inline u32 between(struct rnd_state *rnd, u32 first, u32 last)
{
	return first + below(rnd, last - first + 1);
}

/* True once in @n times. */
static inline bool rarely(struct rnd_state *rnd, u32 n)
{
	return !below(rnd, n);
}

#endif /* VSEG_TEST_RANDOM_H */
