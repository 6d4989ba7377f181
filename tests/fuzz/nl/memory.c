// SPDX-License-Identifier: GPL-2.0
/*
 * How much memory the kernel keeps, by cache of kmalloc's, and what vmalloc gave
 * to the module.  What waits to be freed is freed before: by RCU, and by KASAN,
 * whose quarantine is emptied when a cache is shrunk.
 */
#include <fcntl.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "memory.h"

#define MODULE		"[vseg]"
#define CACHES		128
#define NAME_LEN	40
#define WORTH_A_LINE	4096

/**
 * struct cache - what is in a cache
 * @name: the cache's
 * @bytes: of objects in use
 */
struct cache {
	char name[NAME_LEN];
	long bytes;
};

static struct cache marked[CACHES], now[CACHES];

/* Not every kernel has each of these. */
static void try_write(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	if (write(fd, text, strlen(text)) < 0)
		die("%s", path);
	close(fd);
}

static void settle(void)
{
	glob_t found;
	size_t i;

	try_write("/proc/sys/vm/drop_caches", "2");
	try_write("/sys/module/rcutree/parameters/do_rcu_barrier", "1");
	if (glob("/sys/kernel/slab/*/shrink", 0, NULL, &found))
		return;
	for (i = 0; i < found.gl_pathc; i++)
		try_write(found.gl_pathv[i], "1");
	globfree(&found);
}

static unsigned int read_caches(struct cache *c)
{
	FILE *f = fopen("/proc/slabinfo", "re");
	long active, all, size;
	unsigned int n = 0;
	char line[512];

	if (!f)
		die("/proc/slabinfo");
	while (n < CACHES - 1 && fgets(line, sizeof(line), f)) {
		if (sscanf(line, "%39s %ld %ld %ld", c[n].name, &active, &all,
			   &size) != 4 || strncmp(c[n].name, "kmalloc-", 8))
			continue;
		c[n++].bytes = active * size;
	}
	fclose(f);
	return n;
}

static long in_vmalloc(void)
{
	FILE *f = fopen("/proc/vmallocinfo", "re");
	char line[1024], *size;
	long sum = 0;

	while (f && fgets(line, sizeof(line), f)) {
		size = strchr(line, ' ');
		if (size && strstr(line, MODULE))
			sum += strtol(size, NULL, 10);
	}
	if (f)
		fclose(f);
	return sum;
}

static void read_all(struct cache *c)
{
	unsigned int n;

	settle();
	settle();
	memset(c, 0, CACHES * sizeof(*c));
	n = read_caches(c);
	c[n] = (struct cache) { "vmalloc", in_vmalloc() };
}

/** memory_mark() - remember how much it is now */
void memory_mark(void)
{
	read_all(marked);
}

/** memory_grown() - tell what has grown, and return by how much it is in all */
long memory_grown(void)
{
	long sum = 0, grown;
	unsigned int i;

	read_all(now);
	for (i = 0; i < CACHES; i++) {
		grown = now[i].bytes - marked[i].bytes;
		sum += grown;
		if (grown >= WORTH_A_LINE)
			printf("# %s %+ld bytes\n", now[i].name, grown);
	}
	return sum;
}
