// SPDX-License-Identifier: GPL-2.0
/* Changing sequences, and the bytes of their messages. */
#include <stdlib.h>
#include <string.h>

#include "gen.h"

/* --- bytes --- */

struct bytes {
	size_t len;
	uint8_t data[STEP_BYTES];
};

static void cut_out(struct bytes *b, size_t at, size_t n)
{
	if (at > b->len)
		return;
	if (n > b->len - at)
		n = b->len - at;
	memmove(b->data + at, b->data + at + n, b->len - at - n);
	b->len -= n;
}

static void put_in(struct bytes *b, size_t at, const uint8_t *p, size_t n)
{
	if (at > b->len || n > sizeof(b->data) - b->len)
		return;
	memmove(b->data + at + n, b->data + at, b->len - at);
	memcpy(b->data + at, p, n);
	b->len += n;
}

/* Where an attribute begins, at any depth; false when there is none. */
static bool some_attr(const struct bytes *b, size_t *at)
{
	const uint8_t *p = b->data + MSG_HDRLEN;
	unsigned int n = b->len - MSG_HDRLEN, count = 0;
	struct tlv t, chosen = { 0 };

	tlv_for_each(t, p, n)
		if (one_in(++count))
			chosen = t;
	if (!count)
		return false;
	*at = MSG_HDRLEN + chosen.at;
	if (chosen.len >= NLA_HDRLEN && one_in(4)) {
		t = tlv_first(chosen.data, chosen.len);
		if (t.data)
			*at += NLA_HDRLEN;
	}
	return true;
}

static uint16_t get_u16(const struct bytes *b, size_t at)
{
	uint16_t value;

	memcpy(&value, b->data + at, sizeof(value));
	return value;
}

static void set_u16(struct bytes *b, size_t at, uint16_t value)
{
	memcpy(b->data + at, &value, sizeof(value));
}

static void mutate_length(struct bytes *b, size_t at)
{
	static const uint16_t odd[] = {
		0, 1, 3, 4, 5, 7, 8, 9, 12, 0x7fff, 0x8000, 0xffff,
	};
	uint16_t len = get_u16(b, at);

	set_u16(b, at, one_in(2) ? len + rnd(9) - 4 :
				   odd[rnd(ARRAY_SIZE(odd))]);
}

static void mutate_type(struct bytes *b, size_t at)
{
	uint16_t type = get_u16(b, at + 2);

	switch (rnd(4)) {
	case 0:
		type ^= NLA_F_NESTED;
		break;
	case 1:
		type ^= NLA_F_NET_BYTEORDER;
		break;
	case 2:
		type = rnd(24);
		break;
	default:
		type = rnd(0x10000);
	}
	set_u16(b, at + 2, type);
}

/* A payload of another length; the attribute's own may follow it or not. */
static void mutate_payload(struct bytes *b, size_t at)
{
	uint8_t more[8] = { rnd(256), rnd(256), 0, 0, rnd(256) };
	size_t n = 4 * (1 + rnd(2));
	uint16_t len = get_u16(b, at);

	if (one_in(2)) {
		put_in(b, at + NLA_HDRLEN, more, n);
		set_u16(b, at, len + (one_in(4) ? 0 : n));
	} else if (len >= NLA_HDRLEN + n) {
		cut_out(b, at + NLA_HDRLEN, n);
		set_u16(b, at, len - (one_in(4) ? 0 : n));
	}
}

static void double_attr(struct bytes *b, size_t at)
{
	uint8_t copy[256];
	size_t n = NLA_ALIGN(get_u16(b, at));

	if (n > sizeof(copy) || at + n > b->len)
		return;
	memcpy(copy, b->data + at, n);
	put_in(b, at, copy, n);
}

