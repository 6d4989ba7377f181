/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Values in a file: numbers, words, maps whose keys are known.  Each reader
 * returns DONE, or BAD_USAGE after it was said what was found, what was
 * expected, and where.
 */
#ifndef VSEGCTL_VALUE_H
#define VSEGCTL_VALUE_H

#include "model.h"
#include "tree.h"

struct policy;

/**
 * struct key - a key that a map may have
 * @name: it
 * @read: reads its value
 * @need: it must be there
 */
struct key {
	const char *name;
	int (*read)(struct policy *p, const struct node *value, void *to);
	bool need;
};

int unexpected(const struct node *y, const char *what);
int read_switch(const struct node *y, bool *value);
int read_number(const struct node *y, const char *what, uint32_t min,
		uint32_t max, uint32_t *value);
int read_enum(const struct node *y, const struct names *names,
	      const char *what, uint32_t *value);
int read_bits(const struct node *y, const struct names *names,
	      const char *what, uint32_t *mask);
int read_string(const struct node *y, const char *what, char *to, size_t size);
bool map_has(const struct node *y, const char *name);
int read_map(struct policy *p, const struct node *y, const char *what,
	     const struct key *keys, unsigned int n, void *to);
int read_version(struct policy *p, const struct node *y, void *to);

#endif /* VSEGCTL_VALUE_H */
