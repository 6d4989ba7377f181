// SPDX-License-Identifier: GPL-2.0
/* What of the system doesn't matter here: it succeeds and does nothing. */
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <netlink/netlink.h>

#include "fake.h"
#include "nl-ct.h"
#include "ssh.h"
#include "util.h"

int fake_genl_connect(struct nl_sock *sk)
{
	(void)sk;
	return 0;
}

int fake_genl_ctrl_resolve(struct nl_sock *sk, const char *name)
{
	(void)sk;
	(void)name;
	return FAKE_FAMILY;
}

int fake_genl_ctrl_resolve_grp(struct nl_sock *sk, const char *family,
			       const char *group)
{
	(void)sk;
	(void)family;
	(void)group;
	return 1;
}

int fake_setsockopt(int fd, int level, int name, const void *p, socklen_t n)
{
	(void)fd;
	(void)level;
	(void)name;
	(void)p;
	(void)n;
	return 0;
}

int fake_sigprocmask(int how, const sigset_t *set, sigset_t *old)
{
	(void)how;
	(void)set;
	if (old)
		sigemptyset(old);
	return 0;
}

int fake_sigaction(int sig, const struct sigaction *act,
		   struct sigaction *old)
{
	(void)sig;
	(void)act;
	(void)old;
	return 0;
}

int fake_setvbuf(FILE *f, char *buf, int mode, size_t n)
{
	(void)f;
	(void)buf;
	(void)mode;
	(void)n;
	return 0;
}

int fake_ssh_guard(struct ctl *c, const struct args *a, uint64_t cookie,
		   const struct policy *want, const struct ssh_how *how)
{
	(void)c;
	(void)a;
	(void)cookie;
	(void)want;
	(void)how;
	return DONE;
}

int fake_mkdir(const char *path, mode_t mode)
{
	(void)path;
	(void)mode;
	return 0;
}

int fake_fsync(int fd)
{
	(void)fd;
	return 0;
}

int fake_link(const char *from, const char *to)
{
	(void)from;
	(void)to;
	return 0;
}

int fake_unlink(const char *path)
{
	(void)path;
	return 0;
}

int fake_execv(const char *path, char *const argv[])
{
	(void)path;
	(void)argv;
	return -1;
}

/* No flows come from there, and all that go there are taken. */
int ct_open(struct nl_sock **sk)
{
	*sk = NULL;
	return 0;
}

void ct_close(struct nl_sock *sk)
{
	(void)sk;
}

int ct_dump(struct nl_sock *sk, ct_fn *fn, void *data)
{
	(void)sk;
	(void)fn;
	(void)data;
	return 0;
}

int ct_add(struct nl_sock *sk, const struct flow *f)
{
	(void)sk;
	(void)f;
	return 0;
}

int fake_netns_enter(const char *name)
{
	return *name ? DONE : fail(BAD_USAGE, "no name");
}
