// SPDX-License-Identifier: GPL-2.0
/*
 * A kernel that says anything: fake_NAME() is what the command calls in place of
 * NAME(), see the Makefile.  What the command sends must make sense, whatever
 * it was told before.
 *
 * A script is a row of records, each two bytes of length and so many bytes of a
 * datagram; the length 0xffff stands for an error of one byte.  The sequence
 * numbers in it count from the first message of the last request.
 */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <linux/genetlink.h>
#include <linux/sock_diag.h>
#include <netlink/netlink.h>
#include <netlink/msg.h>
#include <sanitizer/asan_interface.h>

#include "fake.h"
#include "nl.h"

#define FD_SIZE		(512 * 1024)
#define COOKIE		UINT64_C(0x5eed5eed5eed5eed)
#define ERROR_RECORD	0xffff

/**
 * struct fake - the kernel
 * @obey: it does what it is asked, and has no script
 * @script: what it says; when it obeys, what stands in files
 * @left: bytes of it
 * @first: sequence number of the last request's first message
 * @answer: to the last request, when it obeys
 * @drops: events that a socket lost
 */
static struct fake {
	bool obey;
	const uint8_t *script;
	size_t left;
	uint32_t first;
	struct {
		char *p;
		size_t n;
	} answer;
	uint32_t drops;
} fake;

/** fake_script() - say this from now on, then fail */
void fake_script(const uint8_t *p, size_t n)
{
	fake.obey = false;
	fake.script = p;
	fake.left = n;
}

/** fake_obey() - do all that is asked; in every file stands @p */
void fake_obey(const uint8_t *p, size_t n)
{
	fake.obey = true;
	fake.script = p;
	fake.left = n;
	fake.answer.n = 0;
}

/* --- what the command says --- */

static const struct schema *schema_of(int cmd)
{
	switch (cmd) {
	case VSEG_CMD_STATUS_GET:
		return &status_schema;
	case VSEG_CMD_BEGIN ... VSEG_CMD_OFF:
		return &txn_schema;
	case VSEG_CMD_SETTINGS_GET ... VSEG_CMD_SETTINGS_SET:
		return &settings_schema;
	case VSEG_CMD_DOMAIN_GET ... VSEG_CMD_DOMAIN_DEL:
		return &domain_schema;
	case VSEG_CMD_BRIDGE_GET ... VSEG_CMD_BRIDGE_DEL:
		return &bridge_schema;
	case VSEG_CMD_PORT_GET ... VSEG_CMD_PORT_UNBIND:
		return &port_schema;
	case VSEG_CMD_CELL_GET ... VSEG_CMD_CELL_DEL:
		return &cell_schema;
	case VSEG_CMD_PAIR_GET:
		return &pair_schema;
	case VSEG_CMD_SELECTOR_GET ... VSEG_CMD_SELECTOR_DEL:
		return &selector_schema;
	case VSEG_CMD_CONFIRM ... VSEG_CMD_ROLLBACK:
		return &txn_schema;
	case VSEG_CMD_DECIDE:
		return &decision_schema;
	case VSEG_CMD_LOG_GET:
		return &log_schema;
	case VSEG_CMD_DOMAIN_SET:
		return &domain_schema;
	case VSEG_CMD_RULE_GET ... VSEG_CMD_RULE_DEL:
		return &rule_schema;
	case VSEG_CMD_ZONE_GET ... VSEG_CMD_ZONE_ADD:
		return &zone_schema;
	}
	return NULL;
}

/* A request of ours is whole, of this family, and of attributes that its
 * command knows.
 */
static void check_request(const struct nlmsghdr *h)
{
	const struct genlmsghdr *genl = nlmsg_data(h);
	const struct schema *s = schema_of(genl->cmd);
	void *obj;

	if (h->nlmsg_type != FAKE_FAMILY || !(h->nlmsg_flags & NLM_F_REQUEST) ||
	    nlmsg_datalen(h) < (int)GENL_HDRLEN || !s || genl->reserved)
		abort();
	obj = calloc(1, s->size);
	if (vnl_decode(s, obj, (void *)((char *)genl + GENL_HDRLEN),
		       nlmsg_datalen(h) - GENL_HDRLEN))
		abort();
	model_clear(s, obj);
	free(obj);
}

