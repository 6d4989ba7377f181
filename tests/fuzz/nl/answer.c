// SPDX-License-Identifier: GPL-2.0
/*
 * Judging what the kernel answers: who may not change anything changes nothing,
 * a refusal comes with words and points at what is to blame, and an answer
 * follows the specification.
 */
#include <errno.h>
#include <string.h>

#include "ask.h"
#include "caller.h"
#include "exec.h"
#include "model.h"
#include "tlv.h"

/**
 * struct words - what the kernel says of a refusal
 * @text: the kernel's words, or ""
 * @has_offset: it points at an attribute
 * @offset: from the start of the message
 * @is_missing: it names one that is missing
 * @missing: its type
 */
struct words {
	char text[256];
	bool has_offset;
	uint32_t offset;
	bool is_missing;
	uint32_t missing;
};

static const uint8_t *attrs_of(const struct asked *a, unsigned int *n)
{
	*n = a->len > (size_t)MSG_HDRLEN ? a->len - MSG_HDRLEN : 0;
	return a->data + MSG_HDRLEN;
}

static struct asked *find(unsigned int sock, uint32_t seq)
{
	struct asked *a = &socks[sock].asked[seq % ASKED_MAX];

	return seq && a->seq == seq ? a : NULL;
}

static bool is_edit(const struct op *op)
{
	return op->request && strcmp(op->name, "commit") &&
	       strcmp(op->name, "abort") && op->admin;
}

/* --- success --- */

/* What was taken must be what the specification says can be asked. */
static void check_taken(const struct asked *a)
{
	const uint8_t *attrs;
	const char *why;
	unsigned int n;

	attrs = attrs_of(a, &n);
	if (a->dump)
		return;		/* which passes a filter over */
	if (!tlv_follows(a->op->set, a->op->request, true, attrs, n, &why))
		broken("%s: was taken in spite of this: %s", a->op->name, why);
}

static void check_done(unsigned int sock, const struct asked *a)
{
	const struct op *op = a->op;

	if (!caller_may(sock, op))
		broken("%s: taken from one who may not", op->name);
	if (a->dump ? !op->has_dump : !op->has_do)
		broken("%s: taken as a %s", op->name,
		       a->dump ? "dump" : "single request");
	if (!a->dump && !a->replies != !op->reply)
		broken("%s: %u replies", op->name, a->replies);
}

static void done(unsigned int sock, struct asked *a)
{
	const uint8_t *attrs;
	unsigned int n;

	a->over = true;
	if (!a->processed)
		return;
	if (!a->op) {
		broken("an operation that isn't in the specification was taken");
		return;
	}
	counts[a->op->cmd].done++;
	check_done(sock, a);
	check_taken(a);
	attrs = attrs_of(a, &n);
	if (a->op->admin && a->op->has_do && strcmp(a->op->name, "begin"))
		model_done(caller_world(sock), sock, a->op, attrs, n);
}

/**
 * answer_silence() - judge messages to which no answer comes any more
 * @sock: socket
 * @before: those sent before this one
 *
 * Who didn't ask to be told did well.
 */
void answer_silence(unsigned int sock, uint32_t before)
{
	struct open_sock *s = &socks[sock];
	uint32_t seq = before > ASKED_MAX ? before - ASKED_MAX : 1;

	for (; seq < before; seq++) {
		struct asked *a = find(sock, seq);

		if (!a || a->over)
			continue;
		if (!a->ack)
			done(sock, a);
		else if (before > s->seq && a->processed && !s->lost)
			broken("%s: no answer", a->op ? a->op->name : "?");
	}
}

/* --- refusals --- */

static void read_words(struct words *w, const uint8_t *p, unsigned int n)
{
	struct tlv t;

	memset(w, 0, sizeof(*w));
	tlv_for_each(t, p, n) {
		switch (t.type) {
		case NLMSGERR_ATTR_MSG:
			if (t.len && t.len < sizeof(w->text))
				memcpy(w->text, t.data, t.len);
			break;
		case NLMSGERR_ATTR_OFFS:
			w->has_offset = true;
			w->offset = tlv_number(&t);
			break;
		case NLMSGERR_ATTR_MISS_TYPE:
			w->is_missing = true;
			w->missing = tlv_number(&t);
			break;
		}
	}
}

/* Netlink itself refuses these, and without a word. */
static bool silent_by_netlink(const struct asked *a, int err)
{
	if (a->len < (size_t)MSG_HDRLEN || !a->op)
		return true;
	if (a->dump ? !a->op->has_dump : !a->op->has_do)
		return err == EOPNOTSUPP;
	return a->dump && err == EBUSY;
}

/* Nothing in these requests is to blame. */
static bool blames_nobody(const struct asked *a, int err, const char *text)
{
	static const char *const texts[] = {
		"bytes leftover after parsing attributes",
		"genlmsghdr.reserved field is not 0",
		"ambiguous or reserved bits set in nlmsg_flags",
		"more ranges than there are VLANs",
		"a commit waits for its confirmation",
		"no commit waits for a confirmation",
		"there is no policy",
		"the policy has no stateful rules",
		"the mark mask has too few bits",
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(texts); i++)
		if (!strncmp(text, texts[i], strlen(texts[i])))
			return true;
	if (err == ENOSPC || err == ESTALE || err == EPERM)
		return true;
	/* What was right when it was edited may not be so any more. */
	return !strcmp(a->op->name, "commit") || !strcmp(a->op->name, "begin");
}

