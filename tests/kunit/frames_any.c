// SPDX-License-Identifier: GPL-2.0
/*
 * Any frame: tags and encapsulations, IP with options, extension headers and
 * fragments, what is behind, and something wrong in any of it now and then.
 */
#include <linux/minmax.h>

#include "frames.h"
#include "random.h"

#define ONE_OF(_rnd, ...)						\
	((const u16[]){ __VA_ARGS__ })[below(_rnd,			\
		sizeof((u16[]){ __VA_ARGS__ }) / sizeof(u16))]

static void add8(struct frame *f, u8 value)
{
	frame_add(f, &value, 1);
}

static void add16(struct frame *f, u16 value)
{
	u8 bytes[2];

	frame_put16(bytes, value);
	frame_add(f, bytes, sizeof(bytes));
}

/* What a sender of good will says, and now and then one beside it. */
static u16 nearly(struct rnd_state *rnd, u16 value)
{
	if (!rarely(rnd, 24))
		return value;
	return rarely(rnd, 2) ? value + between(rnd, 0, 16) - 8 :
				prandom_u32_state(rnd);
}

static void any_transport(struct frame *f, struct rnd_state *rnd, u8 protocol)
{
	size_t at = f->len, data = below(rnd, rarely(rnd, 4) ? 300 : 24);

	frame_add_random(f, rnd, rarely(rnd, 12) ? below(rnd, 24) : 24);
	frame_add_random(f, rnd, data);
	if (f->len < at + 24)
		return;
	switch (protocol) {
	case 6:
		f->data[at + 12] = nearly(rnd, between(rnd, 5, 6)) << 4;
		break;
	case 17:
	case 136:
		frame_put16(f->data + at + 4,
			    nearly(rnd, rarely(rnd, 8) ? 8 : f->len - at));
		break;
	case 33:
		f->data[at + 4] = nearly(rnd, between(rnd, 3, 6));
	}
}

static u8 any_protocol(struct rnd_state *rnd)
{
	if (rarely(rnd, 12))
		return prandom_u32_state(rnd);
	return ONE_OF(rnd, 6, 6, 17, 17, 1, 58, 58, 2, 132, 136, 33, 47, 4, 41,
		      50, 51, 59, 89, 103, 139, 140, 253);
}

static u16 any_fragment(struct rnd_state *rnd, u16 unit, u16 more)
{
	if (!rarely(rnd, 4))
		return rarely(rnd, 32) ? prandom_u32_state(rnd) : 0;
	return ONE_OF(rnd, 0, 0, 0, unit, 2 * unit, 185 * unit) |
	       (rarely(rnd, 3) ? 0 : more);
}

static void any_ip4_options(struct frame *f, struct rnd_state *rnd, size_t size)
{
	size_t end = f->len + size, n;

	while (f->len < end) {
		n = min_t(size_t, end - f->len, between(rnd, 2, 12));
		if (n < 3 || rarely(rnd, 4)) {
			add8(f, !rarely(rnd, 3));
			continue;
		}
		add8(f, ONE_OF(rnd, 7, 68, 130, 131, 137, 148, 148, 94));
		add8(f, nearly(rnd, n));
		frame_add_random(f, rnd, n - 2);
	}
}

static void any_ah(struct frame *f, struct rnd_state *rnd, u8 next)
{
	u8 length = nearly(rnd, ONE_OF(rnd, 1, 2, 4, 4, 4));

	add8(f, next);
	add8(f, length);
	frame_add_random(f, rnd, length < 8 ? 4 * length + 6 : 22);
}

static void any_ip4(struct frame *f, struct rnd_state *rnd)
{
	size_t at = f->len, options = rarely(rnd, 4) ? 4 * below(rnd, 11) : 0;
	u8 protocol = any_protocol(rnd), n = below(rnd, 3);

	add8(f, 0x40 | (nearly(rnd, 5 + options / 4) & 15));
	add8(f, 0);
	frame_add_random(f, rnd, 4);
	add16(f, any_fragment(rnd, 1, 0x2000) | (rarely(rnd, 2) ? 0x4000 : 0));
	add8(f, 64);
	add8(f, protocol);
	frame_add_random(f, rnd, 10);
	any_ip4_options(f, rnd, options);
	while (protocol == 51 && n--) {
		protocol = n ? 51 : any_protocol(rnd);
		any_ah(f, rnd, protocol);
	}
	any_transport(f, rnd, protocol);
	frame_put16(f->data + at + 2, nearly(rnd, f->len - at));
	if (rarely(rnd, 40))
		f->data[at] ^= 0x20;
}

/* An extension header of options, whole in eights. */
static void any_options(struct frame *f, struct rnd_state *rnd, u8 next)
{
	u8 units = below(rnd, 3), n;
	size_t end = f->len + 8 + 8 * units;

	add8(f, next);
	add8(f, nearly(rnd, units));
	while (f->len < end) {
		n = min_t(size_t, end - f->len, between(rnd, 2, 20));
		if (n < 2 || rarely(rnd, 6)) {
			add8(f, 0);
			continue;
		}
		add8(f, rarely(rnd, 12) ? ONE_OF(rnd, 0xc2, 0xc9) :
					  ONE_OF(rnd, 1, 1, 5, 4, 0x26, 0x8c));
		add8(f, nearly(rnd, n - 2));
		frame_add_random(f, rnd, n - 2);
	}
}

