// SPDX-License-Identifier: GPL-2.0
/*
 * The log of frames.
 */
#include <err.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "frames.h"

/**
 * frame_log_map - map the log of frames
 * @path: its file
 * @create: make it anew, empty
 *
 * Return: the log; ends the program without one.
 */
struct frame_log *frame_log_map(const char *path, int create)
{
	int fd = open(path, create ? O_RDWR | O_CREAT | O_TRUNC : O_RDWR, 0600);
	void *map;

	if (fd < 0 || (create && ftruncate(fd, FRAME_LOG_BYTES)))
		err(1, "%s", path);
	map = mmap(NULL, FRAME_LOG_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED,
		   fd, 0);
	if (map == MAP_FAILED)
		err(1, "%s: mmap", path);
	close(fd);
	return map;
}
