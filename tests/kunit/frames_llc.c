// SPDX-License-Identifier: GPL-2.0
/*
 * Spanning tree, what has its address or its kind of header, and noise.
 */
#include <linux/etherdevice.h>

#include "frames.h"
#include "random.h"

/* The default address, that of provider bridges, or what group_address of a
 * bridge may be set to.
 */
static void add_stp_eth(struct frame *f, struct rnd_state *rnd)
{
	static const u8 last[] = { 0, 8, 4, 15 };
	u8 dest[] = { 0x01, 0x80, 0xc2, 0, 0, 0 };

	dest[5] = last[below(rnd, ARRAY_SIZE(last))];
	frame_add_eth(f, rnd, dest, 0);
	ADD(f, 0x42, 0x42, 3, 0, 0);
}

static void end_llc(struct frame *f, struct rnd_state *rnd)
{
	frame_put16(f->data + AT_PROTO, f->len - AT_BODY);
	/* Linux leaves padding to the device. */
	if (f->len < 60 && rarely(rnd, 2))
		frame_pad(f, rnd, 60 - f->len);
}

void frame_bpdu_config(struct frame *f, struct rnd_state *rnd)
{
	add_stp_eth(f, rnd);
	ADD(f, 0, 0);
	frame_add_random(f, rnd, 31);
	end_llc(f, rnd);
}

void frame_bpdu_tcn(struct frame *f, struct rnd_state *rnd)
{
	add_stp_eth(f, rnd);
	ADD(f, 0, 0x80);
	end_llc(f, rnd);
}

void frame_bpdu_rst(struct frame *f, struct rnd_state *rnd)
{
	add_stp_eth(f, rnd);
	ADD(f, 2, 2);
	frame_add_random(f, rnd, 31);
	ADD(f, 0);
	end_llc(f, rnd);
}

void frame_bpdu_mst(struct frame *f, struct rnd_state *rnd)
{
	unsigned int n = 64 + 16 * below(rnd, 65);
	u8 length[2];

	add_stp_eth(f, rnd);
	ADD(f, 3, 2);
	frame_add_random(f, rnd, 31);
	ADD(f, 0);
	frame_put16(length, n);
	frame_add(f, length, sizeof(length));
	frame_add_random(f, rnd, n);
	end_llc(f, rnd);
}

/* The bridge group's neighbours: pause frames, LACP, 802.1X. */
void frame_lacp(struct frame *f, struct rnd_state *rnd)
{
	frame_bpdu_config(f, rnd);
	f->data[AT_DEST + 5] = between(rnd, 1, 3);
}

/* Other users of a length instead of a type. */
void frame_llc(struct frame *f, struct rnd_state *rnd)
{
	add_stp_eth(f, rnd);
	do {
		prandom_bytes_state(rnd, f->data + AT_LLC, 3);
	} while (f->data[AT_LLC] == 0x42);
	frame_add_random(f, rnd, between(rnd, 2, 200));
	end_llc(f, rnd);
}

void frame_noise(struct frame *f, struct rnd_state *rnd)
{
	f->len = 0;
	frame_add_random(f, rnd, between(rnd, 0, 300));
	/* Not by chance one of the others. */
	if (f->len > AT_PROTO)
		f->data[AT_PROTO] |= 0x90;
}
