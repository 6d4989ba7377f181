// SPDX-License-Identifier: GPL-2.0
/*
 * Address resolution: ARP and RARP, neighbour discovery.
 */
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>

#include "frames.h"
#include "random.h"

static const u8 *random_dest(struct rnd_state *rnd, u8 *mac)
{
	eth_broadcast_addr(mac);
	if (rarely(rnd, 2)) {
		prandom_bytes_state(rnd, mac, ETH_ALEN);
		mac[0] &= ~1;
	}
	return mac;
}

static void arp_op(struct frame *f, struct rnd_state *rnd, u16 proto, u8 op)
{
	u8 mac[ETH_ALEN];

	frame_add_eth(f, rnd, random_dest(rnd, mac), proto);
	ADD(f, 0, 1, 8, 0, 6, 4, 0);
	frame_add(f, &op, 1);
	frame_add(f, f->data + AT_SRC, ETH_ALEN);
	frame_add_random(f, rnd, 4 + ETH_ALEN + 4);
}

void frame_arp(struct frame *f, struct rnd_state *rnd)
{
	arp_op(f, rnd, ETH_P_ARP, between(rnd, 1, 2));
}

void frame_rarp(struct frame *f, struct rnd_state *rnd)
{
	arp_op(f, rnd, ETH_P_RARP, between(rnd, 3, 4));
}

/* InARP and the rest of what ARP was extended to, and RARP's as ARP's. */
void frame_arp_other(struct frame *f, struct rnd_state *rnd)
{
	if (rarely(rnd, 2))
		arp_op(f, rnd, ETH_P_ARP, between(rnd, 3, 9));
	else
		arp_op(f, rnd, ETH_P_RARP, between(rnd, 1, 2));
}

void frame_arp_tagged(struct frame *f, struct rnd_state *rnd)
{
	frame_arp(f, rnd);
	memmove(f->data + AT_BODY + VLAN_HLEN - 2, f->data + AT_PROTO,
		f->len - AT_PROTO);
	f->len += VLAN_HLEN;
	f->end = f->len;
	frame_put16(f->data + AT_PROTO, ETH_P_8021Q);
	frame_put16(f->data + AT_BODY, below(rnd, 4096));
}

/* The sender's own address, in an option of neighbour discovery. */
static void add_nd_address(struct frame *f, u8 type)
{
	frame_add(f, &type, 1);
	ADD(f, 1);
	frame_add(f, f->data + AT_SRC, ETH_ALEN);
}

static void add_nonce(struct frame *f, struct rnd_state *rnd)
{
	u8 units = between(rnd, 1, 3);

	ADD(f, 14);
	frame_add(f, &units, 1);
	frame_add_random(f, rnd, units * 8 - 2);
}

/* To the solicited-node address of the target, which the caller puts in. */
static void add_solicited(struct frame *f)
{
	ADD(f, 0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0xff, 1, 2, 3);
}

static void add_ns(struct frame *f, struct rnd_state *rnd)
{
	ADD(f, 135, 0, 0, 0, 0, 0, 0, 0, 0xfe, 0x80, 0, 0, 0, 0, 0, 0);
	frame_add_random(f, rnd, 5);
	ADD(f, 1, 2, 3);
}

void frame_ns(struct frame *f, struct rnd_state *rnd)
{
	static const u8 dest[] = { 0x33, 0x33, 0xff, 1, 2, 3 };
	unsigned int order = below(rnd, 5);

	frame_add_eth(f, rnd, dest, ETH_P_IPV6);
	frame_add_ip6(f, rnd, IPPROTO_ICMPV6, 255);
	add_solicited(f);
	add_ns(f, rnd);
	if (order == 1)
		add_nonce(f, rnd);
	if (order)
		add_nd_address(f, 1);
	if (order == 2)
		add_nonce(f, rnd);
	frame_end_ip6(f);
}

/* Is my address free?  From no address yet. */
void frame_ns_dad(struct frame *f, struct rnd_state *rnd)
{
	static const u8 dest[] = { 0x33, 0x33, 0xff, 1, 2, 3 };

	frame_add_eth(f, rnd, dest, ETH_P_IPV6);
	frame_add_ip6(f, rnd, IPPROTO_ICMPV6, 255);
	memset(f->data + AT_IP6_SRC, 0, 16);
	add_solicited(f);
	add_ns(f, rnd);
	if (rarely(rnd, 2))
		add_nonce(f, rnd);
	frame_end_ip6(f);
}

static void add_na(struct frame *f, struct rnd_state *rnd, u8 flags)
{
	ADD(f, 136, 0, 0, 0);
	frame_add(f, &flags, 1);
	ADD(f, 0, 0, 0, 0xfe, 0x80, 0, 0, 0, 0, 0, 0);
	frame_add_random(f, rnd, 8);
	if (rarely(rnd, 2))
		add_nd_address(f, 2);
	frame_end_ip6(f);
}

void frame_na(struct frame *f, struct rnd_state *rnd)
{
	u8 mac[ETH_ALEN];

	frame_add_eth(f, rnd, random_dest(rnd, mac), ETH_P_IPV6);
	frame_add_ip6(f, rnd, IPPROTO_ICMPV6, 255);
	ADD(f, 0xfe, 0x80, 0, 0, 0, 0, 0, 0);
	frame_add_random(f, rnd, 8);
	add_na(f, rnd, below(rnd, 8) << 5);
}

/* Tells everybody, because nobody in particular asked. */
void frame_na_all(struct frame *f, struct rnd_state *rnd)
{
	static const u8 dest[] = { 0x33, 0x33, 0, 0, 0, 1 };

	frame_add_eth(f, rnd, dest, ETH_P_IPV6);
	frame_add_ip6(f, rnd, IPPROTO_ICMPV6, 255);
	ADD(f, 0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1);
	add_na(f, rnd, rarely(rnd, 2) ? 0x20 : 0xa0);
}
