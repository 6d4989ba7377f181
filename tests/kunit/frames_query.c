// SPDX-License-Identifier: GPL-2.0
/*
 * Queries of multicast snooping: IGMP and MLD, and what looks like them.
 */
#include <linux/etherdevice.h>

#include "frames.h"
#include "random.h"

/* IPv4 from anywhere, with the router alert option or without. */
static void add_ip4(struct frame *f, struct rnd_state *rnd, u8 proto,
		    const u8 *dst)
{
	bool alert = rarely(rnd, 2);
	u8 head = alert ? 0x46 : 0x45;

	frame_add(f, &head, 1);
	ADD(f, 0xc0, 0, 0, 0, 0, 0x40, 0, 1);
	frame_add(f, &proto, 1);
	ADD(f, 0, 0);
	frame_add_random(f, rnd, 4);
	frame_add(f, dst, 4);
	if (alert)
		ADD(f, 0x94, 4, 0, 0);
}

static void end_ip4(struct frame *f)
{
	frame_put16(f->data + AT_IP4_TOTAL, f->len - AT_BODY);
	frame_sum(f);
}

static void query_all(struct frame *f, struct rnd_state *rnd)
{
	static const u8 dest[] = { 0x01, 0x00, 0x5e, 0, 0, 1 };
	static const u8 dst[] = { 224, 0, 0, 1 };

	frame_add_eth(f, rnd, dest, 0x0800);
	add_ip4(f, rnd, 2, dst);
	ADD(f, 0x11);
	frame_add_random(f, rnd, 1);
	ADD(f, 0, 0, 0, 0, 0, 0);
}

static void add_igmp3(struct frame *f, struct rnd_state *rnd, u8 sources)
{
	frame_add_random(f, rnd, 2);
	ADD(f, 0);
	frame_add(f, &sources, 1);
	frame_add_random(f, rnd, sources * 4);
}

void frame_igmp2(struct frame *f, struct rnd_state *rnd)
{
	query_all(f, rnd);
	end_ip4(f);
}

void frame_igmp3(struct frame *f, struct rnd_state *rnd)
{
	query_all(f, rnd);
	add_igmp3(f, rnd, below(rnd, 4));
	end_ip4(f);
}

void frame_igmp_group(struct frame *f, struct rnd_state *rnd)
{
	u8 dest[] = { 0x01, 0x00, 0x5e, 0, 0, 0 };
	u8 dst[4];

	prandom_bytes_state(rnd, dst, sizeof(dst));
	dst[0] = between(rnd, 224, 239);
	dest[3] = dst[1] & 0x7f;
	dest[4] = dst[2];
	dest[5] = dst[3];
	frame_add_eth(f, rnd, dest, 0x0800);
	add_ip4(f, rnd, 2, dst);
	ADD(f, 0x11);
	frame_add_random(f, rnd, 1);
	ADD(f, 0, 0);
	frame_add(f, dst, sizeof(dst));
	if (rarely(rnd, 2))
		add_igmp3(f, rnd, below(rnd, 30));
	end_ip4(f);
}

/* A listener's answer is no query. */
void frame_igmp_report(struct frame *f, struct rnd_state *rnd)
{
	static const u8 types[] = { 0x12, 0x16, 0x17, 0x22 };

	query_all(f, rnd);
	f->data[f->len - 8] = types[below(rnd, ARRAY_SIZE(types))];
	end_ip4(f);
}

static void add_mld(struct frame *f, struct rnd_state *rnd, const u8 *dst)
{
	u8 dest[] = { 0x33, 0x33, dst[12], dst[13], dst[14], dst[15] };

	frame_add_eth(f, rnd, dest, 0x86dd);
	frame_add_ip6(f, rnd, 0, 1);
	frame_add(f, dst, 16);
	switch (below(rnd, 4)) {
	case 0:
		ADD(f, 58, 0, 5, 2, 0, 0, 0, 0);
		break;
	case 1:
		ADD(f, 58, 0, 0, 0, 5, 2, 0, 0);
		break;
	case 2:
		ADD(f, 58, 0, 1, 0, 5, 2, 0, 0);
		break;
	default:
		/* As Linux does. */
		ADD(f, 58, 0, 5, 2, 0, 0, 1, 0);
	}
	ADD(f, 130, 0, 0, 0, 0x27, 0x10, 0, 0);
}

static void mld_all(struct frame *f, struct rnd_state *rnd)
{
	static const u8 dst[16] = { 0xff, 2, [15] = 1 };

	add_mld(f, rnd, dst);
	ADD(f, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
}

static void add_mld2(struct frame *f, struct rnd_state *rnd, u8 sources)
{
	frame_add_random(f, rnd, 2);
	ADD(f, 0);
	frame_add(f, &sources, 1);
	frame_add_random(f, rnd, sources * 16);
}

void frame_mld1(struct frame *f, struct rnd_state *rnd)
{
	mld_all(f, rnd);
	frame_end_ip6(f);
}

void frame_mld2(struct frame *f, struct rnd_state *rnd)
{
	mld_all(f, rnd);
	add_mld2(f, rnd, below(rnd, 3));
	frame_end_ip6(f);
}

void frame_mld_group(struct frame *f, struct rnd_state *rnd)
{
	u8 dst[16];

	prandom_bytes_state(rnd, dst, sizeof(dst));
	dst[0] = 0xff;
	add_mld(f, rnd, dst);
	frame_add(f, dst, sizeof(dst));
	if (rarely(rnd, 2))
		add_mld2(f, rnd, below(rnd, 10));
	frame_end_ip6(f);
}

void frame_mld_report(struct frame *f, struct rnd_state *rnd)
{
	static const u8 types[] = { 131, 132, 143 };

	mld_all(f, rnd);
	f->data[AT_MLD] = types[below(rnd, ARRAY_SIZE(types))];
	frame_end_ip6(f);
}

/* Traffic of the same protocols that isn't theirs. */
void frame_udp4(struct frame *f, struct rnd_state *rnd)
{
	static const u8 dest[] = { 0x01, 0x00, 0x5e, 0, 0, 0xfb };
	static const u8 dst[] = { 224, 0, 0, 251 };

	frame_add_eth(f, rnd, dest, 0x0800);
	add_ip4(f, rnd, rarely(rnd, 2) ? 17 : 6, dst);
	frame_add_random(f, rnd, between(rnd, 8, 100));
	end_ip4(f);
}

void frame_udp6(struct frame *f, struct rnd_state *rnd)
{
	static const u8 dest[] = { 0x33, 0x33, 0, 0, 0, 0xfb };

	frame_add_eth(f, rnd, dest, 0x86dd);
	frame_add_ip6(f, rnd, rarely(rnd, 2) ? 17 : 6, 255);
	ADD(f, 0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xfb);
	frame_add_random(f, rnd, between(rnd, 8, 100));
	frame_put16(f->data + AT_IP6_PAYLOAD, f->len - AT_ICMP6);
}
