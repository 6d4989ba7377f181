// SPDX-License-Identifier: GPL-2.0
/*
 * Netlink sockets: one for requests, another for events, since a flood of
 * events must not cost a reply.  Replies are read by our own loop: libnl 3.7
 * drops the kernel's words and the errors that end a dump.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <linux/sock_diag.h>
#include <netlink/netlink.h>
#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>

#include "nl.h"

#define FAMILY_GONE	"vseg: module not loaded (modprobe vseg)"

/* A trunk's map of 4,095 VLANs takes 230 KB, there and back. */
#define RECV_SIZE	(512 * 1024)
#define SEND_SIZE	(512 * 1024)
#define EVENT_SIZE	(8 * 1024 * 1024)

#define DUMP_TRIES	16

/* Edits that go to the kernel in one call.  It answers all of them before the
 * first answer is read, so these must fit the socket's buffer.
 */
#define BURST_EDITS	128
#define BURST_BYTES	32768
#define ACK_SIZE	2048		/* the kernel's, with its overhead */

/**
 * struct vnl - a connection to the family
 * @sk: socket
 * @family: the family's id
 * @seq: of the last request
 * @burst: most edits in one call
 * @warn: told of warnings
 * @warn_data: for @warn
 * @buf: the last datagram, RECV_SIZE bytes
 */
struct vnl {
	struct nl_sock *sk;
	int family;
	uint32_t seq;
	size_t burst;
	vnl_warn_fn *warn;
	void *warn_data;
	char *buf;
};

/**
 * struct reply - where the answers to a request go
 * @req: the request, for messages
 * @first: sequence number of the first of a burst
 * @n: messages in the burst
 * @sent: the burst, to name attributes
 * @s: schema of the answer, NULL when only an ack is expected
 * @obj: the answer; for a dump, a list
 * @dump: is it one?
 * @interrupted: the dump isn't consistent
 * @acked: messages of the burst that were answered
 * @failed: the first of them that was refused, or @n
 * @e: why
 */
struct reply {
	const struct edit *req;
	uint32_t first;
	size_t n;
	const char *sent;
	const struct schema *s;
	void *obj;
	bool dump;
	bool interrupted;
	size_t acked;
	size_t failed;
	struct vnl_error *e;
};

static void set_option(struct nl_sock *sk, int option)
{
	int on = 1;

	setsockopt(nl_socket_get_fd(sk), SOL_NETLINK, option, &on, sizeof(on));
}

static void set_buffer(struct nl_sock *sk, int option, int forced, int size)
{
	int fd = nl_socket_get_fd(sk);

	if (setsockopt(fd, SOL_SOCKET, forced, &size, sizeof(size)))
		setsockopt(fd, SOL_SOCKET, option, &size, sizeof(size));
}

/* How many answers the kernel can keep for us. */
static size_t max_burst(struct nl_sock *sk)
{
	int size = 0;
	socklen_t len = sizeof(size);

	getsockopt(nl_socket_get_fd(sk), SOL_SOCKET, SO_RCVBUF, &size, &len);
	if (size < 2 * ACK_SIZE)
		return 1;
	return size / ACK_SIZE < BURST_EDITS ? size / ACK_SIZE : BURST_EDITS;
}

static int connect_family(struct vnl *nl)
{
	int err = genl_connect(nl->sk);

	/* no generic netlink at all: no vseg either */
	if (err == -NLE_PROTO_MISMATCH || err == -NLE_AF_NOSUPPORT)
		return fail(ABSENT, FAMILY_GONE);
	if (err)
		return fail(REFUSED, "netlink: %s", nl_geterror(err));
	nl->family = genl_ctrl_resolve(nl->sk, VSEG_FAMILY_NAME);
	if (nl->family == -NLE_OBJ_NOTFOUND)
		return fail(ABSENT, FAMILY_GONE);
	if (nl->family < 0)
		return fail(REFUSED, "netlink: %s", nl_geterror(nl->family));
	set_option(nl->sk, NETLINK_EXT_ACK);
	set_option(nl->sk, NETLINK_CAP_ACK);
	set_buffer(nl->sk, SO_SNDBUF, SO_SNDBUFFORCE, SEND_SIZE);
	set_buffer(nl->sk, SO_RCVBUF, SO_RCVBUFFORCE, BURST_EDITS * ACK_SIZE);
	nl->burst = max_burst(nl->sk);
	return DONE;
}

