// SPDX-License-Identifier: GPL-2.0
/* Running sequences. */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "ask.h"
#include "caller.h"
#include "exec.h"
#include "lab.h"
#include "model.h"
#include "tlv.h"

#define COUNTED_OPS	64

struct open_sock socks[SOCKS];
struct count counts[COUNTED_OPS];
unsigned long requests;

/* Worlds whose devices aren't as they were at first, and those that a sequence
 * had to do with.
 */
static bool moved[WORLDS], touched[WORLDS];

/** exec_init() - have no socket open */
void exec_init(void)
{
	unsigned int i;

	for (i = 0; i < SOCKS; i++)
		socks[i].fd = -1;
	for (i = 0; i < WORLDS; i++)
		model_empty(&models[i].policy);
}

static struct open_sock *open_sock(unsigned int sock)
{
	struct open_sock *s = &socks[sock];

	if (s->fd >= 0)
		return s;
	memset(s, 0, sizeof(*s));
	s->fd = caller_socket(sock);
	return s;
}

static void close_sock(unsigned int sock)
{
	if (socks[sock].fd < 0)
		return;
	close(socks[sock].fd);
	socks[sock].fd = -1;
	model_closed(caller_world(sock), sock);
}

/* --- sending --- */

/* Cookies for the tags that stand for them. */
static void put_cookies(uint8_t *data, size_t len)
{
	size_t i;

	for (i = MSG_HDRLEN; i + sizeof(uint64_t) <= len; i += 4) {
		unsigned int sock, age;
		uint64_t tag;

		memcpy(&tag, data + i, sizeof(tag));
		if ((tag & TAG_COOKIE_MASK) != TAG_COOKIE)
			continue;
		sock = (tag >> 8 & 0xff) % SOCKS;
		age = (tag & 0xff) % COOKIES;
		if (socks[sock].cookie[age])
			memcpy(data + i, &socks[sock].cookie[age],
			       sizeof(tag));
	}
}

static struct asked *note(struct open_sock *s, const uint8_t *data, size_t len)
{
	struct asked *a = &s->asked[s->seq % ASKED_MAX];
	const struct nlmsghdr *h = (const void *)data;

	memset(a, 0, offsetof(struct asked, data));
	a->seq = s->seq;
	a->len = len;
	memcpy(a->data, data, len);
	a->processed = h->nlmsg_flags & NLM_F_REQUEST &&
		       h->nlmsg_type == caller_family();
	a->dump = (h->nlmsg_flags & NLM_F_DUMP) == NLM_F_DUMP;
	a->ack = h->nlmsg_flags & NLM_F_ACK || (a->processed && a->dump);
	if (a->processed && len >= (size_t)MSG_HDRLEN)
		a->op = op_of(data[NLMSG_HDRLEN]);
	if (a->op)
		counts[a->op->cmd].tried++;
	return a;
}

/* Number the messages as the kernel finds them.  Only the family itself is
 * tried, and kinds of messages that nobody has.
 */
static bool prepare(struct open_sock *s, uint8_t *data, size_t len)
{
	struct nlmsghdr h;
	bool change = false;
	size_t at = 0;

	put_cookies(data, len);
	while (len - at >= sizeof(h)) {
		const struct asked *a;

		memcpy(&h, data + at, sizeof(h));
		if (h.nlmsg_len < sizeof(h) || h.nlmsg_len > len - at)
			break;
		h.nlmsg_seq = ++s->seq;
		if (h.nlmsg_type == TAG_FAMILY)
			h.nlmsg_type = caller_family();
		else if (h.nlmsg_type >= NLMSG_MIN_TYPE)
			h.nlmsg_type = 0x7fff;
		memcpy(data + at, &h, sizeof(h));
		a = note(s, data + at, h.nlmsg_len);
		change |= a->op && a->op->admin;
		requests++;
		at += NLMSG_ALIGN(h.nlmsg_len);
		if (at > len)
			break;
	}
	return change;
}

/* --- reading --- */

static bool all_over(const struct open_sock *s)
{
	unsigned int i;

	for (i = 0; i < ASKED_MAX; i++)
		if (s->asked[i].seq && !s->asked[i].over)
			return false;
	return true;
}

