// SPDX-License-Identifier: GPL-2.0
/* -n NETNS */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ctl.h"

#define NETNS_DIR	"/run/netns/"

/**
 * netns_enter() - go to a network namespace
 * @name: of "ip netns", or a path that has a slash, such as /proc/PID/ns/net
 *
 * Return: the exit status.
 */
int netns_enter(const char *name)
{
	char *path = xasprintf("%s%s", strchr(name, '/') ? "" : NETNS_DIR,
			       name);
	int code = DONE;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (!*name || fd < 0)
		code = fail(BAD_USAGE, "network namespace \"%s\": %s", name,
			    strerror(*name ? errno : ENOENT));
	else if (setns(fd, CLONE_NEWNET))
		code = fail(errno == EINVAL ? BAD_USAGE : REFUSED,
			    "network namespace \"%s\": %s", name,
			    strerror(errno));
	if (fd >= 0)
		close(fd);
	free(path);
	return code;
}