static void *grow(size_t n)
{
	char *p;

	fake.answer.p = xreallocarray(fake.answer.p, fake.answer.n + n, 1);
	p = fake.answer.p + fake.answer.n;
	memset(p, 0, n);
	fake.answer.n += n;
	return p;
}

static struct nlmsghdr *answer_head(const struct nlmsghdr *to, int type,
				    size_t payload)
{
	struct nlmsghdr *h = grow(NLMSG_SPACE(payload));

	h->nlmsg_len = NLMSG_LENGTH(payload);
	h->nlmsg_type = type;
	h->nlmsg_seq = to->nlmsg_seq;
	return h;
}

/* What is needed to get on: a cookie. */
static void obey_begin(const struct nlmsghdr *h, const struct genlmsghdr *genl)
{
	struct nlmsghdr *reply = answer_head(h, FAKE_FAMILY, GENL_HDRLEN +
					     NLA_HDRLEN + sizeof(uint64_t));
	char *p = nlmsg_data(reply);
	struct nlattr a = {
		.nla_len = NLA_HDRLEN + sizeof(uint64_t),
		.nla_type = VSEG_A_TXN_COOKIE,
	};
	uint64_t cookie = COOKIE;

	memcpy(p, genl, sizeof(*genl));
	memcpy(p + GENL_HDRLEN, &a, sizeof(a));
	memcpy(p + GENL_HDRLEN + NLA_HDRLEN, &cookie, sizeof(cookie));
}

/* Each port is that of a guest of this domain. */
static void obey_port(const struct nlmsghdr *h, const struct genlmsghdr *genl)
{
	static const struct {
		struct nlattr kind_head;
		uint32_t kind;
		struct nlattr domain_head;
		char domain[4];
	} attrs = {
		{ NLA_HDRLEN + 4, VSEG_A_PORT_KIND }, VSEG_PORT_KIND_GUEST,
		{ NLA_HDRLEN + 4, VSEG_A_PORT_DOMAIN }, "web",
	};
	struct nlmsghdr *reply = answer_head(h, FAKE_FAMILY, GENL_HDRLEN +
					     sizeof(attrs));
	char *p = nlmsg_data(reply);

	memcpy(p, genl, sizeof(*genl));
	memcpy(p + GENL_HDRLEN, &attrs, sizeof(attrs));
}

static void obey(const struct nlmsghdr *h)
{
	const struct genlmsghdr *genl = nlmsg_data(h);
	struct nlmsgerr *e;

	if (genl->cmd == VSEG_CMD_BEGIN)
		obey_begin(h, genl);
	if ((h->nlmsg_flags & NLM_F_DUMP) == NLM_F_DUMP) {
		answer_head(h, NLMSG_DONE, sizeof(int));
		return;
	}
	if (genl->cmd == VSEG_CMD_PORT_GET)
		obey_port(h, genl);
	e = nlmsg_data(answer_head(h, NLMSG_ERROR, sizeof(*e)));
	e->msg = *h;
}

int fake_nl_sendto(struct nl_sock *sk, void *buf, size_t size)
{
	const struct nlmsghdr *h = buf;
	int left = size;

	(void)sk;
	fake.first = h->nlmsg_seq;
	fake.answer.n = 0;
	for (; nlmsg_ok(h, left); h = nlmsg_next((void *)h, &left)) {
		check_request(h);
		if (fake.obey)
			obey(h);
	}
	if (left)
		abort();
	return size;
}

/* --- what the kernel says --- */

