// SPDX-License-Identifier: GPL-2.0
/*
 * What stateful rules mean to a frame that a policy was asked about: whether
 * answers to it pass, and whether it passes as an answer itself.  That is by
 * the policy; whether there is such a flow nobody is asked.
 */
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>
#include <stdlib.h>
#include <string.h>

#include "answer.h"

#define ETHER_LEN	14
#define IPV4_LEN	20
#define IPV6_LEN	40
#define TCP_FLAGS	13	/* their place in the header */
#define TCP_SYN		0x02

/**
 * struct headers - where things stand in a frame
 * @address: of the source address; that of the destination stands behind it
 * @len: of one address
 * @proto: what IP carries
 * @payload: where that stands
 */
struct headers {
	uint32_t address;
	uint32_t len;
	uint8_t proto;
	uint32_t payload;
};

/* IPv4 with ports in it: whole, or a first fragment. */
static bool find_ipv4(const struct bytes *f, struct headers *h)
{
	const uint8_t *ip = f->byte + ETHER_LEN;

	if (f->len < ETHER_LEN + IPV4_LEN || ip[0] >> 4 != 4 ||
	    (ip[6] & 0x1f) || ip[7])
		return false;
	h->address = ETHER_LEN + 12;
	h->len = 4;
	h->proto = ip[9];
	h->payload = ETHER_LEN + (ip[0] & 0x0f) * 4;
	return true;
}

static bool find_ipv6(const struct bytes *f, struct headers *h)
{
	const uint8_t *ip = f->byte + ETHER_LEN;

	if (f->len < ETHER_LEN + IPV6_LEN || ip[0] >> 4 != 6)
		return false;
	h->address = ETHER_LEN + 8;
	h->len = 16;
	h->proto = ip[6];
	h->payload = ETHER_LEN + IPV6_LEN;
	return true;
}

static bool find_headers(const struct bytes *f, struct headers *h)
{
	uint32_t type = f->len < ETHER_LEN ? 0 :
			f->byte[12] << 8 | f->byte[13];

	return (type == ETHERTYPE_IPV4 && find_ipv4(f, h)) ||
	       (type == ETHERTYPE_IPV6 && find_ipv6(f, h));
}

static void swap(uint8_t *p, size_t len)
{
	uint8_t first[16];

	memcpy(first, p, len);
	memmove(p, p + len, len);
	memcpy(p + len, first, len);
}

/* What the payload answers: the ports change places, a reply was a request. */
static bool ask_back(struct bytes *f, const struct headers *h)
{
	uint8_t *p = f->byte + h->payload;
	uint32_t left = f->len < h->payload ? 0 : f->len - h->payload;

	switch (h->proto) {
	case IPPROTO_TCP:
		if (left <= TCP_FLAGS)
			return false;
		p[TCP_FLAGS] = TCP_SYN;		/* as a flow begins */
		swap(p, 2);
		return true;
	case IPPROTO_UDP:
	case IPPROTO_UDPLITE:
	case IPPROTO_SCTP:
	case IPPROTO_DCCP:
		if (left >= 4)
			swap(p, 2);
		return left >= 4;
	case IPPROTO_ICMP:
		if (left < 2 || p[0] != ICMP_ECHOREPLY)
			return false;
		p[0] = ICMP_ECHO;
		return true;
	case IPPROTO_ICMPV6:
		if (left < 2 || p[0] != ICMP6_ECHO_REPLY)
			return false;
		p[0] = ICMP6_ECHO_REQUEST;
		return true;
	default:
		return true;
	}
}

/**
 * answer_frame() - what a frame could be an answer to
 * @frame: it
 * @asked: result: the first frame of the flow
 *
 * Sums of headers stay what they were as their parts change places; no rule
 * looks at that of ICMP.
 *
 * Return: false when it is no answer to anything that is known here.
 */
bool answer_frame(const struct bytes *frame, struct bytes *asked)
{
	struct headers h;

	*asked = *frame;
	if (!find_headers(asked, &h) || !ask_back(asked, &h))
		return false;
	swap(asked->byte, 6);
	swap(asked->byte + h.address, h.len);
	return true;
}