static void any_extension(struct frame *f, struct rnd_state *rnd, u8 type,
			  u8 next)
{
	switch (type) {
	case 44:
		add8(f, next);
		add8(f, 0);
		add16(f, any_fragment(rnd, 8, 1));
		frame_add_random(f, rnd, 4);
		break;
	case 43:
		add8(f, next);
		add8(f, nearly(rnd, 2));
		add8(f, ONE_OF(rnd, 0, 2, 3, 4));
		add8(f, rarely(rnd, 2));
		frame_add_random(f, rnd, 20);
		break;
	case 51:
		any_ah(f, rnd, next);
		break;
	default:
		any_options(f, rnd, next);
	}
}

static void any_ip6(struct frame *f, struct rnd_state *rnd)
{
	u8 protocol = any_protocol(rnd), chain[12];
	u8 n = rarely(rnd, 2) ? 0 : between(rnd, 1, 3), i;
	size_t at = f->len;

	if (rarely(rnd, 12))
		n = between(rnd, 4, 11);
	for (i = 0; i < n; i++)
		chain[i] = ONE_OF(rnd, 60, 60, 43, 44, 44, 51);
	chain[n] = protocol;
	if (n && rarely(rnd, 3))
		chain[rarely(rnd, 8) ? n - 1 : 0] = 0;

	frame_add(f, "\x60", 1);
	frame_add_random(f, rnd, 5);
	add8(f, chain[0]);
	add8(f, 255);
	frame_add_random(f, rnd, 32);
	for (i = 0; i < n; i++)
		any_extension(f, rnd, chain[i], chain[i + 1]);
	any_transport(f, rnd, protocol);
	if (rarely(rnd, 20))
		f->len = at + 40;
	frame_put16(f->data + at + 4, nearly(rnd, f->len - at - 40));
	if (rarely(rnd, 40))
		f->data[at] ^= 0x20;
}

static u16 any_type(struct rnd_state *rnd)
{
	static const u16 types[] = {
		0x0806, 0x8035, 0x8863, 0x8864, 0x8847, 0x8848, 0x88e5, 0x88e7,
		0x88cc, 0x888e, 0x22f3, 0x4305, 0x6558, 0x88fb, 0x892f, 0x893f,
		0x894f, 0xf1c1, 0xdada, 0x88f7, 0x8906, 0x8914, 0x0842, 0x9000,
	};

	if (rarely(rnd, 8))
		return prandom_u32_state(rnd);
	return types[below(rnd, ARRAY_SIZE(types))];
}

static void any_body(struct frame *f, struct rnd_state *rnd, u16 type)
{
	if (type == 0x0800)
		any_ip4(f, rnd);
	else if (type == 0x86dd)
		any_ip6(f, rnd);
	else
		frame_add_random(f, rnd, between(rnd, 0, 80));
}

/* LLC, as SNAP in most cases. */
static void any_llc(struct frame *f, struct rnd_state *rnd, u16 type)
{
	size_t at = f->len;
	u8 sap = rarely(rnd, 3) ? ONE_OF(rnd, 0x42, 0x06, 0x98, 0xe0, 0xf0,
					 0xfe, 0xff, 0xab) : 0xaa;

	add16(f, 0);
	add8(f, nearly(rnd, sap));
	add8(f, nearly(rnd, sap));
	add8(f, nearly(rnd, 3));
	if (sap == 0xaa) {
		add8(f, 0);
		add8(f, rarely(rnd, 6) ? 0x80 : 0);
		add8(f, ONE_OF(rnd, 0, 0, 0, 0, 0xf8, 0x0c, 0xc2));
		add16(f, rarely(rnd, 12) ? ONE_OF(rnd, 0x8100, 4) : type);
	}
	any_body(f, rnd, type);
	frame_put16(f->data + at, rarely(rnd, 12) ?
		    ONE_OF(rnd, 0, 2, 7, 1500, 1501, 1535) :
		    nearly(rnd, f->len - at - 2));
}

/**
 * frame_any - any frame
 * @f: becomes it
 * @rnd: what decides
 */
void frame_any(struct frame *f, struct rnd_state *rnd)
{
	u16 type = ONE_OF(rnd, 0x0800, 0x0800, 0x0800, 0x86dd, 0x86dd, 0x86dd,
			  0);
	unsigned int tags = rarely(rnd, 2) ? 0 : below(rnd, 4);

	f->len = 0;
	frame_add_random(f, rnd, 12);
	if (rarely(rnd, 16))
		tags = between(rnd, 3, 6);
	while (tags--) {
		add16(f, ONE_OF(rnd, 0x8100, 0x8100, 0x88a8, 0x9100, 0x9200,
				0x9300));
		add16(f, rarely(rnd, 3) ? 0 : prandom_u32_state(rnd));
	}
	if (!type)
		type = any_type(rnd);
	if (rarely(rnd, 6)) {
		any_llc(f, rnd, type);
	} else {
		add16(f, type);
		any_body(f, rnd, type);
	}
	if (rarely(rnd, 4))
		frame_pad(f, rnd, below(rnd, 60));
	else if (f->len < 60)
		frame_pad(f, rnd, 60 - f->len);
	if (rarely(rnd, 20))
		f->len -= min_t(size_t, f->len, between(rnd, 1, 40));
	f->end = min(f->end, f->len);
}
