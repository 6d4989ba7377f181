// SPDX-License-Identifier: GPL-2.0
/*
 * The frame that a question is about, byte by byte: well-formed, with right
 * checksums, so that it is understood wherever it is looked at.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#include "forge.h"
#include "question.h"

#define ETH_LEN		14
#define ETH_MIN		60
#define IPV4_LEN	20
#define IPV6_LEN	40
#define FRAGMENT_LEN	8
#define LATER_OFFSET	1480	/* where a later fragment of Ethernet begins */

/* For what nobody said: numbers that no service has. */
#define OTHER_PORT	49152
#define OTHER_PROTO	253

#define TCP_SYN		2

/**
 * struct builder - a frame that is being built
 * @q: what was asked
 * @to: the frame
 * @v6: it is IPv6
 * @proto: its protocol
 * @src: its source address
 * @dst: its destination address
 */
struct builder {
	const struct question *q;
	struct bytes *to;
	bool v6;
	uint8_t proto;
	struct address src;
	struct address dst;
};

static void add8(struct bytes *b, uint8_t value)
{
	b->byte[b->len++] = value;
}

static void add16(struct bytes *b, uint16_t value)
{
	add8(b, value >> 8);
	add8(b, value & 255);
}

static void add_bytes(struct bytes *b, const void *from, uint32_t n)
{
	memcpy(b->byte + b->len, from, n);
	b->len += n;
}

static void add_zeros(struct bytes *b, uint32_t n)
{
	memset(b->byte + b->len, 0, n);
	b->len += n;
}

static uint32_t sum(const uint8_t *p, uint32_t n, uint32_t begin)
{
	uint32_t i;

	for (i = 0; i < n; i++)
		begin += i % 2 ? p[i] : p[i] << 8;
	return begin;
}

static void put_sum(uint8_t *at, uint32_t value)
{
	while (value >> 16)
		value = (value & 0xffff) + (value >> 16);
	value = ~value & 0xffff;
	at[0] = value >> 8;
	at[1] = value & 255;
}

/*
 * ARP and RARP.
 */

static const uint8_t *sender(const struct question *q)
{
	static const uint8_t anybody[] = { 2, 0, 0, 0, 0, 1 };

	return memcmp(q->mac.byte, "\0\0\0\0\0\0", 6) ? q->mac.byte : anybody;
}

static void add_ethernet(const struct builder *w, bool broadcast,
			 uint16_t type)
{
	static const uint8_t dst[] = { 2, 0, 0, 0, 0, 2 };
	static const uint8_t all[] = { 255, 255, 255, 255, 255, 255 };

	struct bytes *b = w->to;

	add_bytes(b, broadcast ? all : dst, 6);
	add_bytes(b, sender(w->q), 6);
	add16(b, type);
}

static void build_resolution(struct builder *w, uint16_t type)
{
	const uint8_t *mac = sender(w->q);
	bool reverse = type == ETHERTYPE_RARP;
	struct bytes *b = w->to;

	add_ethernet(w, true, type);
	add16(b, 1);
	add16(b, ETHERTYPE_IPV4);
	add8(b, 6);
	add8(b, 4);
	add16(b, reverse ? 3 : 1);
	add_bytes(b, mac, 6);
	if (reverse) {
		add_zeros(b, 4);
		add_bytes(b, mac, 6);
		add_zeros(b, 4);
		return;
	}
	add_bytes(b, w->src.byte, 4);
	add_zeros(b, 6);
	add_bytes(b, w->dst.byte, 4);
}

/*
 * IP.
 */

static uint16_t port(const struct question *q, enum question_key key,
		     uint32_t value)
{
	return has(q, key) ? value : OTHER_PORT;
}

static void add_tcp(struct builder *w)
{
	const struct question *q = w->q;
	struct bytes *b = w->to;

	add_zeros(b, 8);		/* numbers */
	add8(b, 5 << 4);
	add8(b, has(q, Q_TCP_FLAGS) ? q->tcp_flags : TCP_SYN);
	add16(b, 65535);
	add_zeros(b, 4);
}

/* What follows the ports of protocols that have some. */
static void add_behind_ports(struct builder *w)
{
	struct bytes *b = w->to;

	switch (w->proto) {
	case IPPROTO_TCP:
		add_tcp(w);
		break;
	case IPPROTO_SCTP:
		add_zeros(b, 8);
		add16(b, 14 << 8);	/* a chunk: shutdown complete */
		add16(b, 4);
		break;
	case IPPROTO_DCCP:
		add8(b, 4);		/* words of the header */
		add_zeros(b, 3);
		add8(b, 1);		/* a request, with long numbers */
		add_zeros(b, 7);
		break;
	default:			/* UDP and UDP-Lite */
		add16(b, 8);
		add_zeros(b, 2);
	}
}

/* Where the checksum of a protocol's header is, or 0. */
static uint32_t sum_offset(uint8_t proto)
{
	switch (proto) {
	case IPPROTO_TCP:
		return 16;
	case IPPROTO_UDP:
	case IPPROTO_UDPLITE:
	case IPPROTO_DCCP:
		return 6;
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
		return 2;
	}
	return 0;
}

static void add_sum(const struct builder *w, uint32_t begin)
{
	uint32_t len = w->to->len - begin, offset = sum_offset(w->proto);
	uint8_t *p = w->to->byte + begin;
	uint32_t pseudo = len + w->proto;

	if (!offset)
		return;
	pseudo = sum(w->src.byte, w->src.len, pseudo);
	pseudo = sum(w->dst.byte, w->dst.len, pseudo);
	if (w->proto == IPPROTO_ICMP)
		pseudo = 0;
	put_sum(p + offset, sum(p, len, pseudo));
}

