// SPDX-License-Identifier: GPL-2.0
/*
 * Who asks.  What the kernel looks at are the rights of whoever opened a socket
 * and those of whoever sends.  Nobody's sockets are opened and used with the
 * user id of nobody; those of user namespaces are opened by processes that live
 * there, agents, and sent by us, who have no right less than they do.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <linux/genetlink.h>
#include <linux/vseg.h>

#include "caller.h"

#define NOBODY		65534
#define ALLOW_USERNS	"/sys/module/vseg/parameters/allow_userns"

static int agents[WORLDS];
static int allow_fd = -1;
static bool allowed;
static unsigned int family;

/* What a socket is asked for of an agent by. */
enum { WANT_GENL = 'g', WANT_RTNL = 'r' };

static int open_netlink(int protocol)
{
	struct timeval limit = { .tv_sec = 20 };
	struct sockaddr_nl any = { .nl_family = AF_NETLINK };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol), on = 1;

	if (fd < 0 || bind(fd, (struct sockaddr *)&any, sizeof(any)) ||
	    setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof(on)) ||
	    setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof(on)) ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)))
		die("netlink socket");
	return fd;
}

static void send_fd(int to, int fd)
{
	char byte = 0, control[CMSG_SPACE(sizeof(fd))] = { 0 };
	struct iovec iov = { &byte, 1 };
	struct msghdr m = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = control, .msg_controllen = sizeof(control),
	};
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);

	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(fd));
	memcpy(CMSG_DATA(c), &fd, sizeof(fd));
	if (sendmsg(to, &m, 0) < 0)
		die("agent: sending a socket");
}

static int ask_agent(int agent, char what)
{
	char byte, control[CMSG_SPACE(sizeof(int))];
	struct iovec iov = { &byte, 1 };
	struct msghdr m = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = control, .msg_controllen = sizeof(control),
	};
	int fd;

	if (write(agent, &what, 1) != 1 ||
	    recvmsg(agent, &m, MSG_CMSG_CLOEXEC) != 1 || !CMSG_FIRSTHDR(&m))
		die("agent: asking for a socket");
	memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&m)), sizeof(fd));
	return fd;
}

/* Never returns.  Ends with us. */
static void agent_run(int fd, int flags)
{
	char what;
	int s;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (setresgid(NOBODY, NOBODY, NOBODY) ||
	    setresuid(NOBODY, NOBODY, NOBODY) || unshare(flags))
		die("agent: a user namespace");
	prctl(PR_SET_DUMPABLE, 1);	/* or /proc/self isn't ours */
	write_to("/proc/self/uid_map", "0 65534 1");
	while (read(fd, &what, 1) == 1) {
		s = open_netlink(what == WANT_RTNL ? NETLINK_ROUTE :
						     NETLINK_GENERIC);
		send_fd(fd, s);
		close(s);
	}
	_exit(0);
}

static int agent_start(int flags)
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair))
		die("socketpair");
	fflush(NULL);
	switch (fork()) {
	case -1:
		die("fork");
	case 0:
		close(pair[0]);
		agent_run(pair[1], flags);
	}
	close(pair[1]);
	return pair[0];
}

/* The number that the family was given; it lives as long as the module. */
static unsigned int find_family(int fd)
{
	struct {
		struct nlmsghdr h;
		struct genlmsghdr genl;
		struct nlattr a;
		char name[8];
	} ask = {
		.h = { sizeof(ask), GENL_ID_CTRL, NLM_F_REQUEST, 1, 0 },
		.genl = { CTRL_CMD_GETFAMILY, 1, 0 },
		.a = { NLA_HDRLEN + sizeof(VSEG_FAMILY_NAME),
		       CTRL_ATTR_FAMILY_NAME },
		.name = VSEG_FAMILY_NAME,
	};
	char answer[8192], *p = answer + MSG_HDRLEN;
	struct nlattr a;
	uint16_t id;
	ssize_t n;

	if (send(fd, &ask, sizeof(ask), 0) < 0)
		die("looking for the family");
	n = recv(fd, answer, sizeof(answer), 0);
	while (p + sizeof(a) <= answer + n) {
		memcpy(&a, p, sizeof(a));
		memcpy(&id, p + NLA_HDRLEN, sizeof(id));
		if (a.nla_type == CTRL_ATTR_FAMILY_ID)
			return id;
		p += NLA_ALIGN(a.nla_len);
	}
	die("there is no family vseg");
}

/** caller_init() - be ready to be anybody; in a network namespace of our own */
void caller_init(void)
{
	int fd = open_netlink(NETLINK_GENERIC);

	family = find_family(fd);
	close(fd);
	agents[WORLD_HOST] = agent_start(CLONE_NEWUSER);
	agents[WORLD_USER] = agent_start(CLONE_NEWUSER | CLONE_NEWNET);
	allow_fd = open(ALLOW_USERNS, O_WRONLY | O_CLOEXEC);
	if (allow_fd < 0)
		die(ALLOW_USERNS);
	allowed = true;
	caller_allow(false);
}

/** caller_family() - the number of the family */
unsigned int caller_family(void)
{
	return family;
}

/** caller_rtnl() - an rtnetlink socket of a world */
int caller_rtnl(enum world w)
{
	return w == WORLD_USER ? ask_agent(agents[w], WANT_RTNL) :
				 open_netlink(NETLINK_ROUTE);
}

/** caller_become() - have the rights of a socket's owner */
void caller_become(enum sock sock)
{
	if (sock == SOCK_NOBODY &&
	    syscall(SYS_setresuid, -1, NOBODY, -1))
		die("setresuid");
}

/** caller_return() - be root again */
void caller_return(enum sock sock)
{
	if (sock == SOCK_NOBODY && syscall(SYS_setresuid, -1, 0, -1))
		die("setresuid");
}

/** caller_socket() - open a generic netlink socket */
int caller_socket(enum sock sock)
{
	int fd;

	if (sock >= SOCK_OWN)
		return ask_agent(agents[WORLD_USER], WANT_GENL);
	if (sock == SOCK_OTHERS)
		return ask_agent(agents[WORLD_HOST], WANT_GENL);
	caller_become(sock);
	fd = open_netlink(NETLINK_GENERIC);
	caller_return(sock);
	return fd;
}

/** caller_world() - the world that a socket is of */
enum world caller_world(unsigned int sock)
{
	return sock >= SOCK_OWN ? WORLD_USER : WORLD_HOST;
}

/** caller_allow() - set the module's parameter allow_userns */
void caller_allow(bool on)
{
	if (on == allowed)
		return;
	if (pwrite(allow_fd, on ? "1" : "0", 1, 0) != 1)
		die(ALLOW_USERNS);
	allowed = on;
}

/** caller_allowed() - is allow_userns set? */
bool caller_allowed(void)
{
	return allowed;
}

/**
 * caller_may() - may this socket's owner ask for an operation?
 * @sock: socket
 * @op: operation
 *
 * Who only looks at what isn't for everybody need not be allowed to write.
 *
 * Return: whether he may.
 */
bool caller_may(unsigned int sock, const struct op *op)
{
	if (!op->admin)
		return true;
	return caller_may_write(sock) || (!op->has_do && sock >= SOCK_OWN);
}

/** caller_may_write() - may this socket's owner change its world's policy? */
bool caller_may_write(unsigned int sock)
{
	return sock < SOCK_NOBODY || (sock >= SOCK_OWN && allowed);
}