/**
 * vnl_open() - connect to the family
 * @code: why not
 *
 * Return: the connection, or NULL after it was said why not.
 */
struct vnl *vnl_open(int *code)
{
	struct vnl *nl = xreallocarray(NULL, 1, sizeof(*nl));

	memset(nl, 0, sizeof(*nl));
	nl->buf = xreallocarray(NULL, 1, RECV_SIZE);
	nl->sk = nl_socket_alloc();
	if (!nl->sk)
		*code = fail(REFUSED, "netlink: %s", strerror(ENOMEM));
	else
		*code = connect_family(nl);
	if (*code == DONE)
		return nl;
	vnl_close(nl);
	return NULL;
}

/** vnl_close() - disconnect; a transaction that is open is aborted by it */
void vnl_close(struct vnl *nl)
{
	if (!nl)
		return;
	nl_socket_free(nl->sk);
	free(nl->buf);
	free(nl);
}

/** vnl_on_warning() - say who is told of warnings */
void vnl_on_warning(struct vnl *nl, vnl_warn_fn *fn, void *data)
{
	nl->warn = fn;
	nl->warn_data = data;
}

/* Read a datagram of the kernel's.  Return its length, or -errno. */
static int receive(struct vnl *nl, int flags)
{
	struct sockaddr_nl from = { 0 };
	socklen_t len;
	ssize_t n;

	do {
		len = sizeof(from);
		n = recvfrom(nl_socket_get_fd(nl->sk), nl->buf, RECV_SIZE,
			     flags | MSG_TRUNC, (struct sockaddr *)&from, &len);
	} while ((n < 0 && errno == EINTR) || (n >= 0 && from.nl_pid));
	if (n < 0)
		return -errno;
	return n > RECV_SIZE ? -EMSGSIZE : n;
}

static const struct nlmsghdr *sent_message(const struct reply *r, size_t i)
{
	const char *p = r->sent;

	while (i--)
		p += NLMSG_ALIGN(((const struct nlmsghdr *)p)->nlmsg_len);
	return (const struct nlmsghdr *)p;
}

/* An ack, a refusal or the end of a dump. */
static void take_ack(struct vnl *nl, struct reply *r, const struct nlmsghdr *h)
{
	size_t i = h->nlmsg_seq - r->first;
	const struct edit *req = &r->req[i];
	struct vnl_error e;

	vnl_error_decode(h, sent_message(r, i), req->schema, &e);
	r->acked++;
	if (e.err && i < r->failed) {
		r->failed = i;
		*r->e = e;
	} else if (!e.err && *e.text && nl->warn) {
		nl->warn(req->label, req->line, &e, nl->warn_data);
	}
}

static void take_object(struct reply *r, const struct nlmsghdr *h)
{
	const struct genlmsghdr *genl = nlmsg_data(h);
	void *obj = r->obj;

	if (!r->s || r->failed < r->n)
		return;
	if (nlmsg_datalen(h) < (int)GENL_HDRLEN)
		goto bad;
	if (r->dump)
		obj = list_add(r->obj, r->s->size);
	if (!vnl_decode(r->s, obj, genlmsg_attrdata(genl, 0),
			genlmsg_attrlen(genl, 0)))
		return;
bad:
	r->failed = 0;
	vnl_error_set(r->e, EBADMSG, "the kernel's answer makes no sense");
}

static void take_message(struct vnl *nl, struct reply *r,
			 const struct nlmsghdr *h)
{
	if (h->nlmsg_seq - r->first >= r->n)
		return;			/* of an earlier request */
	if (h->nlmsg_flags & NLM_F_DUMP_INTR)
		r->interrupted = true;
	if (h->nlmsg_type == NLMSG_ERROR || h->nlmsg_type == NLMSG_DONE)
		take_ack(nl, r, h);
	else if (h->nlmsg_type == nl->family)
		take_object(r, h);
}