static void mutate_attr(struct bytes *b)
{
	uint8_t stranger[8] = { 8, 0, rnd(32), 0, rnd(4) };
	size_t at;

	if (!some_attr(b, &at)) {
		put_in(b, b->len, stranger, sizeof(stranger));
		return;
	}
	switch (rnd(7)) {
	case 0:
		mutate_length(b, at);
		break;
	case 1:
		mutate_type(b, at);
		break;
	case 2:
		mutate_payload(b, at);
		break;
	case 3:
		double_attr(b, at);
		break;
	case 4:
		cut_out(b, at, NLA_ALIGN(get_u16(b, at)));
		break;
	case 5:
		put_in(b, one_in(2) ? at : b->len, stranger, sizeof(stranger));
		break;
	default:
		at += NLA_HDRLEN + rnd(16);
		if (at < b->len)
			b->data[at] = rnd(256);
	}
}

static void mutate_header(struct bytes *b)
{
	struct nlmsghdr h;

	memcpy(&h, b->data, sizeof(h));
	switch (rnd(5)) {
	case 0:
		h.nlmsg_flags ^= 1 << rnd(16);
		break;
	case 1:
		h.nlmsg_type = one_in(2) ? rnd(16) : rnd(65536);
		break;
	case 2:
		h.nlmsg_len += rnd(41) - 20;
		break;
	case 3:			/* command */
		b->data[sizeof(h)] = one_in(2) ? rnd(nops + 2) : rnd(256);
		break;
	default:		/* version, reserved */
		b->data[sizeof(h) + 1 + rnd(3)] = rnd(256);
	}
	memcpy(b->data, &h, sizeof(h));
}

static void mend_length(struct bytes *b)
{
	uint32_t len = b->len;

	memcpy(b->data, &len, sizeof(len));
}

/** mutate_message() - change the bytes of a step's message */
void mutate_message(struct step *step)
{
	static const uint8_t tail[] = { 1, 2, 3 };
	static struct bytes b;

	if (step->kind != STEP_SEND || step->len < (size_t)MSG_HDRLEN)
		return;
	b.len = step->len;
	memcpy(b.data, step->data, step->len);
	switch (rnd(10)) {
	case 0:
		mutate_header(&b);
		break;
	case 1:
		b.len = one_in(2) ? b.len - rnd(5) : rnd(b.len);
		mend_length(&b);
		break;
	case 2:
		put_in(&b, b.len, tail, 1 + rnd(sizeof(tail)));
		mend_length(&b);
		break;
	default:
		mutate_attr(&b);
		if (!one_in(8))
			mend_length(&b);
	}
	step_data(step, b.data, b.len);
}

/* --- sequences --- */

/* Two messages in one datagram. */
static void join_messages(struct step *first, const struct step *second)
{
	static struct bytes b;

	if (first->kind != STEP_SEND || second->kind != STEP_SEND)
		return;
	b.len = first->len;
	memcpy(b.data, first->data, first->len);
	while (b.len % 4 && b.len < sizeof(b.data))
		b.data[b.len++] = 0;
	put_in(&b, b.len, second->data, second->len);
	step_data(first, b.data, b.len);
}

static void splice(struct seq *s, const struct seq *other)
{
	unsigned int at = rnd(s->n + 1), from, n;

	if (!other->n)
		return;
	from = rnd(other->n);
	for (n = 1 + rnd(other->n - from); n; n--)
		seq_insert(s, at++, &other->step[from++]);
}

static void mutate_step(struct seq *s, const struct seq *other)
{
	unsigned int i = rnd(s->n);

	switch (rnd(10)) {
	case 0:
		if (s->n > 1)
			seq_remove(s, i, 1);
		break;
	case 1:
		seq_insert(s, rnd(s->n + 1), &s->step[i]);
		break;
	case 2:
		s->step[i].sock = rnd(SOCKS);
		break;
	case 3:
		splice(s, other);
		break;
	case 4:
		gen_step(s);
		break;
	case 5:
		join_messages(&s->step[i], &s->step[rnd(s->n)]);
		break;
	case 6:
		s->step[i].a = rnd(4);
		s->step[i].b = rnd(400);
		break;
	default:
		mutate_message(&s->step[i]);
	}
}

/**
 * mutate_sequence() - change a sequence a little
 * @s: sequence, not empty
 * @other: where more steps can come from
 */
void mutate_sequence(struct seq *s, const struct seq *other)
{
	do
		mutate_step(s, other);
	while (one_in(2));
}
