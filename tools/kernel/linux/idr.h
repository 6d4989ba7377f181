/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VSEGCTL_LINUX_IDR_H
#define VSEGCTL_LINUX_IDR_H

#include <linux/kernel.h>

/**
 * struct ida - numbers, each given out once
 * @next: the lowest that nobody had
 *
 * A policy from a file is built once, so what is given back may stay unused.
 */
struct ida {
	unsigned int next;
};

static inline int ida_alloc_range(struct ida *ida, unsigned int min,
				  unsigned int max, gfp_t gfp)
{
	unsigned int id = ida->next > min ? ida->next : min;

	(void)gfp;
	if (id > max)
		return -ENOSPC;
	ida->next = id + 1;
	return id;
}

static inline void ida_free(struct ida *ida, unsigned int id)
{
	(void)ida;
	(void)id;
}

#endif /* VSEGCTL_LINUX_IDR_H */
