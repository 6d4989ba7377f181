// SPDX-License-Identifier: GPL-2.0
/* Plain requests of the fuzzer's own. */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "ask.h"
#include "caller.h"
#include "tlv.h"

#define TRIES	16

static int sockets[WORLDS];
static uint32_t seq;

/** ask_init() - open the sockets */
void ask_init(void)
{
	sockets[WORLD_HOST] = caller_socket(SOCK_ROOT);
	sockets[WORLD_USER] = caller_socket(SOCK_OWN);
}

/**
 * answer_follows() - does a message of an answer follow the specification?
 * @op: operation that was asked for
 * @dump: as a dump
 * @attrs: first attribute
 * @n: bytes
 *
 * Return: whether it does; broken() has been told if not.
 */
bool answer_follows(const struct op *op, bool dump, const uint8_t *attrs,
		    unsigned int n)
{
	const char *why;

	if (tlv_follows(op->set, dump ? op->dump_reply : op->reply, false,
			attrs, n, &why))
		return true;
	broken("%s: its answer doesn't follow the specification: %s",
	       op->name, why);
	return false;
}

/* Returns whether there is more to come. */
static bool take(enum world w, const struct op *op, bool dump, ask_fn *fn,
		 const struct nlmsghdr *h, bool *interrupted)
{
	const uint8_t *attrs = (const uint8_t *)h + MSG_HDRLEN;
	int err;

	if (h->nlmsg_flags & NLM_F_DUMP_INTR)
		*interrupted = true;
	if (h->nlmsg_type != NLMSG_ERROR && h->nlmsg_type != NLMSG_DONE) {
		if (answer_follows(op, dump, attrs, h->nlmsg_len - MSG_HDRLEN))
			fn(w, op, attrs, h->nlmsg_len - MSG_HDRLEN);
		return true;
	}
	memcpy(&err, NLMSG_DATA(h), sizeof(err));
	if (err)
		broken("%s was refused: %s", op->name, strerror(-err));
	return false;
}

static bool read_answer(enum world w, const struct op *op, bool dump,
			ask_fn *fn)
{
	static uint8_t answer[ANSWER_ROOM];
	bool more = true, interrupted = false;
	const struct nlmsghdr *h;
	int n;

	while (more) {
		n = recv(sockets[w], answer, sizeof(answer), 0);
		if (n < 0)
			die("no answer to %s", op->name);
		for (h = (void *)answer; NLMSG_OK(h, n); h = NLMSG_NEXT(h, n))
			if (h->nlmsg_seq == seq)
				more &= take(w, op, dump, fn, h, &interrupted);
	}
	return !interrupted;
}

/**
 * ask() - a request without attributes
 * @w: world
 * @op: operation
 * @dump: dump it
 * @fn: told of the answer; again from the start, where a dump is interrupted
 */
void ask(enum world w, const struct op *op, bool dump, ask_fn *fn)
{
	struct {
		struct nlmsghdr h;
		struct genlmsghdr genl;
	} msg = {
		.h = { sizeof(msg), caller_family(),
		       NLM_F_REQUEST | (dump ? NLM_F_DUMP : NLM_F_ACK) },
		.genl = { op->cmd, 1, 0 },
	};
	int try;

	for (try = 0; try < TRIES; try++) {
		msg.h.nlmsg_seq = ++seq;
		if (send(sockets[w], &msg, sizeof(msg), 0) < 0)
			die("%s", op->name);
		if (read_answer(w, op, dump, fn))
			return;
		fn(w, NULL, NULL, 0);
	}
	broken("%s: the dump is interrupted again and again", op->name);
}