static void add_payload(struct builder *w)
{
	const struct question *q = w->q;
	struct bytes *b = w->to;
	uint32_t begin = b->len;

	if (has_ports(w->proto)) {
		add16(b, port(q, Q_SPORT, q->sport));
		add16(b, port(q, Q_DPORT, q->dport));
		add_behind_ports(w);
	} else if (has(q, Q_ICMP)) {
		add16(b, q->icmp.first[w->v6]);
		add_zeros(b, 6);
	} else {
		add_zeros(b, 8);
	}
	/* All fragments but the last have a length in eights. */
	if (has(q, Q_FRAGMENT) && q->fragment == VSEG_FRAGMENT_FIRST)
		while ((b->len - begin) % 8)
			add8(b, 0);
	add_sum(w, begin);
}

static bool is_part(const struct builder *w, uint32_t fragment)
{
	return has(w->q, Q_FRAGMENT) && w->q->fragment == fragment;
}

static void build_ipv4(struct builder *w)
{
	struct bytes *b = w->to;
	uint32_t begin;

	add_ethernet(w, false, ETHERTYPE_IPV4);
	begin = b->len;
	add8(b, 0x45);
	add8(b, 0);
	add16(b, 0);			/* length, below */
	add16(b, 1);
	add16(b, is_part(w, VSEG_FRAGMENT_FIRST) ? 0x2000 :
		 is_part(w, VSEG_FRAGMENT_LATER) ? LATER_OFFSET / 8 : 0);
	add8(b, 64);
	add8(b, w->proto);
	add16(b, 0);
	add_bytes(b, w->src.byte, 4);
	add_bytes(b, w->dst.byte, 4);
	if (is_part(w, VSEG_FRAGMENT_LATER))
		add_zeros(b, 8);
	else
		add_payload(w);
	b->byte[begin + 3] = b->len - begin;
	put_sum(b->byte + begin + 10, sum(b->byte + begin, IPV4_LEN, 0));
}

static void build_ipv6(struct builder *w)
{
	bool first = is_part(w, VSEG_FRAGMENT_FIRST);
	bool later = is_part(w, VSEG_FRAGMENT_LATER);
	struct bytes *b = w->to;
	uint32_t begin;

	add_ethernet(w, false, ETHERTYPE_IPV6);
	begin = b->len;
	add16(b, 0x6000);
	add_zeros(b, 4);		/* length, below */
	add8(b, first || later ? IPPROTO_FRAGMENT : w->proto);
	add8(b, 255);
	add_bytes(b, w->src.byte, 16);
	add_bytes(b, w->dst.byte, 16);
	if (first || later) {
		add8(b, w->proto);
		add8(b, 0);
		add16(b, first ? 1 : LATER_OFFSET);
		add_zeros(b, 3);
		add8(b, 1);
	}
	if (later)
		add_zeros(b, 8);
	else
		add_payload(w);
	b->byte[begin + 5] = b->len - begin - IPV6_LEN;
}

/** question_is_ipv6() - is the frame IPv6, if it is IP at all? */
bool question_is_ipv6(const struct question *q)
{
	if (has(q, Q_ETHERTYPE))
		return q->ethertype == ETHERTYPE_IPV6;
	if (has(q, Q_FROM_ADDRESS))
		return q->src.len == 16;
	if (has(q, Q_TO_ADDRESS))
		return q->dst.len == 16;
	if (has(q, Q_PROTO))
		return q->proto == IPPROTO_ICMPV6;
	return has(q, Q_ICMP) && !q->icmp.known[0];
}

static void choose(struct builder *w)
{
	const struct question *q = w->q;
	const char *net = w->v6 ? "2001:db8::1" : "192.0.2.1";

	w->proto = has(q, Q_PROTO) ? q->proto :
		   !has(q, Q_ICMP) ? OTHER_PROTO :
		   w->v6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP;
	parse_address(net, &w->src);
	parse_address(net, &w->dst);
	w->dst.byte[w->dst.len - 1] = 2;
	if (has(q, Q_FROM_ADDRESS))
		w->src = q->src;
	if (has(q, Q_TO_ADDRESS))
		w->dst = q->dst;
}

/**
 * question_frame() - the frame that a question is about
 * @q: question, after question_check()
 * @frame: result
 *
 * Return: false when nothing was said of a frame.
 */
bool question_frame(const struct question *q, struct bytes *frame)
{
	struct builder w = {
		.q = q, .to = frame, .v6 = question_is_ipv6(q),
	};

	if (has(q, Q_FRAME)) {
		*frame = q->frame;
		return true;
	}
	if (!(q->has & Q_OF_FRAME))
		return false;
	frame->len = 0;
	choose(&w);
	if (has(q, Q_ETHERTYPE) && (q->ethertype == ETHERTYPE_ARP ||
				    q->ethertype == ETHERTYPE_RARP))
		build_resolution(&w, q->ethertype);
	else if (w.v6)
		build_ipv6(&w);
	else if (!has(q, Q_ETHERTYPE) || q->ethertype == ETHERTYPE_IPV4)
		build_ipv4(&w);
	else
		add_ethernet(&w, false, q->ethertype);
	if (frame->len < ETH_MIN)
		add_zeros(frame, ETH_MIN - frame->len);
	return true;
}
