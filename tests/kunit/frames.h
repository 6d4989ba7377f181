/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Frames to be looked at: one of each kind, and what can be done to them.
 */
#ifndef VSEG_TEST_FRAMES_H
#define VSEG_TEST_FRAMES_H

#include <linux/prandom.h>
#include <linux/types.h>

#include "model.h"

#define FRAME_MAX	1514

/**
 * struct frame - a frame
 * @len: its bytes
 * @end: of them, those of the message, padding not included
 * @data: from the Ethernet header on
 */
struct frame {
	size_t len;
	size_t end;
	u8 data[FRAME_MAX];
};

/**
 * struct frame_kind - a kind of frame
 * @name: what it is
 * @kind: what a pass takes it for
 * @make: makes it; all that its protocol leaves open is random
 */
struct frame_kind {
	const char *name;
	enum model_kind kind;
	void (*make)(struct frame *f, struct rnd_state *rnd);
};

extern const struct frame_kind frame_kinds[];
extern const unsigned int frame_nkinds;

void frame_sum(struct frame *f);
void frame_pad(struct frame *f, struct rnd_state *rnd, size_t n);

/* For those who make them. */
void frame_put16(u8 *p, u16 value);
u16 frame_get16(const u8 *p);
void frame_add(struct frame *f, const void *bytes, size_t n);
void frame_add_random(struct frame *f, struct rnd_state *rnd, size_t n);
void frame_add_eth(struct frame *f, struct rnd_state *rnd, const u8 *dest,
		   u16 proto);
void frame_add_ip6(struct frame *f, struct rnd_state *rnd, u8 next, u8 hops);
void frame_end_ip6(struct frame *f);

#define ADD(f, ...) do {						\
	static const u8 bytes[] = { __VA_ARGS__ };			\
									\
	frame_add(f, bytes, sizeof(bytes));				\
} while (0)

void frame_arp(struct frame *f, struct rnd_state *rnd);
void frame_rarp(struct frame *f, struct rnd_state *rnd);
void frame_ns(struct frame *f, struct rnd_state *rnd);
void frame_ns_dad(struct frame *f, struct rnd_state *rnd);
void frame_na(struct frame *f, struct rnd_state *rnd);
void frame_na_all(struct frame *f, struct rnd_state *rnd);
void frame_igmp2(struct frame *f, struct rnd_state *rnd);
void frame_igmp3(struct frame *f, struct rnd_state *rnd);
void frame_igmp_group(struct frame *f, struct rnd_state *rnd);
void frame_mld1(struct frame *f, struct rnd_state *rnd);
void frame_mld2(struct frame *f, struct rnd_state *rnd);
void frame_mld_group(struct frame *f, struct rnd_state *rnd);
void frame_bpdu_config(struct frame *f, struct rnd_state *rnd);
void frame_bpdu_tcn(struct frame *f, struct rnd_state *rnd);
void frame_bpdu_rst(struct frame *f, struct rnd_state *rnd);
void frame_bpdu_mst(struct frame *f, struct rnd_state *rnd);
void frame_dhcp_discover(struct frame *f, struct rnd_state *rnd);
void frame_dhcp_renew(struct frame *f, struct rnd_state *rnd);
void frame_dhcp_reply(struct frame *f, struct rnd_state *rnd);
void frame_dhcpv6_solicit(struct frame *f, struct rnd_state *rnd);
void frame_dhcpv6_renew(struct frame *f, struct rnd_state *rnd);
void frame_dhcpv6_reply(struct frame *f, struct rnd_state *rnd);
void frame_rs(struct frame *f, struct rnd_state *rnd);
void frame_ra(struct frame *f, struct rnd_state *rnd);
void frame_mdns4(struct frame *f, struct rnd_state *rnd);
void frame_mdns6(struct frame *f, struct rnd_state *rnd);
void frame_mdns_answer(struct frame *f, struct rnd_state *rnd);
void frame_dns(struct frame *f, struct rnd_state *rnd);
void frame_arp_other(struct frame *f, struct rnd_state *rnd);
void frame_arp_tagged(struct frame *f, struct rnd_state *rnd);
void frame_igmp_report(struct frame *f, struct rnd_state *rnd);
void frame_mld_report(struct frame *f, struct rnd_state *rnd);
void frame_udp4(struct frame *f, struct rnd_state *rnd);
void frame_udp6(struct frame *f, struct rnd_state *rnd);
void frame_lacp(struct frame *f, struct rnd_state *rnd);
void frame_llc(struct frame *f, struct rnd_state *rnd);
void frame_noise(struct frame *f, struct rnd_state *rnd);
void frame_any(struct frame *f, struct rnd_state *rnd);

/* Where things are in a frame. */
enum {
	AT_DEST = 0,
	AT_SRC = 6,
	AT_PROTO = 12,
	AT_BODY = 14,

	AT_ARP_OP = AT_BODY + 6,
	AT_ARP_SENDER = AT_BODY + 8,

	AT_IP4_TOTAL = AT_BODY + 2,
	AT_IP4_FRAGMENT = AT_BODY + 6,
	AT_IP4_TTL = AT_BODY + 8,
	AT_IP4_PROTO = AT_BODY + 9,
	AT_IP4_SUM = AT_BODY + 10,
	AT_IP4_SRC = AT_BODY + 12,
	AT_IP4_DST = AT_BODY + 16,
	AT_IP4_OPTION = AT_BODY + 20,

	AT_IP6_PAYLOAD = AT_BODY + 4,
	AT_IP6_NEXT = AT_BODY + 6,
	AT_IP6_HOPS = AT_BODY + 7,
	AT_IP6_SRC = AT_BODY + 8,
	AT_IP6_DST = AT_BODY + 24,
	AT_ICMP6 = AT_BODY + 40,
	AT_ND_FLAGS = AT_ICMP6 + 4,
	AT_ND_TARGET = AT_ICMP6 + 8,
	AT_ND_OPTION = AT_ICMP6 + 24,
	AT_HBH = AT_ICMP6,
	AT_MLD = AT_HBH + 8,
	AT_MLD_GROUP = AT_MLD + 8,
	AT_MLD_NSRCS = AT_MLD + 26,

	AT_LLC = AT_BODY,
	AT_BPDU = AT_LLC + 3,
};

#endif /* VSEG_TEST_FRAMES_H */