static int transact(struct vnl *nl, struct reply *r, size_t size)
{
	int err = nl_sendto(nl->sk, (void *)r->sent, size);

	if (err < 0) {
		r->failed = 0;
		vnl_error_set(r->e, errno, NULL);
		return REFUSED;
	}
	while (r->acked < r->n) {
		int len = receive(nl, 0);
		const struct nlmsghdr *h = (const void *)nl->buf;

		if (len < 0) {
			r->failed = 0;
			vnl_error_set(r->e, -len, NULL);
			return REFUSED;
		}
		for (; nlmsg_ok(h, len);
		     h = nlmsg_next((struct nlmsghdr *)h, &len))
			take_message(nl, r, h);
	}
	return r->failed < r->n ? REFUSED : DONE;
}

/* Build a request.  The caller frees it. */
static struct nl_msg *build(struct vnl *nl, const struct edit *req, int flags)
{
	size_t size = GENL_HDRLEN;
	struct nl_msg *msg;

	if (req->obj)
		size += vnl_encoded_max(req->schema, req->obj);
	msg = nlmsg_alloc_size(nlmsg_total_size(size));
	if (!msg ||
	    !genlmsg_put(msg, nl_socket_get_local_port(nl->sk), ++nl->seq,
			 nl->family, 0, NLM_F_REQUEST | flags, req->cmd,
			 VSEG_FAMILY_VERSION) ||
	    (req->obj && vnl_encode(msg, req->schema, req->obj)))
		abort();		/* it was made to fit */
	return msg;
}

static int request(struct vnl *nl, const struct edit *req, int flags,
		   struct reply *r)
{
	struct nl_msg *msg = build(nl, req, flags);
	int code;

	r->req = req;
	r->first = nl->seq;
	r->n = 1;
	r->failed = 1;
	r->sent = (const char *)nlmsg_hdr(msg);
	code = transact(nl, r, nlmsg_hdr(msg)->nlmsg_len);
	nlmsg_free(msg);
	return code;
}

/**
 * vnl_call() - ask for one thing
 * @nl: connection
 * @req: what to ask; without an @obj, no attributes
 * @s: what to expect, or NULL
 * @reply: empty object for the answer
 * @e: why not
 *
 * Return: DONE or REFUSED.
 */
int vnl_call(struct vnl *nl, const struct edit *req, const struct schema *s,
	     void *reply, struct vnl_error *e)
{
	struct reply r = { .s = s, .obj = reply, .e = e };

	return request(nl, req, NLM_F_ACK, &r);
}

/**
 * vnl_dump() - ask for all objects of a kind
 * @nl: connection
 * @cmd: VSEG_CMD_*_GET
 * @s: what to expect, and what @filter is
 * @filter: says which; NULL for all
 * @l: empty list for the answer
 * @e: why not
 *
 * A dump that a change of the policy ran into is taken again.
 *
 * Return: DONE or REFUSED; the list is to be cleared in both cases.
 */
int vnl_dump(struct vnl *nl, uint8_t cmd, const struct schema *s, void *filter,
	     struct list *l, struct vnl_error *e)
{
	const struct edit req = {
		.cmd = cmd, .label = "", .schema = s, .obj = filter,
	};
	unsigned int i;
	int code;

	for (i = 0; i < DUMP_TRIES; i++) {
		struct reply r = { .s = s, .obj = l, .dump = true, .e = e };

		code = request(nl, &req, NLM_F_DUMP, &r);
		if (code || !r.interrupted)
			return code;
		list_clear(s, l);
	}
	vnl_error_set(e, EINTR, "the policy changes all the time; try again");
	return REFUSED;
}

static void give_cookie(const struct edit *e, uint64_t cookie)
{
	const struct field *f = &e->schema->field[e->schema->cookie];

	if (!cookie)
		return;
	*(uint64_t *)e->obj |= BIT64(e->schema->cookie);
	memcpy((char *)e->obj + f->offset, &cookie, sizeof(cookie));
}