/* Sequence numbers of a script begin at the request. */
static void number(char *buf, size_t n)
{
	struct nlmsghdr h;
	size_t at = 0;

	while (n - at >= sizeof(h)) {
		memcpy(&h, buf + at, sizeof(h));
		h.nlmsg_seq += fake.first;
		memcpy(buf + at, &h, sizeof(h));
		if (h.nlmsg_len < sizeof(h) || h.nlmsg_len > n - at)
			break;
		at += NLMSG_ALIGN(h.nlmsg_len);
		if (at > n)
			break;
	}
}

static ssize_t next_answer(char *buf)
{
	ssize_t n = fake.answer.n;

	if (!n) {
		errno = ECONNRESET;
		return -1;
	}
	memcpy(buf, fake.answer.p, n);
	fake.answer.n = 0;
	return n;
}

static ssize_t next_record(char *buf, size_t room, bool dont_wait)
{
	size_t n;

	if (fake.left < 3) {
		errno = dont_wait ? EAGAIN : ECONNRESET;
		return -1;
	}
	n = fake.script[0] | fake.script[1] << 8;
	fake.script += 2;
	fake.left -= 2;
	if (n == ERROR_RECORD) {
		/* what a socket that isn't told to wait may say */
		static const int errors[] = {
			ENOBUFS, EINTR, ENOMEM, ECONNREFUSED,
		};

		errno = errors[*fake.script++ % ARRAY_SIZE(errors)];
		fake.left--;
		fake.drops++;
		return -1;
	}
	if (n > fake.left)
		n = fake.left;
	if (n > room)
		n = room;
	memcpy(buf, fake.script, n);
	fake.script += n;
	fake.left -= n;
	number(buf, n);
	return n;
}

ssize_t fake_recvfrom(int fd, void *buf, size_t size, int flags,
		      struct sockaddr *from, socklen_t *len)
{
	ssize_t n;

	(void)fd;
	memset(from, 0, *len);
	/* Only what was read may be looked at. */
	__asan_unpoison_memory_region(buf, size);
	if (fake.obey)
		n = next_answer(buf);
	else
		n = next_record(buf, size, flags & MSG_DONTWAIT);
	if (n < 0)
		return -1;
	__asan_poison_memory_region((char *)buf + n, size - n);
	return n;
}

/* --- what the command makes of it --- */

/* A string that is too long runs into its neighbour in the same struct, where
 * no sanitizer looks.
 */
static void check_strings(const struct schema *s, const void *obj)
{
	unsigned int i;

	for (i = 0; i < s->n; i++) {
		const struct field *f = &s->field[i];
		const char *member = (const char *)obj + f->offset;

		if (f->kind == FIELD_STRING &&
		    strnlen(member, f->size) == f->size)
			abort();
		if (f->kind == FIELD_NEST)
			check_strings(f->nest, member);
	}
}

int fake_vnl_decode(const struct schema *s, void *obj,
		    const struct nlattr *attrs, int len)
{
	int err = vnl_decode(s, obj, attrs, len);

	check_strings(s, obj);
	return err;
}

/* --- the rest that has to do with it --- */

int fake_getsockopt(int fd, int level, int name, void *p, socklen_t *n)
{
	(void)fd;
	(void)level;
	memset(p, 0, *n);
	if (name == SO_MEMINFO)
		((uint32_t *)p)[SK_MEMINFO_DROPS] = fake.drops;
	else
		*(int *)p = FD_SIZE;
	return 0;
}

int fake_ppoll(struct pollfd *p, nfds_t n, const struct timespec *limit,
	       const sigset_t *mask)
{
	(void)p;
	(void)n;
	(void)limit;
	(void)mask;
	return !fake.obey && fake.left >= 3;
}

FILE *fake_fopen(const char *path, const char *mode)
{
	if (!fake.obey || !*path) {
		errno = ENOENT;
		return NULL;
	}
	if (*mode == 'w')
		return fopen("/dev/null", "we");
	return fmemopen((void *)fake.script, fake.left, mode);
}