static void read_sock(unsigned int sock)
{
	static uint8_t answer[ANSWER_ROOM];
	struct open_sock *s = &socks[sock];
	const struct nlmsghdr *h;
	int n;

	while (s->fd >= 0 && !all_over(s)) {
		n = recv(s->fd, answer, sizeof(answer), MSG_DONTWAIT);
		if (n < 0 && errno == ENOBUFS) {
			s->lost = true;
			continue;
		}
		if (n < 0) {
			if (errno != EAGAIN)
				broken("reading answers: %s", strerror(errno));
			answer_silence(sock, s->seq + 1);
			return;
		}
		for (h = (void *)answer; NLMSG_OK(h, n); h = NLMSG_NEXT(h, n))
			answer_message(sock, h);
	}
}

static void step_send(const struct step *step)
{
	static uint8_t data[STEP_BYTES];
	struct open_sock *s = open_sock(step->sock);
	bool change;

	memcpy(data, step->data, step->len);
	change = prepare(s, data, step->len);
	caller_become(step->sock);
	if (send(s->fd, data, step->len, 0) < 0 && errno != ENODATA &&
	    errno != EMSGSIZE)
		broken("sending %zu bytes: %s", step->len, strerror(errno));
	caller_return(step->sock);
	/* The model must hear of changes in their order. */
	if (change || !step->a)
		read_sock(step->sock);
}

/* --- steps --- */

static void step_device(const struct step *step)
{
	enum world w = caller_world(step->sock);

	switch (step->kind) {
	case STEP_MOVE:
		lab_move(w, step->a, (int)step->b - 1);
		break;
	case STEP_PORT:
		lab_port_again(w, step->a);
		break;
	case STEP_BRIDGE:
		lab_bridge_again(w, step->a);
		break;
	default:
		lab_vlan(w, step->a, step->b);
	}
	moved[w] = true;
	model_port_left(w);
}

static void step_run(const struct step *step)
{
	touched[caller_world(step->sock)] = true;
	switch (step->kind) {
	case STEP_SEND:
		step_send(step);
		break;
	case STEP_READ:
		read_sock(step->sock);
		break;
	case STEP_CLOSE:
		close_sock(step->sock);
		break;
	case STEP_ALLOW:
		caller_allow(step->a & 1);
		break;
	case STEP_FRAME:
		lab_frame(step->a, step->b);
		break;
	default:
		step_device(step);
	}
}

static void forget(enum world w, const struct op *op, const uint8_t *attrs,
		   unsigned int n)
{
	(void)w;
	(void)op;
	(void)attrs;
	(void)n;
}

static void see_generation(enum world w, const struct op *op,
			   const uint8_t *attrs, unsigned int n)
{
	struct tlv t;

	if (tlv_find(attrs, n, attr_type(op->set, "generation"), &t))
		model_forget(w, tlv_number(&t));
}

static void world_reset(enum world w)
{
	struct model *m = &models[w];

	if (m->active || m->lost) {
		if (w == WORLD_USER)
			caller_allow(true);
		ask(w, op_named("off"), false, forget);
		model_done(w, 0, op_named("off"), NULL, 0);
	}
	if (m->lost)
		ask(w, op_named("status-get"), false, see_generation);
	if (moved[w])
		lab_reset(w);
	moved[w] = false;
	model_port_left(w);
}

/** exec_reset() - no policy, no socket, all devices where they were */
void exec_reset(void)
{
	unsigned int i;

	for (i = 0; i < SOCKS; i++)
		close_sock(i);
	for (i = 0; i < WORLDS; i++)
		world_reset(i);
	caller_allow(false);
}

/** exec_recover() - the same, when the model can't be trusted any more */
void exec_recover(void)
{
	unsigned int i;

	exec_reset();
	caller_allow(true);
	for (i = 0; i < WORLDS; i++) {
		moved[i] = true;
		ask(i, op_named("off"), false, forget);
		world_reset(i);
		ask(i, op_named("status-get"), false, see_generation);
	}
	caller_allow(false);
	event_drain();
}

/**
 * exec_run() - run a sequence from a clean state
 * @s: sequence
 * @always: hold the state against the model after each step, not at the end
 */
void exec_run(const struct seq *s, bool always)
{
	unsigned int i;

	for (i = 0; i < s->n && !broken_why(); i++) {
		step_run(&s->step[i]);
		if (always && !broken_why())
			model_compare(caller_world(s->step[i].sock));
	}
	for (i = 0; i < SOCKS && !broken_why(); i++)
		read_sock(i);
	for (i = 0; i < WORLDS && !broken_why(); i++) {
		if (touched[i])
			model_compare(i);
		touched[i] = false;
	}
	event_drain();
}