static void check_blame(const struct asked *a, int err, const struct words *w)
{
	unsigned int n;
	const uint8_t *attrs = attrs_of(a, &n);

	if (w->has_offset &&
	    (w->offset < (uint32_t)MSG_HDRLEN ||
	     !tlv_begins_at(attrs, n, w->offset - MSG_HDRLEN)))
		broken("%s: \"%s\" points at byte %u, where no attribute begins",
		       a->op->name, w->text, w->offset);
	if (w->is_missing && (!w->missing || w->missing >= a->op->set->n))
		broken("%s: \"%s\" misses attribute %u", a->op->name, w->text,
		       w->missing);
	if (!w->has_offset && !w->is_missing &&
	    !blames_nobody(a, err, w->text))
		broken("%s: \"%s\" (%s) points at no attribute", a->op->name,
		       w->text, strerror(err));
}

static void check_denied(unsigned int sock, const struct asked *a, int err,
			 const struct words *w)
{
	counts[a->op->cmd].denied++;
	if (err != EPERM && err != EINVAL && err != ERANGE &&
	    err != EOPNOTSUPP)
		broken("%s: refused to one who may not, by %s: %s",
		       a->op->name, strerror(err), w->text);
	if (err == EPERM && sock >= SOCK_OWN && !*w->text)
		broken("%s: refused without a word of allow_userns",
		       a->op->name);
}

static void refused(unsigned int sock, struct asked *a, int err,
		    const struct words *w)
{
	a->over = true;
	if (!a->processed)
		return;
	if (a->op && !caller_may(sock, a->op)) {
		check_denied(sock, a, err, w);
		return;
	}
	if (a->op)
		counts[a->op->cmd].refused++;
	if (silent_by_netlink(a, err))
		return;
	if (err == EPERM || err == ENOMEM)
		broken("%s: refused by %s: %s", a->op->name, strerror(err),
		       w->text);
	if (!*w->text)
		broken("%s: refused by %s without a word", a->op->name,
		       strerror(err));
	check_blame(a, err, w);
	if (is_edit(a->op)) {
		unsigned int n;
		const uint8_t *attrs = attrs_of(a, &n);

		model_refused(caller_world(sock), sock, a->op, attrs, n);
	}
	if (err == EBUSY && is_edit(a->op) && !w->has_offset &&
	    !blames_nobody(a, err, w->text))
		broken("%s: \"%s\" doesn't say what is busy", a->op->name,
		       w->text);
}

/* --- messages --- */

static void take_begin(unsigned int sock, const uint8_t *attrs, unsigned int n)
{
	const struct op *op = op_named("begin");
	uint64_t *cookies = socks[sock].cookie;
	struct tlv cookie, generation;

	if (!tlv_find(attrs, n, attr_type(op->set, "cookie"), &cookie) ||
	    !tlv_find(attrs, n, attr_type(op->set, "generation"),
		      &generation)) {
		broken("begin: no cookie or no generation");
		return;
	}
	memmove(cookies + 1, cookies, (COOKIES - 1) * sizeof(*cookies));
	cookies[0] = tlv_number(&cookie);
	model_begin(caller_world(sock), sock, cookies[0],
		    tlv_number(&generation));
}

static void take_reply(unsigned int sock, struct asked *a,
		       const struct nlmsghdr *h)
{
	const uint8_t *payload = NLMSG_DATA(h);
	unsigned int n = h->nlmsg_len - MSG_HDRLEN;

	if (!a && h->nlmsg_seq <= socks[sock].seq)
		return;		/* of long ago */
	if (!a || !a->op || h->nlmsg_len < (uint32_t)MSG_HDRLEN ||
	    payload[0] != a->op->cmd || a->over) {
		broken("an answer to nothing that was asked");
		return;
	}
	if (!(h->nlmsg_flags & NLM_F_MULTI) != !a->dump)
		broken("%s: a %s answers a %s", a->op->name,
		       a->dump ? "reply" : "dump", a->dump ? "dump" : "request");
	a->replies++;
	if (answer_follows(a->op, a->dump, payload + GENL_HDRLEN, n) &&
	    !strcmp(a->op->name, "begin"))
		take_begin(sock, payload + GENL_HDRLEN, n);
}

static void take_end(unsigned int sock, struct asked *a,
		     const struct nlmsghdr *h)
{
	unsigned int head = h->nlmsg_type == NLMSG_DONE ?
			    sizeof(int) : sizeof(struct nlmsgerr);
	const uint8_t *payload = NLMSG_DATA(h);
	unsigned int n = h->nlmsg_len - NLMSG_HDRLEN;
	struct words w;
	int err;

	if (n < head) {
		broken("an answer of %u bytes", n);
		return;
	}
	memcpy(&err, payload, sizeof(err));
	read_words(&w, payload + head, h->nlmsg_flags & NLM_F_ACK_TLVS ?
				       n - head : 0);
	if (err > 0)
		broken("an answer of %d", err);
	else if (err && a && !a->over)
		refused(sock, a, -err, &w);
	else if (a && !a->over)
		done(sock, a);
}

/** answer_message() - judge a message that came by a sequence's socket */
void answer_message(unsigned int sock, const struct nlmsghdr *h)
{
	struct asked *a = find(sock, h->nlmsg_seq);

	/* Requests are answered in their order. */
	answer_silence(sock, h->nlmsg_seq);
	if (h->nlmsg_type == NLMSG_ERROR || h->nlmsg_type == NLMSG_DONE)
		take_end(sock, a, h);
	else if (h->nlmsg_type == caller_family())
		take_reply(sock, a, h);
	else
		broken("a message of type %u", h->nlmsg_type);
}