/* The flags of the rule that decided; of the kernel's rules that is asked for. */
static int rule_flags(struct decider *d, const struct args *a,
		      const struct verdict *v, uint32_t *flags)
{
	struct rule filter = { 0 };
	struct list l = { 0 };
	const struct rule *r;
	int code;
	size_t n;

	*flags = v->rule ? v->rule->rule.flags : 0;
	if (v->rule || !has(&v->d, VSEG_A_DECISION_RULE))
		return DONE;
	memcpy(filter.src, v->d.cell_src, sizeof(filter.src));
	memcpy(filter.dst, v->d.cell_dst, sizeof(filter.dst));
	give(&filter, VSEG_A_RULE_SRC);
	give(&filter, VSEG_A_RULE_DST);
	code = ctl_dump_of(d->c, a, VSEG_CMD_RULE_GET, &rule_schema, &filter,
			   &l);
	for (n = 0, r = l.item; n < l.n && !code; n++)
		if (r[n].index == v->d.rule)
			*flags = r[n].flags;
	list_clear(&rule_schema, &l);
	return code;
}

/* Would the first frame of the flow that this is of be let through, to stay? */
static int find_asked(struct decider *d, const struct args *a,
		      const struct decision *ask, struct verdict *v)
{
	struct decision first = { .vlan = ask->vlan };
	struct verdict asked;
	uint32_t flags;
	int code;

	if (!answer_frame(&ask->frame, &first.frame))
		return DONE;
	first.has = ask->has & BIT64(VSEG_A_DECISION_VLAN);
	memcpy(first.src, v->d.dst, sizeof(first.src));
	memcpy(first.dst, v->d.src, sizeof(first.dst));
	give(&first, VSEG_A_DECISION_SRC);
	give(&first, VSEG_A_DECISION_DST);
	give(&first, VSEG_A_DECISION_FRAME);
	code = decider_decide(d, a, &first, &asked);
	if (code || outcome_of(&asked.d) != OUTCOME_ALLOW)
		return code;
	code = rule_flags(d, a, &asked, &flags);
	if (code || !(flags & VSEG_RULE_FLAGS_STATE))
		return code;
	v->is_answer = true;
	v->asked_rule = asked.d.rule;
	memcpy(v->asked_src, asked.d.cell_src, sizeof(v->asked_src));
	memcpy(v->asked_dst, asked.d.cell_dst, sizeof(v->asked_dst));
	return DONE;
}

/* What only decides when no flow does. */
static bool is_for_flows(const struct decision *d)
{
	return d->reason == VSEG_REASON_DEFAULT_DENY ||
	       d->reason == VSEG_REASON_CELL_DENY ||
	       d->reason == VSEG_REASON_RULE_DENY ||
	       d->reason == VSEG_REASON_NO_RULE ||
	       d->reason == VSEG_REASON_UNPARSED ||
	       d->reason == VSEG_REASON_ISOLATED;
}

/**
 * answer_find() - what have stateful rules to do with a frame?
 * @d: who was asked
 * @a: words, for messages
 * @ask: what
 * @v: the answer, which is added to
 *
 * Return: the exit status.
 */
int answer_find(struct decider *d, const struct args *a,
		const struct decision *ask, struct verdict *v)
{
	uint32_t flags;
	int code;

	if (!has(ask, VSEG_A_DECISION_FRAME))
		return DONE;
	if (is_for_flows(&v->d))
		return find_asked(d, a, ask, v);
	if (v->d.reason != VSEG_REASON_NONE)
		return DONE;
	code = rule_flags(d, a, v, &flags);
	v->answers_pass = !code && flags & VSEG_RULE_FLAGS_STATE;
	return code;
}

/** answer_note() - that a frame passes as an answer; to be freed, or NULL */
char *answer_note(const struct verdict *v)
{
	if (!v->is_answer)
		return NULL;
	return xasprintf("it passes as an answer to a flow that rule %u of %s -> %s allowed; whether there is one wasn't asked",
			 v->asked_rule, v->asked_src, v->asked_dst);
}