/* Send as many edits as make a burst.  Return how many, < 0 on failure. */
static ssize_t send_burst(struct vnl *nl, struct edit *edit, size_t n,
			  uint64_t cookie, struct reply *r)
{
	size_t size = 0, room = 0, i;
	char *burst = NULL;
	int code;

	r->req = edit;
	r->first = nl->seq + 1;
	for (i = 0; i < n && i < nl->burst && size < BURST_BYTES; i++) {
		const struct nlmsghdr *h;
		struct nl_msg *msg;
		size_t len;

		give_cookie(&edit[i], cookie);
		msg = build(nl, &edit[i], NLM_F_ACK);
		h = nlmsg_hdr(msg);
		len = NLMSG_ALIGN(h->nlmsg_len);
		if (!burst || size + len > room) {
			room = (size + len) * 2;
			burst = xreallocarray(burst, 1, room);
		}
		memcpy(burst + size, h, len);
		size += len;
		nlmsg_free(msg);
	}
	r->n = i;
	r->failed = i;
	r->sent = burst;
	code = transact(nl, r, size);
	free(burst);
	return code == DONE ? (ssize_t)i : -1;
}

/**
 * vnl_edits() - send edits
 * @nl: connection
 * @edit: them
 * @n: how many
 * @cookie: transaction, or 0 for one of its own for each
 * @failed: which one was refused
 * @e: why
 *
 * Many go in one system call, and after a refusal no more are sent; those
 * behind the refused one may already be in the transaction, which is to be
 * aborted then.
 *
 * Return: DONE or REFUSED.
 */
int vnl_edits(struct vnl *nl, struct edit *edit, size_t n, uint64_t cookie,
	      size_t *failed, struct vnl_error *e)
{
	size_t i = 0;

	while (i < n) {
		struct reply r = { .e = e };
		ssize_t sent = send_burst(nl, edit + i, n - i, cookie, &r);

		if (sent < 0) {
			*failed = i + r.failed;
			return REFUSED;
		}
		i += sent;
	}
	return DONE;
}

/**
 * vnl_join() - make this connection hear a multicast group
 * @nl: connection, of no other use from here on
 * @group: "config" or "drops"
 *
 * Return: 0 or -errno.
 */
int vnl_join(struct vnl *nl, const char *group)
{
	int id = genl_ctrl_resolve_grp(nl->sk, VSEG_FAMILY_NAME, group);

	if (id < 0)
		return -ENOENT;
	set_buffer(nl->sk, SO_RCVBUF, SO_RCVBUFFORCE, EVENT_SIZE);
	/* let the kernel count in events-lost what doesn't fit */
	set_option(nl->sk, NETLINK_BROADCAST_ERROR);
	if (setsockopt(nl_socket_get_fd(nl->sk), SOL_NETLINK,
		       NETLINK_ADD_MEMBERSHIP, &id, sizeof(id)))
		return -errno;
	return 0;
}

/** vnl_event_fd() - what to poll */
int vnl_event_fd(struct vnl *nl)
{
	return nl_socket_get_fd(nl->sk);
}

/** vnl_lost() - how many events this connection had no room for, so far */
uint32_t vnl_lost(struct vnl *nl)
{
	uint32_t info[SK_MEMINFO_VARS] = { 0 };
	socklen_t len = sizeof(info);

	getsockopt(nl_socket_get_fd(nl->sk), SOL_SOCKET, SO_MEMINFO, info,
		   &len);
	return info[SK_MEMINFO_DROPS];
}

/**
 * vnl_events() - read what has come
 * @nl: connection that joined a group
 * @fn: called for each event
 * @data: for @fn
 *
 * Return: 0, -EAGAIN when there is nothing, -ENOBUFS when events were lost,
 * -EBADMSG when one made no sense, another -errno when the socket failed.
 */
int vnl_events(struct vnl *nl, vnl_event_fn *fn, void *data)
{
	const struct nlmsghdr *h = (const void *)nl->buf;
	int len = receive(nl, MSG_DONTWAIT);
	int err = 0;

	if (len < 0)
		return len;
	for (; nlmsg_ok(h, len); h = nlmsg_next((struct nlmsghdr *)h, &len)) {
		if (h->nlmsg_type != nl->family)
			continue;
		if (vnl_decode_event(nlmsg_data(h), nlmsg_datalen(h), fn, data))
			err = -EBADMSG;
	}
	return err;
}
